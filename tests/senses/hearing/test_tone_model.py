"""The adapter to the model: on a small real int8 model that sees 12 frames of 12 bands, and on the one that ships."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hardware.ports import Sound
from hardware.virtual.sound_file import read_sound_file
from robot.config import HearingSettings, InferenceSettings, load_config
from robot.errors import ConfigError, InferenceError, ModelRefused
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model
from robot.messages import Percept
from robot.mind.mood_labels import VOICE_SHARES
from robot.mind.vocal_events import AFFECT
from robot.senses.hearing.logmel import LogMel, LogMelParameters
from robot.senses.hearing.tone_model import ToneModel, build_ear

STRIPES = Path(__file__).resolve().parents[2] / "inference" / "data" / "stripes" / "1.0.0"
PREPROCESSING = {
    "kind": "log_mel",
    "duration_s": 0.135,
    "sample_rate_hz": 16_000,
    "window_ms": 25.0,
    "hop_ms": 10.0,
    "fft": 512,
    "bands": 12,
    "low_hz": 60.0,
    "high_hz": 7_600.0,
    "floor": 1e-9,
}
SOON = HearingSettings(tone_every_s=0.1, min_speech_s=0.05)


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Model]:
    """Load the model with other preprocessing or another task."""

    def loaded(task: str = "voice_tone", **changes: Any) -> Model:
        directory = Path(shutil.copytree(STRIPES, tmp_path / "stripes" / "1.0.0"))
        manifest = json.loads((directory / "manifest.json").read_text())
        manifest["task"] = task
        manifest["input"]["preprocessing"] = {k: v for k, v in (PREPROCESSING | changes).items() if v is not None}
        (directory / "manifest.json").write_text(json.dumps(manifest))
        return Model.load(directory, InferenceSettings(accelerator="cpu"))

    return loaded


def nats(pattern: np.ndarray) -> np.ndarray:
    """A window whose normalised values are `pattern`, about: 8 nats a unit."""
    return (np.broadcast_to(pattern, (12, 12)) * 8.0 - 12.0).astype(np.float32)


def test_frames_and_constants_come_from_the_manifest(load):
    tone = ToneModel(load(bands=12, low_hz=100.0))
    assert tone.frames == 12
    assert tone.parameters == LogMelParameters(bands=12, low_hz=100.0)


def test_the_window_reaches_the_model_the_right_way_round(load):
    tone = ToneModel(load())
    wave = np.where(np.arange(12) // 2 % 2 == 0, 0.4, -0.4)
    assert tone.judge(nats(wave[:, None]), 1.0).label == "horizontal"  # changes from frame to frame
    assert tone.judge(nats(wave[None, :]), 1.0).label == "vertical"  # changes from band to band


def test_how_loud_the_speech_is_does_not_change_the_verdict(load):
    tone = ToneModel(load())
    window = nats(np.random.default_rng(2).uniform(-0.4, 0.4, (12, 12)))
    assert tone.judge(window, 0.7) == tone.judge(window + np.float32(3.0), 0.7)
    assert tone.judge(window, 0.7).quality == 0.7


def test_a_window_that_is_not_finite_is_an_inference_error(load):
    with pytest.raises(InferenceError):
        ToneModel(load()).judge(np.full((12, 12), np.nan, np.float32), 1.0)


def test_the_duration_may_be_left_out_since_the_shape_says_it_too(load):
    assert ToneModel(load(duration_s=None)).frames == 12


def test_a_model_for_faces_is_refused(load):
    with pytest.raises(ModelRefused, match="made for face_expression, not voice_tone"):
        ToneModel(load(task="face_expression"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bands": 40}, "no window of 40 mel bands"),
        ({"kind": "mfcc"}, "asks for 'mfcc'"),
        ({"level": "loudness"}, "preprocessing.level"),
        ({"duration_s": 2.0}, "does not make 12 frames"),
        ({"duration_s": "long"}, "does not make 12 frames"),
        ({"hop_ms": None, "fft": None}, "lacks hop_ms, fft"),
        ({"hop_ms": "10"}, "input.preprocessing"),
        ({"bands": 12.5}, "input.preprocessing"),
        ({"fft": 256}, "does not fit"),
        ({"high_hz": 9_000.0}, "do not fit"),
        ({"sample_rate_hz": 32_000, "fft": 1024}, "32000 Hz"),
    ],
)
def test_preprocessing_that_does_not_fit_is_refused_in_one_line(load, changes, said):
    model = load(**changes)
    with pytest.raises(ModelRefused, match=said) as caught:
        ToneModel(model)
    assert "\n" not in str(caught.value)


def test_an_ear_built_on_a_model_gives_its_verdicts(load, reading):
    ear = build_ear(SOON, load())
    tones = [hearing.tone for hearing in ear.hear(Sound(0, 0.0, reading[:48_000]), None) if hearing.tone]
    assert len(tones) > 5
    assert {tone.label for tone in tones} <= {"horizontal", "vertical", "plain"}
    assert all(sum(tone.probabilities.values()) == pytest.approx(1.0, abs=1e-3) for tone in tones)


def test_an_ear_without_a_model_has_no_tone(reading):
    ear = build_ear(HearingSettings(), None)
    assert not any(hearing.tone for hearing in ear.hear(Sound(0, 0.0, reading), None))


def test_an_ear_that_asks_for_more_speech_than_the_model_hears_is_refused(load):
    with pytest.raises(ConfigError, match=r"hearing\.min_speech_s"):
        build_ear(HearingSettings(min_speech_s=1.0), load())


def shipped(name: str) -> Model:
    return Model.load(find_model(name, factory_models()), InferenceSettings(accelerator="cpu"))


@pytest.fixture(scope="module")
def factory_model() -> Model:
    """The model that ships."""
    return shipped("voice_tone")


@pytest.fixture(scope="module", params=["voice_tone", "voice_tone_open"])
def chosen_model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """One that a line of the configuration chooses."""
    file = tmp_path_factory.mktemp("config") / "robot.toml"
    file.write_text(f'[models]\nvoice_tone = "{request.param}"\n')
    return shipped(load_config(file).models.voice_tone)


def tones_of(model: Model, samples: np.ndarray) -> list[Percept]:
    quiet = np.zeros(8_000, np.float32)
    sound = Sound(0, 0.0, np.concatenate([quiet, samples, quiet]))
    return [hearing.tone for hearing in build_ear(HearingSettings(), model).hear(sound, None) if hearing.tone]


def test_the_model_that_ships_judges_a_reading_every_half_second(factory_model, reading):
    tones = tones_of(factory_model, reading)
    assert 10 <= len(tones) <= 14
    assert {label for tone in tones for label in tone.probabilities} == VOICE_SHARES.keys() - AFFECT.keys(), (
        "no sound without words"
    )
    assert all(tone.quality > 0.8 for tone in tones)
    # Somebody reads a novel aloud, gravely: it may sound sad, but never surely like anything excited.
    assert {tone.label for tone in tones if not tone.unsure} <= {"neutral", "calm", "bored", "sad"}
    assert sum(tone.arousal for tone in tones) < 0.1 * len(tones)


def test_the_model_that_ships_gets_the_window_it_was_made_for(factory_model, reading):
    """The last verdict through the ear is that on the same two seconds, computed in one go."""
    samples = reading[: 2 * 16_000 + 512 * 20]
    heard = build_ear(HearingSettings(tone_every_s=0.0), factory_model).hear(Sound(0, 0.0, samples), None)
    end = len(heard) * 1_024
    tone = ToneModel(factory_model)
    frames = LogMel(tone.parameters).frames(samples[:end])[-tone.frames :]
    assert heard[-1].tone is not None
    assert heard[-1].tone.probabilities == pytest.approx(tone.judge(frames, 1.0).probabilities, abs=0.02)


@pytest.mark.parametrize("gain_db", [-20.0, -10.0, 5.0, 10.0])
def test_the_label_does_not_change_when_the_gain_does(chosen_model, reading, gain_db):
    tone = ToneModel(chosen_model)
    mel = LogMel(tone.parameters)
    # So that 10 dB more do not clip.
    samples = reading * np.float32(0.3 / np.abs(reading).max())
    plain, changed = mel.frames(samples), mel.frames(samples * np.float32(10.0 ** (gain_db / 20.0)))
    for end in range(tone.frames, len(plain), tone.frames // 2):
        window = slice(end - tone.frames, end)
        before, after = tone.judge(plain[window], 1.0), tone.judge(changed[window], 1.0)
        assert after.label == before.label
        assert after.probabilities == pytest.approx(before.probabilities, abs=0.05)


@pytest.mark.data
def test_anger_sounds_more_aroused_than_sadness_through_the_whole_ear(factory_model, labelled_data):
    """The wiring, not the model's quality: it was trained on most of these speakers."""
    with (labelled_data / "voice" / "voice.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] == "ravdess" and row["kind"] == "speech"]
    arousal: dict[str, list[float]] = {"angry": [], "sad": []}
    for label, found in arousal.items():
        for row in [row for row in rows if row["coarse"] == label][::24]:
            samples = read_sound_file(labelled_data / "voice" / row["file"]).samples
            found += [tone.arousal for tone in tones_of(factory_model, samples)]
    assert min(len(found) for found in arousal.values()) >= 8
    assert np.mean(arousal["angry"]) > np.mean(arousal["sad"]) + 0.2
