"""The real BlazeFace networks find faces where they are."""

import csv

import numpy as np
import pytest
from PIL import Image

from robot.config import InferenceSettings
from robot.errors import ModelRefused
from robot.inference.carriers import read_carried
from robot.inference.interpreter import open_interpreter
from robot.senses.sight.blazeface import FULL_RANGE, SHORT_RANGE
from robot.senses.sight.detector import AnchorNetwork, FaceDetector
from robot.senses.sight.letterbox import letterbox

WHOLE = (320.0, 240.0, 200.0, 0.0)


@pytest.mark.parametrize("place", [WHOLE, (150.0, 120.0, 120.0, 0.0), (480.0, 300.0, 90.0, 0.0)])
def test_a_face_is_found_where_it_is(detector, scene, place):
    x, y, height, _ = place

    (face,) = detector.find(scene([place]))

    left, top, width, tall = face.box
    assert left + width / 2 == pytest.approx(x / 640, abs=0.15 * height / 640)
    assert top + tall / 2 == pytest.approx(y / 480, abs=0.15 * height / 480)
    assert 0.6 * height < width * 640 < 1.2 * height
    assert face.score >= 0.6


def test_the_points_lie_as_on_a_face(detector, scene):
    (face,) = detector.find(scene([WHOLE]))
    left_eye, right_eye, nose, mouth, left_ear, right_ear = face.points

    assert left_ear[0] < left_eye[0] < nose[0] < right_eye[0] < right_ear[0]
    assert left_eye[1] < nose[1] < mouth[1]


@pytest.mark.parametrize("roll", [-25.0, 25.0])
def test_a_tilted_head_tilts_the_eyes_the_same_way(detector, scene, roll):
    (face,) = detector.find(scene([(320, 240, 200, roll)]))
    (_, left_y), (_, right_y) = face.points[:2]

    assert (right_y > left_y) == (roll > 0)


def test_several_faces_are_found(detector, scene):
    faces = detector.find(scene([(110, 200, 130, 0), (320, 240, 160, 0), (530, 200, 130, 0)]))

    assert sorted(round((face.box[0] + face.box[2] / 2) * 640, -2) for face in faces) == [100, 300, 500]


@pytest.mark.parametrize("size", [(160, 120), (640, 480), (480, 640), (1920, 1080)])
def test_the_place_does_not_depend_on_the_size_of_the_picture(detector, scene, size):
    width, height = size
    unit = min(width, height)

    (face,) = detector.find(scene([(width / 2, height / 2, 0.5 * unit, 0)], size))

    assert face.box[0] + face.box[2] / 2 == pytest.approx(0.5, abs=0.05)
    assert face.box[1] + face.box[3] / 2 == pytest.approx(0.5, abs=0.1)


