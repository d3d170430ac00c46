"""Which clips are learned from, and what is left of one after reading."""

import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tools.train import voice_data, voice_protocol
from tools.train.paths import DataAbsentError
from tools.train.voice_data import Clip

HEADER = "file,dataset,speaker,sex,language,emotion,kind,emotion_raw,agreement,rms_db,active_s"
SPEECH = Clip("a.wav", "emodb", "anna", "F", "de", "speech", "sad", "none", 1.0, 1.5)


def speech(seconds: float, level: float = 0.1) -> np.ndarray:
    time = np.arange(round(16_000 * seconds)) / 16_000
    return (level * np.sin(2 * np.pi * 220 * time)).astype(np.float32)


def listed(root: Path, *rows: str) -> Path:
    (root / "voice").mkdir(exist_ok=True)
    (root / "voice" / "voice.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return root


def test_level_is_gone_after_reading():
    quiet, loud = voice_data.levelled(speech(0.1, 0.001)), voice_data.levelled(speech(0.1, 0.9))
    np.testing.assert_allclose(quiet, loud, atol=1e-4)
    assert np.all(voice_data.levelled(np.zeros(10, np.float32)) == 0)


def test_what_is_named_is_what_the_list_says(tmp_path):
    root = listed(
        tmp_path,
        "s,turev,t1,F,tr,calm,speech,calm,,-20,0.8",
        "e,emodb,e1,M,de,bored,speech,L,95,-20,2.0",
        "l,deeply_nonverbal,d1,F,,amused,burst,laughing,,-20,1.0",
        "c,deeply_nonverbal,d1,F,,none,body_sound,coughing,,-20,1.0",
        "g,emogator,g1,,,angry,burst,Anger,,-20,1.0",
        "m,emogator,g1,,,sad,burst,Sadness,,-60,1.0",
        "q,emogator,g1,,,sad,burst,Sadness,,-20,0.1",
        "k,deeply_korean,k1,F,ko,negative,speech,-1,,-20,4.0",
    )
    found = {clip.file: (clip.tone, clip.event) for clip in voice_data.read_list(root)}
    assert found == {
        "s": ("neutral", "none"),
        "e": ("bored", "none"),
        "l": ("", "laugh"),
        "c": ("", "none"),
        "k": ("", "none"),
    }
    assert next(clip.agreement for clip in voice_data.read_list(root) if clip.file == "e") == 0.95


def test_absent_clips_are_said_in_one_line(tmp_path):
    with pytest.raises(DataAbsentError, match="not measured: data absent"):
        voice_data.read_list(tmp_path)
    with pytest.raises(DataAbsentError, match="not measured: data absent"):
        voice_data.read_sound(tmp_path, SPEECH)


@pytest.mark.parametrize("content", [b"", b"this is no sound"])
def test_a_broken_clip_is_refused_in_one_line(tmp_path, content):
    pytest.importorskip("soundfile")
    (listed(tmp_path) / "voice" / "a.wav").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.wav: not a readable sound") as refused:
        voice_data.read_sound(tmp_path, SPEECH)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("rate_hz", "channels", "seconds"), [(8_000, 1, 1.0), (44_100, 1, 1.0), (16_000, 2, 1.0)])
def test_a_clip_of_another_rate_or_in_stereo_is_refused(tmp_path, rate_hz, channels, seconds):
    pytest.importorskip("soundfile")
    with wave.open(str(listed(tmp_path) / "voice" / "a.wav"), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.zeros(round(rate_hz * seconds) * channels, "<i2").tobytes())
    with pytest.raises(ValueError, match="must be 16000 Hz mono"):
        voice_data.read_sound(tmp_path, SPEECH)


def clips_of(**speakers: int) -> list[Clip]:
    return [
        replace(SPEECH, corpus=corpus, speaker=f"{corpus}_{i}", tone=tone)
        for corpus, count in speakers.items()
        for i in range(count)
        for tone in ("sad", "happy", "happy")
    ]


def test_tones_of_a_corpus_are_drawn_alike_and_tess_is_drawn_seldom():
    clips = clips_of(nemo=4, tess=4)
    chances = voice_data.tone_chances(clips)
    of = {
        (corpus, tone): sum(p for p, c in zip(chances, clips, strict=True) if (c.corpus, c.tone) == (corpus, tone))
        for corpus in ("nemo", "tess")
        for tone in ("sad", "happy")
    }
    assert of["nemo", "sad"] == pytest.approx(of["nemo", "happy"])
    assert of["tess", "sad"] == pytest.approx(of["nemo", "sad"] / 5)
    assert chances.sum() == pytest.approx(1.0)


def test_every_speaker_of_every_corpus_is_held_out_once_and_never_in_part():
    clips = clips_of(ravdess=20, emodb=8, nemo=9, turev=6, tess=2)
    runs = voice_protocol.speaker_runs(clips)
    assert len(runs) == 8
    for run in runs:
        held = {clip.speaker for clip, out in zip(clips, run.held, strict=True) if out}
        rest = {clip.speaker for clip, out in zip(clips, run.held, strict=True) if not out}
        assert held
        assert not held & rest
        assert sum(name.startswith("emodb") for name in held) == 1
        assert sum(name.startswith("ravdess") for name in held) == 4
    answered = voice_protocol.first_run(runs, len(clips))
    assert all((run >= 0) == (clip.corpus != "tess") for run, clip in zip(answered, clips, strict=True))


def test_a_corpus_left_out_is_left_out_whole():
    clips = clips_of(ravdess=2, emodb=2)
    assert [run.corpus for run in voice_protocol.corpus_runs(clips)] == ["ravdess", "emodb"]
    for run in voice_protocol.corpus_runs(clips):
        assert {clip.corpus for clip, out in zip(clips, run.held, strict=True) if out} == {run.corpus}
