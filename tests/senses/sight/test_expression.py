"""An expression model is used as its manifest asks, or refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from robot.config import InferenceSettings
from robot.errors import ModelRefused
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model
from robot.senses.sight.expression import ExpressionReader

STRIPES = Path(__file__).resolve().parents[2] / "inference" / "data" / "stripes" / "1.0.0"
"""A small real model that tells stripes apart on 12x12 crops, with an expression model's manifest."""


def stripes(horizontal: bool) -> np.ndarray:
    wave = np.where(np.arange(12) // 2 % 2 == 0, 204, 51).astype(np.uint8)
    picture = np.tile(wave[:, None], (1, 12))
    return picture if horizontal else picture.T.copy()


@pytest.fixture
def altered(tmp_path):
    """Loads the model with its manifest changed."""

    def load(change=None) -> Model:
        directory = shutil.copytree(STRIPES, tmp_path / "1.0.0", dirs_exist_ok=True)
        manifest = json.loads((directory / "manifest.json").read_text())
        if change is not None:
            change(manifest)
        (directory / "manifest.json").write_text(json.dumps(manifest))
        return Model.load(directory, InferenceSettings())

    return load


def test_grey_crops_become_the_percept_that_the_manifest_promises(altered):
    reader = ExpressionReader(altered())

    seen = reader.judge(stripes(horizontal=True), 0.6)

    assert (seen.label, seen.quality) == ("horizontal", 0.6)
    assert seen.valence > 0.2
    assert reader.judge(stripes(horizontal=False), 0.6).label == "vertical"
    assert sum(seen.probabilities.values()) == pytest.approx(1.0, abs=1e-3)


def test_the_crop_is_framed_as_the_manifest_says(altered):
    def wider(manifest):
        manifest["input"]["preprocessing"]["side_per_box"] = 1.5

    framing = ExpressionReader(altered(wider)).framing

    assert (framing.size_px, framing.side_per_box, framing.raise_sides) == (12, 1.5, 0.068)


def test_the_same_crop_gives_the_same_percept(altered):
    reader = ExpressionReader(altered())

    assert reader.judge(stripes(True), 0.5) == reader.judge(stripes(True), 0.5)


def of_voice(manifest):
    manifest["task"] = "voice_tone"


def in_colour(manifest):
    manifest["input"]["preprocessing"]["colour"] = "rgb"


def by_landmarks(manifest):
    manifest["input"]["preprocessing"] = {"kind": "landmarks"}


def without_std(manifest):
    manifest["input"]["preprocessing"]["std"] = 0


def other_side(manifest):
    manifest["input"]["preprocessing"]["size_px"] = 48


@pytest.mark.parametrize("change", [of_voice, in_colour, by_landmarks, without_std, other_side])
def test_a_model_that_asks_for_something_else_is_refused_in_one_line(altered, change):
    with pytest.raises(ModelRefused) as refused:
        ExpressionReader(altered(change))
    assert "1.0.0" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_factory_model_keeps_its_contract():
    reader = ExpressionReader(Model.load(find_model("face_expression", factory_models()), InferenceSettings()))
    reader.model.self_test()

    seen = reader.judge(np.random.default_rng(1).integers(0, 256, (48, 48)).astype(np.uint8), 1.0)

    assert {"neutral", "happiness", "surprise", "sadness", "anger", "fear"} <= set(seen.probabilities)
