"""The face crop: where it lies, how it shrinks, turns and goes on beyond the frame."""

import math

import numpy as np
import pytest

from robot.senses.sight.crop import Framing, face_crop

WHOLE = Framing(size_px=48, side_per_box=1.0, raise_sides=0.0)


def smooth_picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = sum(np.sin(x / rng.uniform(9, 40) + y / rng.uniform(9, 40) + rng.uniform(0, 6)) for _ in range(4))
    return np.uint8(np.clip(128 + 28 * waves, 0, 255))


def box_px(left: float, top: float, side: float, frame: np.ndarray) -> tuple[float, float, float, float]:
    height, width = frame.shape[:2]
    return left / width, top / height, side / width, side / height


def slow_area_mean(frame: np.ndarray, left: float, top: float, side: float, count: int, fine: int = 16) -> np.ndarray:
    """Means over ``fine`` x ``fine`` points of each output pixel, each taking the frame pixel it falls in."""
    steps = (np.arange(count * fine) + 0.5) * side / (count * fine)
    rows = np.clip(np.floor(top + steps).astype(int), 0, frame.shape[0] - 1)
    columns = np.clip(np.floor(left + steps).astype(int), 0, frame.shape[1] - 1)
    return frame[np.ix_(rows, columns)].astype(float).reshape(count, fine, count, fine).mean(axis=(1, 3))


@pytest.mark.parametrize("shape", [(480, 640), (480, 640, 3), (48, 48), (7, 5, 3), (1, 1)])
def test_a_crop_is_48_grey_pixels_square_whatever_the_frame(shape):
    crop = face_crop(np.zeros(shape, np.uint8), (0.3, 0.3, 0.2, 0.3))
    assert crop.shape == (48, 48)
    assert crop.dtype == np.uint8


@pytest.mark.parametrize(
    ("left", "top", "side"),
    [
        (100, 80, 96),
        (100.3, 80.7, 143.9),
        (10, 20, 400),
        (33.3, 44.4, 48.0),
        (-60, -30, 200),
        (520, 400, 211.5),
    ],
)
def test_shrinking_is_the_mean_over_the_area(left, top, side):
    frame = smooth_picture(480, 640)
    crop = face_crop(frame, box_px(left, top, side, frame), framing=WHOLE)
    reference = slow_area_mean(frame, left, top, side, 48)
    # Beyond the frame a pair of edge pixels goes on instead of the last one, a few grey levels apart here.
    assert np.abs(crop - reference).max() <= 4.0
    assert np.abs(crop - reference).mean() <= 1.0


def test_shrinking_does_not_alias():
    stripes = np.zeros((480, 480), np.uint8)
    stripes[:, ::2] = 200
    crop = face_crop(stripes, (0.0, 0.0, 1.0, 1.0), framing=WHOLE)
    assert np.all(np.abs(crop.astype(int) - 100) <= 1)


def test_a_crop_of_its_own_size_is_the_picture_itself():
    frame = smooth_picture(48, 48)
    np.testing.assert_array_equal(face_crop(frame, (0.0, 0.0, 1.0, 1.0), framing=WHOLE), frame)


def test_enlarging_interpolates_a_slope_without_steps():
    slope = np.tile(np.arange(0, 240, 10, dtype=np.uint8), (24, 1))
    crop = face_crop(slope, (0.0, 0.0, 1.0, 1.0), framing=WHOLE).astype(int)
    inner = crop[:, 2:-2]
    assert np.all(np.abs(np.diff(inner, axis=1) - 5) <= 1)
    assert np.all(crop == crop[0])


def test_the_crop_is_the_box_grown_and_raised():
    frame = smooth_picture(480, 640)
    side = 1.17 * 100.0
    left, top = 300.0 + 50.0 - side / 2, 200.0 + 50.0 - 0.068 * side - side / 2
    expected = slow_area_mean(frame, left, top, side, 48)
    assert np.abs(face_crop(frame, box_px(300, 200, 100, frame)) - expected).max() <= 2.0


def test_a_grey_frame_and_the_same_in_colour_give_the_same_crop():
    frame = smooth_picture(240, 320)
    coloured = np.repeat(frame[:, :, None], 3, axis=2)
    box = (0.3, 0.3, 0.25, 0.33)
    assert np.abs(face_crop(frame, box).astype(int) - face_crop(coloured, box)).max() <= 1


