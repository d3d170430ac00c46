"""Clips, folds and weights, and the changes that make clips live-like."""

import numpy as np
import pytest

from tools.train import voice_augment, voice_data
from tools.train.paths import DataAbsentError
from tools.train.voice_augment import VoiceChanges


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def speech(seconds: float, level: float = 0.1) -> np.ndarray:
    time = np.arange(round(16_000 * seconds)) / 16_000
    return (level * np.sin(2 * np.pi * 220 * time)).astype(np.float32)


def test_trimming_takes_the_silence_off_both_ends():
    silence = np.zeros(16_000, np.float32)
    trimmed = voice_data.trim(np.concatenate([silence, speech(1.0), silence]))
    assert 1.0 <= len(trimmed) / 16_000 <= 1.25


def test_trimming_keeps_a_pause_in_the_middle():
    whole = np.concatenate([speech(0.5), np.zeros(8000, np.float32), speech(0.5)])
    assert len(voice_data.trim(whole)) == len(whole)


@pytest.mark.parametrize("samples", [0, 5, 400])
def test_trimming_a_tiny_or_silent_clip_does_not_fail(samples):
    assert len(voice_data.trim(np.zeros(samples, np.float32))) <= samples


def test_level_is_gone_after_reading():
    quiet, loud = voice_data.to_int16(speech(0.1, 0.001)), voice_data.to_int16(speech(0.1, 0.9))
    assert np.abs(quiet.astype(int) - loud).max() <= 2
    assert np.all(voice_data.to_int16(np.zeros(10, np.float32)) == 0)


def speakers_of(**counts: int) -> tuple[np.ndarray, np.ndarray]:
    names = [(f"{corpus}_{i}", corpus) for corpus, count in counts.items() for i in range(count) for _ in range(3)]
    return np.array([n for n, _ in names]), np.array([c for _, c in names])


def test_no_speaker_is_in_two_folds():
    speakers, corpora = speakers_of(a=7, b=2, c=11)
    folds = voice_data.speaker_folds(speakers, corpora, 5)
    for speaker in np.unique(speakers):
        assert len(np.unique(folds[speakers == speaker])) == 1


def test_every_fold_gets_its_share_of_speakers():
    speakers, corpora = speakers_of(a=7, b=2, c=11)
    folds = voice_data.speaker_folds(speakers, corpora, 5)
    assert [len(np.unique(speakers[folds == fold])) for fold in range(5)] == [4] * 5


def test_tones_of_a_corpus_weigh_the_same_and_tess_weighs_little():
    labels = np.array([0] * 30 + [1] * 10 + [0] * 20 + [1] * 20)
    corpora = np.array(["nemo"] * 40 + ["tess"] * 40)
    weights = voice_data.clip_weights(labels, corpora)
    nemo = corpora == "nemo"
    assert weights[nemo & (labels == 0)].sum() == pytest.approx(weights[nemo & (labels == 1)].sum(), rel=1e-5)
    assert weights[~nemo].sum() == pytest.approx(weights[nemo].sum() / 5, rel=1e-5)
    assert weights.mean() == pytest.approx(1.0, rel=1e-5)


def test_absent_clips_are_said_in_one_line(tmp_path):
    with pytest.raises(DataAbsentError, match="not measured: data absent"):
        voice_data.load(tmp_path)
    with pytest.raises(DataAbsentError, match="not measured: data absent"):
        voice_data.load_noises(tmp_path)


@pytest.mark.parametrize("seconds", [0.3, 1.99, 2.0, 3.7])
def test_a_window_has_its_length_and_holds_the_speech(rng, seconds):
    found = voice_augment.window(speech(seconds), 32_000, rng)
    assert found.shape == (32_000,)
    assert np.count_nonzero(found) > 0.9 * min(32_000, 16_000 * seconds)


def test_faster_speech_is_shorter_and_higher():
    faster = voice_augment.change_speed(speech(1.0), 1.25)
    assert len(faster) == pytest.approx(16_000 / 1.25, abs=2)
    assert np.abs(np.fft.rfft(faster)).argmax() * 16_000 / len(faster) == pytest.approx(275, abs=3)


@pytest.mark.parametrize("ratio_db", [-5.0, 0.0, 20.0])
def test_mixing_keeps_the_asked_distance_of_speech_and_noise(rng, ratio_db):
    sound, noise = speech(1.0), rng.normal(0, 3, 16_000).astype(np.float32)
    added = voice_augment.mix(sound, noise, ratio_db) - sound
    assert 10 * np.log10(np.mean(sound**2) / np.mean(added**2)) == pytest.approx(ratio_db, abs=0.1)


def test_silent_noise_leaves_speech_as_it_is():
    sound = speech(0.2)
    np.testing.assert_array_equal(voice_augment.mix(sound, np.zeros_like(sound), 10.0), sound)


@pytest.mark.parametrize("make", [voice_augment.servo_whine, voice_augment.fan])
def test_made_up_noises_are_finite_and_differ_by_draw(rng, make):
    first, second = make(8000, rng), make(8000, rng)
    assert first.shape == (8000,)
    assert np.isfinite(first).all()
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("change", [voice_augment.room, voice_augment.tilt])
def test_a_room_and_a_microphone_keep_the_length(rng, change):
    found = change(speech(1.0), rng)
    assert found.shape == (16_000,)
    assert np.isfinite(found).all()
    assert found.dtype == np.float32


def test_a_live_like_window_is_the_same_for_the_same_seed():
    sound = voice_data.to_int16(speech(1.2))
    first, second = (
        voice_augment.live_like(sound, 32_000, (), np.random.default_rng(3), VoiceChanges()) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert first.shape == (32_000,)
    assert np.isfinite(first).all()
