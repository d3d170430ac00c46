"""The model of whole turns that ships: what it takes, what it refuses, and that loudness does not decide."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from robot.config import InferenceSettings
from robot.errors import InferenceError, ModelRefused
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model
from robot.messages import NO_EVENT
from robot.mind.mood_labels import VOICE_SHARES
from robot.mind.vocal_events import AFFECT
from robot.senses.hearing.words.statistics import statistics_of
from robot.senses.hearing.words.turn_tone_model import TurnToneModel
from robot.senses.hearing.words.whisper import Whisper

SHIPPED = ("voice_tone_deep",)


@pytest.fixture(params=SHIPPED)
def model(request: pytest.FixtureRequest) -> Model:
    return Model.load(find_model(request.param, factory_models()), InferenceSettings(accelerator="cpu"))


@pytest.fixture
def altered(tmp_path: Path) -> Callable[..., Model]:
    """The shipped model with something else in its manifest."""

    def load(task: str = "voice_tone", **preprocessing: Any) -> Model:
        source = find_model(SHIPPED[0], factory_models())
        directory = Path(shutil.copytree(source, tmp_path / source.parent.name / source.name))
        manifest = msgspec.json.decode((directory / "manifest.json").read_bytes())
        manifest["task"] = task
        manifest["input"]["preprocessing"] |= preprocessing
        (directory / "manifest.json").write_bytes(msgspec.json.encode(manifest))
        return Model.load(directory, InferenceSettings(accelerator="cpu"))

    return load


def test_it_tells_tones_and_events_that_the_mood_knows(model: Model) -> None:
    golden = np.load(model.files.directory / "golden.npz")["inputs"]
    told = [TurnToneModel(model).judge(statistics, 0.8) for statistics in golden]
    assert len({percept.label for percept in told}) >= 3
    for percept in told:
        assert set(percept.probabilities) <= set(VOICE_SHARES)
        assert sum(percept.probabilities.values()) == pytest.approx(1.0, abs=0.01)
        assert set(percept.events) == {NO_EVENT, *AFFECT}
        assert percept.quality == 0.8


def test_statistics_that_are_none_are_refused(model: Model) -> None:
    judge = TurnToneModel(model)
    for wrong in (np.zeros(3, np.float32), np.full(768, np.nan, np.float32)):
        with pytest.raises(InferenceError):
            judge.judge(wrong, 1.0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"task": "face_expression"}, "made for face_expression"),
        ({"kind": "log_mel"}, "asks for 'log_mel'"),
        ({"encoder_sha256": "0" * 64}, "another encoder"),
    ],
)
def test_a_model_that_takes_something_else_is_refused(
    altered: Callable[..., Model], change: dict[str, str], says: str
) -> None:
    with pytest.raises(ModelRefused, match=says):
        TurnToneModel(altered(**change))


def test_the_first_opinions_model_is_no_second_one() -> None:
    first = Model.load(find_model("voice_tone", factory_models()), InferenceSettings(accelerator="cpu"))
    with pytest.raises(ModelRefused, match="voice_tone_deep"):
        TurnToneModel(first)


@pytest.mark.parametrize("gain_db", [-20, -10, 10])
def test_a_gain_does_not_change_the_label(engines: None, say, model: Model, gain_db: int) -> None:
    judge, whisper = TurnToneModel(model), Whisper(threads=1)
    for text in ("I am so glad that you came.", "Leave me alone now.", "Nothing works any more."):
        said = say(text) * np.float32(0.3)
        plain = judge.judge(statistics_of(whisper, said), 1.0)
        other = judge.judge(statistics_of(whisper, said * np.float32(10.0 ** (gain_db / 20.0))), 1.0)
        assert other.label == plain.label
        assert other.confidence == pytest.approx(plain.confidence, abs=0.02)
