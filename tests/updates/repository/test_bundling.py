"""What is not fit to be published is refused, in one line that names the file and what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from robot.errors import ConfigError, ModelRefused
from robot.inference.store import factory_models, find_model
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.repository.policy import TEMPLATE, Policy, Terms, read_policy
from tests.updates.bundles import model_files, write_model
from tests.updates.world import NOW_S

FACE = find_model("face_expression", factory_models())
METRICS = json.loads((FACE / "manifest.json").read_text())["metrics"]
SHOWN = {metric["name"]: metric["value"] for metric in reversed(METRICS)}
"""The first figure of each name counts."""


def refused(directory: Path, conditions: Conditions | None = None) -> str:
    with pytest.raises(ModelRefused) as error:
        bundle_model(directory, NOW_S, conditions or Conditions())
    said = str(error.value)
    assert "\n" not in said
    assert str(directory) in said
    return said


@pytest.mark.parametrize("task", ["face_expression", "voice_tone"])
def test_what_ships_is_fit_to_be_published(task: str):
    model = bundle_model(find_model(task, factory_models()), NOW_S, Conditions())
    assert {"manifest.json", "model.tflite", "golden.npz", "card.md"} <= set(model.bundle.files)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"terms": " "}, "manifest.json: `terms` is empty; say what holds"),
        ({"licence": ""}, "manifest.json: `licence` is empty; say what holds"),
        ({"golden": None}, "manifest.json: has no golden vectors; record inputs and outputs"),
        ({"metrics": []}, "manifest.json: has no metrics; measure it on data it never saw"),
        ({"min_metrics": {"accuracy": 1.1}}, "at least 1.1 is asked; train it again"),
        ({"min_metrics": {"fairness": 0.1}}, "fairness was not measured, at least 0.1 is asked; measure it"),
        ({"min_metrics": "high"}, "map metrics to numbers"),
    ],
)
def test_what_people_must_know_is_asked_for(tmp_path: Path, changed: dict[str, Any], says: str):
    assert says in refused(write_model(tmp_path, "1.1.0", model_files("1.1.0", **changed)))


def without_card(directory: Path) -> None:
    manifest = json.loads((directory / "manifest.json").read_text())
    del manifest["sha256"]["card.md"]
    (directory / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (without_card, "card.md: missing or not in manifest.json; write it and add its sha256"),
        (lambda directory: (directory / "card.md").unlink(), "card.md: missing"),
        (lambda directory: (directory / "golden.npz").write_bytes(b""), "golden.npz: altered"),
        (lambda directory: (directory / "model.tflite").write_bytes(b"x"), "model.tflite: 1 bytes"),
        (lambda directory: (directory / "manifest.json").write_text("{"), "manifest.json: not JSON"),
        (lambda directory: (directory / "manifest.json").unlink(), "manifest.json: missing; name a model directory"),
    ],
)
def test_a_damaged_directory_is_refused(tmp_path: Path, damage: Callable[[Path], None], says: str):
    directory = write_model(tmp_path, "1.1.0")
    damage(directory)
    assert says in refused(directory)


def test_a_folder_that_is_none_is_said_to_be(tmp_path: Path):
    assert "no such folder; name a model directory" in refused(tmp_path / "nowhere")


def test_a_figure_below_the_publishers_own_minimum_is_refused():
    bundle_model(FACE, NOW_S, Conditions(least={"accuracy": 0.5}))
    assert f"accuracy is {SHOWN['accuracy']}, at least 0.99 is asked" in refused(
        FACE, Conditions(least={"accuracy": 0.99})
    )


def test_the_policy_binds_only_the_model_it_names():
    policy = Policy(least={"face_expression": {"accuracy": 0.9}, "voice_tone": {"accuracy": 0.99}})
    assert "at least 0.9 is asked" in refused(FACE, Conditions(policy=policy))
    bundle_model(FACE, NOW_S, Conditions(policy=Policy(least={"voice_tone": {"accuracy": 0.99}})))


def test_a_figure_above_its_bound_is_refused():
    policy = Policy(most={"face_expression": {"calibration_error": 0.01}})
    assert f"calibration_error is {SHOWN['calibration_error']}, at most 0.01 is asked" in refused(
        FACE, Conditions(policy=policy)
    )


def test_terms_that_the_policy_does_not_want_are_refused():
    voice = find_model("voice_tone", factory_models())
    said = refused(voice, Conditions(policy=Policy(terms=Terms(("Non-Commercial",)))))
    assert "which policy.toml refuses; train on other data" in said


def test_a_minimum_version_above_its_own_is_refused():
    assert "give a lower --min-version" in refused(FACE, Conditions(min_version="9.0.0"))


def test_the_policy_that_init_writes_demands_nothing_and_is_read(tmp_path: Path):
    assert read_policy(tmp_path) == Policy()
    (tmp_path / "policy.toml").write_text(TEMPLATE)
    assert read_policy(tmp_path) == Policy()
    (tmp_path / "policy.toml").write_text(TEMPLATE.replace("# [", "[").replace("# acc", "acc").replace("# cal", "cal"))
    assert read_policy(tmp_path).least["face_expression"] == {"accuracy": 0.80}


@pytest.mark.parametrize("text", ["[least", "[least]\nface_expression = 3", "[leest.x]\ny = 1", b"\xff\xfe"])
def test_a_policy_that_is_wrong_is_said_to_be(tmp_path: Path, text: str | bytes):
    (tmp_path / "policy.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError, match=r"policy\.toml: "):
        read_policy(tmp_path)
