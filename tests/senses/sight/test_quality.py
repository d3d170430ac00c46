"""Quality falls with what makes a face hard to read, and with nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from robot.senses.sight.blazeface import Detection
from robot.senses.sight.crop import face_crop
from robot.senses.sight.quality import face_quality


def front(x: float = 0.5, y: float = 0.5, side: float = 0.3, turn: float = 0.0, nod: float = 0.0) -> Detection:
    """A face in a square picture; `turn` and `nod` move the nose, in eye distances and shares of eyes to mouth."""
    eyes = 0.4 * side
    eye_y, mouth_y = y - 0.15 * side, y - 0.15 * side + eyes
    points = (
        (x - eyes / 2, eye_y),
        (x + eyes / 2, eye_y),
        (x + turn * eyes, eye_y + (0.5 + nod) * eyes),
        (x, mouth_y),
        (x - 0.4 * side, y),
        (x + 0.4 * side, y),
    )
    return Detection((x - side / 2, y - side / 2, side, side), 0.9, points)


@pytest.fixture(scope="module")
def crop() -> np.ndarray:
    """A sharp, well lit crop: blobs of the size of eyes and mouths, with fine detail."""
    rng = np.random.default_rng(1)
    coarse = np.kron(rng.integers(60, 200, (8, 8)), np.ones((6, 6)))
    return np.clip(coarse + rng.normal(0, 12, (48, 48)), 0, 255).astype(np.uint8)


def test_a_large_sharp_well_lit_face_that_looks_here_is_perfect(crop):
    quality = face_quality(crop, front(), 480, 480)

    assert (quality.size, quality.light, quality.sharpness, quality.pose) == (1.0, 1.0, 1.0, 1.0)
    assert quality.overall == 1.0


def test_the_weakest_part_decides(crop):
    quality = face_quality(crop, front(side=0.3), 80, 80)

    assert quality.overall == quality.size < 0.5


def test_smaller_faces_are_worse(crop):
    sizes = [face_quality(crop, front(), side, side).size for side in (30, 60, 90, 120, 240)]

    assert sizes == sorted(sizes)
    assert sizes[0] == 0.0
    assert sizes[-1] == 1.0


@pytest.mark.parametrize("change", [lambda c: c * 0.1, lambda c: c * 0.05 + 240, lambda c: c * 0 + 128])
def test_too_dark_too_bright_and_flat_are_bad_light(crop, change):
    spoiled = np.clip(change(crop.astype(float)), 0, 255).astype(np.uint8)

    assert face_quality(spoiled, front(), 480, 480).light < 0.3


def test_blur_costs_sharpness_step_by_step(crop):
    picture = Image.fromarray(crop)
    blurred = [np.asarray(picture.filter(ImageFilter.GaussianBlur(radius))) for radius in (0, 1, 2, 4)]

    sharpness = [face_quality(each, front(), 480, 480).sharpness for each in blurred]

    assert sharpness == sorted(sharpness, reverse=True)
    assert sharpness[0] == 1.0
    assert sharpness[-1] < 0.5


@pytest.mark.parametrize("turn", [-1.0, -0.6, 0.6, 1.0])
def test_a_profile_cannot_be_read(crop, turn):
    assert face_quality(crop, front(turn=turn), 480, 480).pose == 0.0


@pytest.mark.parametrize("turn", [-0.15, 0.15])
def test_the_small_turns_of_talk_cost_nothing(crop, turn):
    assert face_quality(crop, front(turn=turn), 480, 480).pose == 1.0


def test_looking_far_up_or_down_costs_pose(crop):
    assert face_quality(crop, front(nod=0.3), 480, 480).pose < 0.3
    assert face_quality(crop, front(nod=-0.3), 480, 480).pose < 0.3


def test_points_that_fall_together_are_the_worst_pose_and_no_error(crop):
    assert face_quality(crop, Detection((0.4, 0.4, 0.2, 0.2), 0.9, ((0.5, 0.5),) * 6), 480, 480).pose == 0.0


anywhere = st.floats(-2, 3)


@given(
    st.tuples(anywhere, anywhere, st.floats(0.001, 2), st.floats(0.001, 2)),
    st.lists(st.tuples(anywhere, anywhere), min_size=6, max_size=6),
    st.integers(0, 255),
)
def test_every_part_is_a_share_whatever_was_found(box, points, grey):
    quality = face_quality(np.full((48, 48), grey, np.uint8), Detection(box, 0.9, tuple(points)), 640, 480)

    assert all(0.0 <= part <= 1.0 for part in (quality.size, quality.light, quality.sharpness, quality.pose))


@pytest.mark.data
def test_real_photographs_are_good_and_worse_when_spoiled(detector, labelled_data):
    with Image.open(sorted((labelled_data / "face" / "photos").glob("london_*"))[0]) as file:
        photo = file.convert("RGB")

    def quality(picture: Image.Image):
        pixels = np.asarray(picture)
        (face,) = detector.find(pixels)
        return face_quality(face_crop(pixels, face.box), face, pixels.shape[1], pixels.shape[0])

    assert quality(photo).overall > 0.9
    assert quality(photo.filter(ImageFilter.GaussianBlur(8))).sharpness < 0.4
    assert quality(photo.point(lambda value: value * 0.12)).light < 0.4
