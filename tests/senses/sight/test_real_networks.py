"""The networks for points, intensities and hands, as they come in their packages, on real pictures."""

import hashlib

import numpy as np
import pytest
from PIL import Image

from hardware.clock import SteppedClock
from hardware.ports import Frame
from hardware.virtual.media import read_picture
from robot.config import Config, InferenceSettings, load_config
from robot.errors import ModelRefused
from robot.inference.carriers import read_carried
from robot.inference.interpreter import open_interpreter
from robot.perception import build_sight
from robot.senses.sight.blendshapes import BLENDSHAPES, Blendshapes
from robot.senses.sight.hands import LANDMARKS as HAND_LANDMARKS
from robot.senses.sight.hands import HandReader
from robot.senses.sight.head_pose import eye_openings, head_pose, mouth_opening
from robot.senses.sight.landmarks import LANDMARKS, FaceLandmarks
from robot.senses.sight.palms import hand_file
from robot.simulator.sample_scene import SAMPLE_FOLDER


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    """A person who smiles at the camera."""
    return read_picture(SAMPLE_FOLDER / "portrait.jpg")


@pytest.fixture(scope="module")
def landmarks() -> FaceLandmarks:
    return FaceLandmarks.open(InferenceSettings())


def marks_of(pixels, detector, landmarks):
    (face, *_) = detector.find(pixels)
    return landmarks.read(pixels, face)


def test_the_packages_hold_the_very_networks_that_were_measured():
    expected = {
        LANDMARKS: "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5",
        BLENDSHAPES: "4f36dded049db18d76048567439b2a7f58f1daabc00d78bfe8f3ad396a2d2082",
        HAND_LANDMARKS: "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
        hand_file("hand_landmarker.task", "hand_detector.tflite"): (
            "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54"
        ),
    }
    assert {file: hashlib.sha256(read_carried(file)).hexdigest() for file in expected} == expected


def test_a_person_who_faces_the_camera_is_read_so(portrait, detector, landmarks):
    marks = marks_of(portrait, detector, landmarks)
    pose = head_pose(marks.points)
    assert marks.presence > 0.9
    assert abs(pose.pan_deg) < 15
    assert abs(pose.tilt_deg) < 20
    assert min(eye_openings(marks.points)) > 0.16
    assert 0 <= mouth_opening(marks.points) < 0.2
    assert Blendshapes.open(InferenceSettings()).read(marks).smile > 0.3


def test_mirrored_the_head_is_turned_the_other_way(portrait, detector, landmarks):
    pose = head_pose(marks_of(portrait, detector, landmarks).points)
    mirrored = head_pose(marks_of(np.ascontiguousarray(portrait[:, ::-1]), detector, landmarks).points)
    assert mirrored.pan_deg == pytest.approx(-pose.pan_deg, abs=4.0)
    assert mirrored.roll_deg == pytest.approx(-pose.roll_deg, abs=3.0)
    assert mirrored.tilt_deg == pytest.approx(pose.tilt_deg, abs=4.0)


@pytest.mark.parametrize("turn_deg", [-20, 20])
def test_a_tilted_picture_tilts_the_head_and_nothing_else(portrait, detector, landmarks, turn_deg):
    turned = Image.fromarray(portrait).rotate(-turn_deg, Image.Resampling.BICUBIC, fillcolor=(120, 120, 120))
    level = head_pose(marks_of(portrait, detector, landmarks).points)
    pose = head_pose(marks_of(np.asarray(turned), detector, landmarks).points)
    assert pose.roll_deg - level.roll_deg == pytest.approx(turn_deg, abs=5.0)
    assert pose.pan_deg == pytest.approx(level.pan_deg, abs=8.0)


def test_a_drawn_face_has_its_points_on_it(scene, detector, landmarks):
    marks = marks_of(scene([(320, 240, 200, 0)]), detector, landmarks)
    middle = marks.points[:, :2].mean(axis=0)
    assert middle.tolist() == pytest.approx([320, 240], abs=40)


def test_a_picture_without_a_hand_holds_none(scene):
    assert HandReader.open(InferenceSettings()).find(scene([(320, 240, 200, 0)])) is None


def test_one_network_is_not_taken_for_another():
    settings = InferenceSettings()
    wrong = open_interpreter(read_carried(BLENDSHAPES), settings)
    with pytest.raises(ModelRefused, match="bash tools/setup"):
        FaceLandmarks(wrong)
    with pytest.raises(ModelRefused, match="bash tools/setup"):
        HandReader(None, wrong, wrong, wrong)
    with pytest.raises(ModelRefused, match="bash tools/setup"):
        Blendshapes(open_interpreter(read_carried(HAND_LANDMARKS), settings))


def test_the_whole_sight_sees_that_it_is_looked_at(portrait):
    sight = build_sight(Config(), None, SteppedClock())
    sight.see(Frame(0, 0.0, portrait), None)
    sight.look_closer(1.0)
    (face, *_) = sight.see(Frame(1, 0.1, portrait), None).faces
    assert face.regard is not None
    assert face.regard.looking
    assert face.regard.intensities is None, "no model of expressions, no smile"


@pytest.mark.parametrize(
    ("off", "loaded"),
    [
        ("attention_per_s = 0", [HandReader]),
        ("hands_per_s = 0", [FaceLandmarks, Blendshapes]),
        ("attention_per_s = 0\nhands_per_s = 0", []),
    ],
)
def test_one_line_switches_each_off_and_then_nothing_of_it_is_loaded(monkeypatch, tmp_path, off, loaded):
    opened = []
    for reader in (FaceLandmarks, Blendshapes, HandReader):
        monkeypatch.setattr(reader, "open", lambda *_, reader=reader: opened.append(reader))
    (tmp_path / "rapport.toml").write_text(f"[sight]\n{off}\n", encoding="utf-8")
    config = load_config(tmp_path / "rapport.toml")
    sight = build_sight(config, lambda: pytest.fail("no frame was shown"), SteppedClock())
    assert opened == loaded
    assert (sight.closer is None) is (loaded == [])


@pytest.mark.parametrize("smaller", [1, 2])
def test_real_hands_of_people_who_sign_are_read(labelled_data, smaller):
    av = pytest.importorskip("av")
    reader, shapes = HandReader.open(InferenceSettings()), []
    path = labelled_data / "face" / "videos" / "intel_asl_yes.mkv"
    for index, frame in enumerate(av.open(str(path)).decode(video=0)):
        if 20 <= index <= 50 and index % 5 == 0:
            pixels = frame.to_ndarray(format="rgb24")
            hand = reader.find(pixels, np.asarray(Image.fromarray(pixels).reduce(smaller)))
            shapes.append("" if hand is None else hand.shape)
            assert hand is None or hand.right > 0.9, "he signs with his right hand"
    assert shapes.count("fist") >= 5, shapes
