"""Model directories are found by name, and every byte used is one whose hash was checked."""

import os
import shutil

import pytest

from robot.config import ModelSettings
from robot.errors import ModelRefused
from robot.inference.store import MAX_FILE_BYTES, factory_models, find_model, read_model_files, second_opinion


def test_an_id_means_its_highest_version_by_number_not_by_spelling(models, stripes):
    for version in ("0.9.9", "1.9.0", "1.10.0", "1.10.0-draft", "notes"):
        shutil.copytree(stripes, models / "stripes" / version)

    assert find_model("stripes", models).name == "1.10.0"


def test_id_and_version_or_a_path_name_a_directory(models, stripes, monkeypatch):
    assert find_model("stripes/1.0.0", models) == stripes
    assert find_model(str(stripes), models) == stripes
    monkeypatch.chdir(models.parent)
    assert find_model("models/stripes/1.0.0", models).samefile(stripes)


@pytest.mark.parametrize("reference", ["zebra", "stripes/2.0.0", "stripes/1.0", "", ".", "/nowhere", "stripes/1.0.0/x"])
def test_what_is_not_there_is_refused_naming_what_is(models, reference):
    with pytest.raises(ModelRefused, match="stripes") as refused:
        find_model(reference, models)
    assert "\n" not in str(refused.value)


def test_a_folder_where_the_robot_is_started_replaces_no_model_of_its_own(models, stripes, tmp_path, monkeypatch):
    shutil.copytree(stripes, tmp_path / "stripes")
    monkeypatch.chdir(tmp_path)

    assert find_model("stripes", models) == stripes


def test_an_empty_folder_says_how_to_get_models(tmp_path):
    with pytest.raises(ModelRefused, match="bash tools/setup"):
        find_model("face_expression", tmp_path)


def test_an_unfinished_version_is_passed_over(models):
    (models / "stripes" / "2.0.0").mkdir()

    assert find_model("stripes", models).name == "1.0.0"


def test_the_factory_models_lie_beside_the_robot():
    assert factory_models().name == "models"
    assert (factory_models().parent / "robot" / "inference").is_dir()


def test_the_files_are_read_once_and_kept(stripes):
    files = read_model_files(stripes)
    model = (stripes / "model.tflite").read_bytes()
    (stripes / "model.tflite").write_bytes(b"changed after the check")

    assert files.model == model
    assert files.golden[:2] == b"PK"
    assert files.edgetpu_model is None


@pytest.mark.parametrize("name", ["model.tflite", "golden.npz", "card.md", "manifest.json"])
def test_a_missing_file_is_named(stripes, name):
    (stripes / name).unlink()

    with pytest.raises(ModelRefused, match=f"{name}: missing") as refused:
        read_model_files(stripes)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["model.tflite", "golden.npz", "card.md"])
@pytest.mark.parametrize("place", [0, 0.5, -1])
def test_one_flipped_bit_anywhere_is_found(stripes, name, place):
    content = bytearray((stripes / name).read_bytes())
    content[int(place * len(content)) if place >= 0 else -1] ^= 1
    (stripes / name).write_bytes(content)

    with pytest.raises(ModelRefused, match=f"{name}: altered"):
        read_model_files(stripes)


@pytest.mark.parametrize("left", [0, 1, 1000])
def test_a_model_cut_short_says_how_much_is_there(stripes, left):
    content = (stripes / "model.tflite").read_bytes()
    (stripes / "model.tflite").write_bytes(content[:left])

    with pytest.raises(ModelRefused, match=f"{left} bytes, its manifest says {len(content)}"):
        read_model_files(stripes)


def test_a_folder_in_place_of_a_file_is_refused(stripes):
    (stripes / "card.md").unlink()
    (stripes / "card.md").mkdir()

    with pytest.raises(ModelRefused, match=r"card\.md: cannot be read"):
        read_model_files(stripes)


def test_a_huge_file_is_refused_before_it_is_read(stripes):
    with (stripes / "model.tflite").open("r+b") as file:
        os.truncate(file.fileno(), MAX_FILE_BYTES + 1)  # sparse: takes no room on the disk

    with pytest.raises(ModelRefused, match="larger than"):
        read_model_files(stripes)


@pytest.mark.parametrize(
    ("voice_tone", "second"),
    [
        ("voice_tone", "voice_tone_deep"),
        ("voice_tone/0.3.0", "voice_tone_deep"),
        ("voice_tone_open", "voice_tone_open_deep"),
        ("my_own", ""),
        ("/somewhere/voice_tone", ""),
    ],
)
def test_the_second_opinion_on_voices_learned_from_the_same_data_as_the_first(voice_tone, second):
    assert second_opinion(ModelSettings(voice_tone=voice_tone)) == second


@pytest.mark.parametrize("named", ["", "my_own/1.0.0"])
def test_a_second_opinion_that_is_named_or_switched_off_stays_so(named):
    assert second_opinion(ModelSettings(voice_tone_deep=named)) == named
