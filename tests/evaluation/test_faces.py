"""Labelled faces: what is taken, what is refused with one line, and what the shipped model makes of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from robot.cli.main import main
from robot.errors import EvaluationError
from robot.evaluation.faces import read_faces
from robot.inference.store import factory_models, find_model

RNG_SEED = 4
ANY = np.random.default_rng(RNG_SEED).integers(0, 255, (24, 48, 48), dtype=np.uint8)
LABELS = np.arange(24) % 4


def saved(folder: Path, **arrays: object) -> Path:
    path = folder / "faces.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def test_names_and_numbers_mean_the_same_label(tmp_path: Path) -> None:
    numbers = read_faces(saved(tmp_path, images=ANY[:2], label=np.array([1, 6])))
    names = read_faces(saved(tmp_path, images=ANY[:2], label=np.array(["happiness", "fear"])))
    assert numbers.labels.tolist() == names.labels.tolist() == [1, 6]


def test_rows_without_a_label_are_left_out(tmp_path: Path) -> None:
    assert read_faces(saved(tmp_path, images=ANY[:3], label=np.array([-1, 2, -1]))).labels.tolist() == [2]


def test_of_fer2013_only_the_private_test_is_measured(tmp_path: Path) -> None:
    usage, majority = np.array([0, 1, 2, 2]), np.array([0, 1, 2, -1])
    faces = read_faces(saved(tmp_path, images=ANY[:4], usage=usage, ferplus_majority=majority))
    assert faces.labels.tolist() == [2]


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"images": ANY}, "lacks the array label"),
        ({"label": LABELS}, "lacks the array images"),
        ({"images": ANY.astype(np.float32), "label": LABELS}, "must be grey uint8"),
        ({"images": np.zeros((24, 48, 48, 3), np.uint8), "label": LABELS}, "must be grey uint8"),
        ({"images": np.zeros((24, 4, 4), np.uint8), "label": LABELS}, "at least 8 px"),
        ({"images": ANY, "label": LABELS[:3]}, "one a picture"),
        ({"images": ANY, "label": np.full(24, 9)}, "whole numbers -1..7"),
        ({"images": ANY, "label": np.full(24, "bored")}, "'bored' is unknown"),
        ({"images": ANY, "label": np.full(24, -1)}, "no picture has a label"),
        ({"images": ANY[:0], "label": LABELS[:0]}, "no picture has a label"),
    ],
)
def test_a_wrong_array_gets_one_line(arrays: dict[str, np.ndarray], says: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=says):
        read_faces(saved(tmp_path, **arrays))


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_npz_gets_one_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "faces.npz").write_bytes(content)
    with pytest.raises(EvaluationError, match="not a readable"):
        read_faces(tmp_path / "faces.npz")


def test_an_npz_of_python_objects_is_not_unpacked(tmp_path: Path) -> None:
    path = saved(tmp_path, images=ANY, label=np.array([{"a": 1}] * 24, dtype=object))
    with pytest.raises(EvaluationError, match="not a readable"):
        read_faces(path)


def test_absent_data_is_said_and_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAPPORT_DATA", str(tmp_path))
    assert main(["models", "evaluate", "face_expression"]) == 2
    assert "not measured: data absent" in capsys.readouterr().err


def test_the_command_tells_every_figure_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, images=ANY, label=LABELS, person=np.repeat(["a", "b", "c"], 8))
    assert main(["models", "evaluate", "face_expression", "--data", str(path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    figures = shown["figures"]
    assert figures["n"] == 24
    assert sum(map(sum, figures["confusion"])) == 24
    assert set(figures["recall"]) == {"neutral", "happiness", "surprise", "sadness"}
    assert figures["coverage"]["1"] == figures["accuracy"]["value"]


def test_pictures_of_another_size_are_brought_to_the_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large = saved(tmp_path, images=np.repeat(np.repeat(ANY[:6], 2, 1), 2, 2), label=LABELS[:6])
    main(["models", "evaluate", "face_expression", "--data", str(large), "--json"])
    shrunk = json.loads(capsys.readouterr().out)["figures"]["confusion"]
    main(
        [
            "models",
            "evaluate",
            "face_expression",
            "--data",
            str(saved(tmp_path, images=ANY[:6], label=LABELS[:6])),
            "--json",
        ]
    )
    assert shrunk == json.loads(capsys.readouterr().out)["figures"]["confusion"]


@pytest.mark.data
def test_it_gives_the_figure_on_the_card(labelled_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = labelled_data / "face" / "fer2013_ferplus.npz"
    assert main(["models", "evaluate", "face_expression", "--data", str(path), "--json"]) == 0
    accuracy = json.loads(capsys.readouterr().out)["figures"]["accuracy"]["value"]
    manifest = json.loads(find_model("face_expression", factory_models()).joinpath("manifest.json").read_text())
    assert accuracy == pytest.approx(manifest["metrics"][0]["value"], abs=0.002)