def test_a_bare_wall_noise_and_stripes_hold_no_face(detector, scene):
    rng = np.random.default_rng(3)

    assert detector.find(scene([])) == ()
    assert detector.find(rng.integers(0, 256, (480, 640, 3)).astype(np.uint8)) == ()
    stripes = np.repeat((np.arange(640) // 20 % 2 * 255).astype(np.uint8)[None, :, None], 480, 0).repeat(3, 2)
    assert detector.find(stripes) == ()


def test_both_networks_agree_about_a_face_in_the_same_frame(scene):
    picture = scene([WHOLE])
    far, near = (
        AnchorNetwork.open(variant, InferenceSettings(), 0.6).find(picture)[0] for variant in (FULL_RANGE, SHORT_RANGE)
    )

    assert near.box == pytest.approx(far.box, abs=0.03)


class Blind:
    """A network that finds nothing."""

    def find(self, pixels):
        return ()


def test_the_short_range_is_asked_only_for_a_face_that_fills_the_picture(scene):
    near = AnchorNetwork.open(SHORT_RANGE, InferenceSettings(), 0.6)
    both = FaceDetector(Blind(), near)

    assert len(both.find(scene([(320, 240, 400, 0)]))) == 1
    small = scene([(320, 240, 120, 0)])
    assert len(near.find(small)) == 1
    assert both.find(small) == ()


def test_another_network_in_its_place_is_refused():
    other = open_interpreter(read_carried(SHORT_RANGE.file), InferenceSettings())

    with pytest.raises(ModelRefused, match="not those of this network"):
        AnchorNetwork(FULL_RANGE, other, 0.6)


def test_letterboxing_keeps_proportions_and_maps_back():
    wide = np.full((100, 200, 3), 255, np.uint8)

    square, placement = letterbox(wide, 192)

    assert square.shape == (1, 192, 192, 3)
    assert (square.min(), square.max()) == (-1.0, 1.0)
    assert (square[0, :48] == -1).all()
    assert (square[0, 48:144] == 1).all()
    corners = placement.to_picture(np.array([[0.0, 0.25], [1.0, 0.75]], np.float32))
    assert corners == pytest.approx(np.array([[0, 0], [1, 1]]), abs=1e-6)


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Intersection over union of two boxes as (left, top, right, bottom)."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or tall <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * tall / (areas - wide * tall)


def photo_rows(root):
    with (root / "face" / "photos.csv").open() as file:
        return list(csv.DictReader(file))


def load(root, name: str) -> np.ndarray:
    return np.asarray(Image.open(root / "face" / "photos" / name).convert("RGB"))


@pytest.mark.data
def test_every_photographed_person_is_found_once_in_the_right_place(detector, labelled_data):
    overlaps = []
    for row in photo_rows(labelled_data):
        if row["set"] == "rainbow" or row["file"].startswith("rainbow"):
            continue
        pixels = load(labelled_data, row["file"])
        faces = detector.find(pixels)
        assert len(faces) == 1, row["file"]
        left, top, width, height = faces[0].box
        tall, wide = pixels.shape[:2]
        found = (left * wide, top * tall, (left + width) * wide, (top + height) * tall)
        overlaps.append(overlap(found, tuple(float(row[key]) for key in ("x0", "y0", "x1", "y1"))))

    assert len(overlaps) == 106
    assert min(overlaps) > 0.7
    assert np.median(overlaps) > 0.85


@pytest.mark.data
def test_no_flower_or_fish_is_a_person(detector, labelled_data):
    found = {
        row["file"]: len(detector.find(load(labelled_data, row["file"])))
        for row in photo_rows(labelled_data)
        if row["file"].startswith("rainbow")
    }

    assert len(found) == 18
    assert not any(found.values()), found


@pytest.mark.data
def test_few_everyday_things_are_taken_for_a_face(detector, labelled_data):
    with np.load(labelled_data / "face" / "nonface" / "objects.npz") as archive:
        pictures = next(archive[name] for name in archive.files if archive[name].ndim == 3)
    faces = sum(len(detector.find(np.repeat(picture[..., None], 3, axis=2))) > 0 for picture in pictures)

    assert len(pictures) >= 300
    assert faces <= 0.03 * len(pictures)


@pytest.mark.data
@pytest.mark.parametrize("share", [1.0, 1.15, 1.4])
def test_a_face_that_fills_the_picture_is_found(detector, labelled_data, share):
    found = 0
    rows = [row for row in photo_rows(labelled_data) if row["file"].startswith("london")][::7]
    for row in rows:
        x0, y0, x1, y1 = (float(row[key]) for key in ("x0", "y0", "x1", "y1"))
        half, x, y = share * (x1 - x0) / 2, (x0 + x1) / 2, (y0 + y1) / 2
        crop = Image.fromarray(load(labelled_data, row["file"])).crop((x - half, y - half, x + half, y + half))
        found += len(detector.find(np.asarray(crop.resize((480, 480))))) == 1

    assert found >= 0.9 * len(rows)
