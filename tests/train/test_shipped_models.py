"""The models in the repository keep what their manifests promise."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from robot.inference.edgetpu_operations import operations, unmapped
from tools.train.float32_file import opened
from tools.train.package import GOLDEN_TOLERANCE_LSB, LARGEST_BYTES, LEAST_GOLDEN_KINDS

pytest.importorskip("ai_edge_litert", reason="LiteRT is absent")

MODELS = Path(__file__).resolve().parents[2] / "models"
FOLDERS = sorted(path.parent for path in MODELS.glob("*/*/manifest.json"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.parent.name)
def folder(request):
    return request.param


@pytest.fixture
def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_every_model_is_there():
    voices = {"voice_tone", "voice_tone_open", "voice_tone_deep", "voice_tone_open_deep"}
    assert {"face_expression", *voices} <= {folder.parent.name for folder in FOLDERS}


def test_hashes_and_size_are_those_of_the_files(folder, manifest):
    assert set(manifest["sha256"]) >= {"model.tflite", "golden.npz", "card.md"}
    assert {path.name for path in folder.iterdir()} == {*manifest["sha256"], "manifest.json"}
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert manifest["size_bytes"] == (folder / "model.tflite").stat().st_size <= LARGEST_BYTES


def test_golden_outputs_are_what_the_file_answers(folder, manifest):
    file = opened((folder / "model.tflite").read_bytes())
    with np.load(folder / "golden.npz") as golden:
        inputs, outputs = golden["inputs"], golden["outputs"]
    assert len(inputs) >= 16
    assert inputs.dtype == outputs.dtype == np.dtype(file.dtype)
    assert manifest["golden"]["tolerance_lsb"] == GOLDEN_TOLERANCE_LSB
    step = 1.0 if file.dtype == "int8" else manifest["output"]["scale"]
    assert np.abs(file.answer(inputs).astype(float) - outputs).max() <= GOLDEN_TOLERANCE_LSB * step
    assert len(np.unique(outputs[:, : len(manifest["output"]["labels"])].argmax(axis=1))) >= LEAST_GOLDEN_KINDS


def test_tensors_are_coded_as_the_manifest_says(folder, manifest):
    file = opened((folder / "model.tflite").read_bytes())
    for name, code in (("input", file.input), ("output", file.output)):
        said = manifest[name]
        assert (tuple(said["shape"]), said["zero_point"]) == (code.shape, code.zero_point)
        assert said["scale"] == pytest.approx(code.scale)
    low, high = manifest["input"]["value_range"]
    assert file.input.decode(file.input.encode(np.array([low, high]))) == pytest.approx([low, high], abs=0.02)


def test_every_operation_of_an_int8_file_may_map_on_an_edge_tpu(folder, manifest):
    if manifest["input"]["dtype"] == "float32":
        assert manifest["id"].endswith("_deep"), "only what is asked once a sentence may be of the processor alone"
        return
    assert unmapped(operations((folder / "model.tflite").read_bytes())) == []


def test_labels_have_a_place_in_valence_and_arousal(manifest):
    labels = manifest["output"]["labels"]
    assert set(manifest["affect"]) == set(labels)
    heads = manifest["output"].get("heads", {})
    assert manifest["output"]["shape"] == [1, len(labels) + sum(len(names) for names in heads.values())]
    assert all(-1 <= value <= 1 for place in manifest["affect"].values() for value in place)


def test_every_figure_says_on_what_and_how_surely(manifest):
    for figure in manifest["metrics"]:
        low, high = figure["interval_95"]
        least = (
            -1.0 if figure["name"] == "recall_lost" else 0.0
        )  # a hardship may help by chance; shares are never below 0
        assert least <= low <= figure["value"] <= high <= 1.0
        assert figure["n"] > 0
        assert figure["data"]
        assert figure["file"] in {"int8", "float32"}


def test_the_card_repeats_the_terms(folder, manifest):
    assert manifest["terms"] in (folder / "card.md").read_text(encoding="utf-8")