def test_colours_count_as_the_eye_sees_them():
    greys = [
        int(face_crop(np.full((50, 50, 3), colour, np.uint8), (0.2, 0.2, 0.5, 0.5))[0, 0])
        for colour in ([255, 0, 0], [0, 255, 0], [0, 0, 255])
    ]
    assert greys == pytest.approx([76, 150, 29], abs=1)


def test_beyond_the_frame_its_edge_goes_on():
    frame = np.full((100, 100), 50, np.uint8)
    frame[:, 0] = 200
    crop = face_crop(frame, box_px(-96, 20, 96, frame), framing=WHOLE)
    assert np.all(crop == 200)


@pytest.mark.parametrize(
    "box",
    [
        (5.0, 5.0, 0.1, 0.1),
        (-7.0, 0.2, 0.2, 0.2),
        (1e12, -1e12, 0.3, 0.3),
        (-3.0, -3.0, 8.0, 8.0),
    ],
)
@pytest.mark.parametrize("roll", [0.0, 0.4])
def test_a_box_far_out_of_the_frame_still_gives_a_crop(box, roll):
    frame = smooth_picture(60, 80)
    crop = face_crop(frame, box, roll=roll)
    assert crop.shape == (48, 48)
    assert frame.min() <= crop.min() <= crop.max() <= frame.max()


@pytest.mark.parametrize("degrees", [-30, -12, 12, 30, 75])
def test_turning_levels_a_tilted_line(degrees):
    """A frame that is dark below a tilted line through the box's middle is dark below a level one in the crop."""
    angle = math.radians(degrees)
    y, x = np.mgrid[0:480, 0:640]
    below = (y - 240) * math.cos(angle) - (x - 320) * math.sin(angle) > 0
    frame = np.where(below, 30, 220).astype(np.uint8)
    crop = face_crop(frame, box_px(220, 140, 200, frame), roll=angle, framing=WHOLE)
    assert np.all(crop[:22] > 210)
    assert np.all(crop[26:] < 40)


def test_the_raise_follows_the_head_and_not_the_frame():
    frame = smooth_picture(480, 640, seed=4)
    quarter = math.pi / 2
    framing = Framing(side_per_box=1.0, raise_sides=0.1)
    turned = face_crop(frame, box_px(220, 140, 200, frame), roll=quarter, framing=framing)
    upright = np.rot90(face_crop(frame, box_px(240, 140, 200, frame), framing=WHOLE))
    assert np.abs(turned.astype(int) - upright).mean() < 4


def test_a_small_turn_hardly_changes_a_smooth_picture():
    frame = smooth_picture(480, 640)
    box = (0.3, 0.3, 0.3, 0.4)
    level, turned = face_crop(frame, box), face_crop(frame, box, roll=math.radians(1.01))
    assert np.abs(level.astype(int) - turned).mean() < 4


def test_light_added_to_the_frame_is_light_added_to_the_crop():
    frame = smooth_picture(300, 300) // 2
    box = (0.2, 0.2, 0.5, 0.5)
    difference = face_crop(frame + 60, box).astype(int) - face_crop(frame, box)
    assert np.all(np.abs(difference - 60) <= 1)


def test_a_crop_leaves_the_frame_alone():
    frame = smooth_picture(100, 100)
    kept = frame.copy()
    face_crop(frame, (0.1, 0.1, 0.5, 0.5), roll=0.3)
    np.testing.assert_array_equal(frame, kept)


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((10, 10), np.float32),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros(10, np.uint8),
        np.zeros((0, 5), np.uint8),
    ],
)
def test_what_is_no_frame_is_refused(frame):
    with pytest.raises(ValueError, match="frame"):
        face_crop(frame, (0.1, 0.1, 0.5, 0.5))


@pytest.mark.parametrize(
    "box",
    [
        (0.1, 0.1, 0.0, 0.5),
        (0.1, 0.1, 0.5, -0.1),
        (math.nan, 0, 0.5, 0.5),
        (0, math.inf, 0.5, 0.5),
    ],
)
def test_a_box_without_an_area_is_refused(box):
    with pytest.raises(ValueError, match="box"):
        face_crop(np.zeros((50, 50), np.uint8), box)


def test_a_roll_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="roll"):
        face_crop(np.zeros((50, 50), np.uint8), (0.1, 0.1, 0.5, 0.5), roll=math.nan)


@pytest.mark.parametrize("wrong", [{"size_px": 0}, {"side_per_box": 0.0}, {"side_per_box": math.nan}])
def test_a_framing_without_size_is_refused(wrong):
    with pytest.raises(ValueError, match="size_px"):
        Framing(**wrong)
