"""Voices as they might reach a robot: what is done to them, to which, and that it is kept and read again."""

import numpy as np
import pytest

from tools.train.paths import DataAbsentError
from tools.train.voice_data import RATE_HZ, Clip
from tools.train.voice_hardships import LEARNED, NO_NOISE, WAYS, altered, in_room, load, main, narrow, wanted

VOICE = (0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE_HZ) / RATE_HZ)).astype(np.float32)
NOISE = np.random.default_rng(1).normal(0, 0.1, 5_000).astype(np.float32)


def band_share(sound: np.ndarray, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    return float(power[(hertz >= low_hz) & (hertz < high_hz)].sum() / power.sum())


def test_half_of_the_altered_voices_lie_in_a_noise_that_is_named_and_none_stays_as_it_was() -> None:
    heard = [altered(VOICE, [7, 9], lambda _: NOISE, np.random.default_rng(seed)) for seed in range(80)]
    in_noise = [each for each in heard if each.noise != NO_NOISE]
    assert 25 <= len(in_noise) <= 55
    assert {each.noise for each in in_noise} == {7, 9}
    assert all(len(each.sound) == len(VOICE) and np.abs(each.sound - VOICE).max() > 1e-3 for each in heard)


def test_a_narrow_voice_has_nothing_above_the_telephone_whether_in_noise_or_not() -> None:
    heard = [narrow(VOICE, [7], lambda _: NOISE, np.random.default_rng(seed)) for seed in range(20)]
    assert {each.noise for each in heard} == {7, NO_NOISE}
    assert all(band_share(each.sound, 4_000, 8_000) < 0.02 for each in heard)


def test_a_room_adds_an_echo_after_the_voice() -> None:
    click = np.zeros(RATE_HZ, np.float32)
    click[1_000] = 1.0
    heard = in_room(click, np.random.default_rng(2))
    assert heard[1_000] == pytest.approx(1.0, abs=1e-3)
    assert np.abs(heard[:1_000]).max() < 1e-4
    early, late = np.sum(heard[1_001:2_500] ** 2), np.sum(heard[6_000:7_500] ** 2)
    assert early > 10 * late > 0


def test_learned_from_are_tones_and_bursts_but_not_tess_and_measured_are_two_corpora() -> None:
    clips = [
        Clip("a", "emodb", "p", "F", "de", "speech", "sad", "none", 1.0, 1.0),
        Clip("b", "tess", "p", "F", "en", "speech", "sad", "none", 1.0, 1.0),
        Clip("c", "emogator", "p", "", "", "burst", "", "laugh", 1.0, 1.0),
        Clip("d", "nemo", "p", "F", "pl", "speech", "sad", "none", 1.0, 1.0),
        Clip("e", "noise_esc10", "p", "", "", "noise", "", "none", 1.0, 0.0),
    ]
    assert [wanted(clips, way) for way in LEARNED] == [[0, 2, 3], [0, 2, 3]]
    assert wanted(clips, "noisy") == wanted(clips, "telephone") == [0]


def test_parts_are_read_as_one_and_missing_ones_are_named(tmp_path) -> None:
    for number, way in enumerate(WAYS):
        with pytest.raises(DataAbsentError, match=f"nothing {way}"):
            load(tmp_path)
        for part in range(2):
            rows = np.full((1, 4), number + part, np.float32)
            np.savez(
                tmp_path / f"{way}_{part:03}.npz",
                files=np.array([f"{part}.wav"]),
                rows=rows,
                noises=np.array([part - 1]),
            )
    found = load(tmp_path)
    assert found.statistics["noisy"]["1.wav"].tolist() == [2.0] * 4
    assert found.noises["altered"] == {"0.wav": NO_NOISE, "1.wav": 0}


def test_without_data_it_ends_with_one_line(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setenv("RAPPORT_DATA", str(tmp_path))
    assert main(["--out", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
