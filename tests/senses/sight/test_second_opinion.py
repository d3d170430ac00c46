"""A smile seen twice is surer, one that the lips deny less sure; and only where feelings may be read at all."""

import numpy as np
import pytest

from hardware.clock import SteppedClock
from hardware.ports import Frame
from hardware.virtual.media import read_picture
from robot.config import Config, InferenceSettings, SightSettings
from robot.inference.classify import percept
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model
from robot.messages import Intensities
from robot.perception import build_sight
from robot.scenario.percepts import regard
from robot.senses.sight.expression import ExpressionReader
from robot.senses.sight.second_opinion import AGAINST, FRESH_S, evidence
from robot.simulator.sample_scene import SAMPLE_FOLDER


def seen(smile: float, t_s: float = 1.0, quality: float = 1.0):
    plain = regard(t_s, quality=quality)
    return type(plain)(
        **{name: getattr(plain, name) for name in plain.__struct_fields__ if name != "intensities"},
        intensities=Intensities(smile, 0.0, 0.0, 0.0),
    )


def for_happiness(smile: float, side_px: float = 150.0, **how: float) -> float:
    return evidence(seen(smile, **how), 1.0, side_px).get("happiness", 0.0)


def test_a_broad_smile_speaks_for_happiness_and_none_against_within_bounds():
    assert for_happiness(0.8) > 3
    assert for_happiness(0.0) == pytest.approx(AGAINST)
    assert for_happiness(0.0) < for_happiness(0.1) < for_happiness(0.5) < for_happiness(1.0) < 8


def test_small_or_hardly_visible_faces_are_believed_less():
    assert for_happiness(0.8, side_px=40.0) == 0.0
    assert 0 < for_happiness(0.8, side_px=70.0) < for_happiness(0.8)
    assert for_happiness(0.8, quality=0.5) == pytest.approx(for_happiness(0.8) / 2)


def test_what_is_old_or_not_known_says_nothing():
    assert evidence(None, 1.0, 150.0) == {}
    assert evidence(regard(1.0), 1.0, 150.0) == {}
    assert evidence(seen(0.9), 1.0 + FRESH_S + 0.1, 150.0) == {}
    assert evidence(seen(0.9), 0.5, 150.0) == {}


@pytest.fixture(scope="module")
def reader() -> ExpressionReader:
    return ExpressionReader(Model.load(find_model("face_expression", factory_models()), InferenceSettings()))


def test_agreement_makes_surer_and_disagreement_less_sure(reader):
    manifest = reader.model.manifest
    logits = np.array([1.0, 1.5, 0, 0, 0, 0, 0, 0], np.float32)
    alone = percept(logits, manifest, 1.0)
    agreed = percept(logits, manifest, 1.0, {"happiness": 2.0})
    denied = percept(logits, manifest, 1.0, {"happiness": -1.5})
    assert alone.label == agreed.label == "happiness"
    assert agreed.confidence > alone.confidence > denied.probabilities["happiness"]
    assert denied.label == "neutral"
    assert agreed.valence > alone.valence > denied.valence
    assert sum(agreed.probabilities.values()) == pytest.approx(1.0, abs=0.001)


def smile_of(reader, settings: SightSettings) -> float:
    sight = build_sight(Config(sight=settings), lambda: reader, SteppedClock())
    portrait = read_picture(SAMPLE_FOLDER / "portrait.jpg")
    happy = 0.0
    for index in range(3):
        (face, *_) = sight.see(Frame(index, index / 15, portrait), None).faces
        happy = face.expression.probabilities["happiness"]
        sight.look_closer(1.0)
    return happy


def test_through_the_whole_sight_a_real_smile_is_surer_with_it(reader):
    alone = smile_of(reader, SightSettings(attention_per_s=0, hands_per_s=0))
    assert smile_of(reader, SightSettings(hands_per_s=0)) >= alone
