"""What is no picture is told apart from one, in one line, before anything looks at it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.ports import Frame
from robot.errors import MediaError
from robot.senses.sight.frames import brightness, check_frame


def frame(pixels, small=None, t_s: float = 1.0) -> Frame:
    return Frame(7, t_s, pixels, small)


def grey(height: int = 48, width: int = 64, value: int = 90) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def test_a_picture_is_accepted():
    check_frame(frame(grey()))
    check_frame(frame(grey(480, 640), small=grey(120, 160)))


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((48, 0, 3), np.uint8),
        grey(4, 4),
        grey(16, 9000),
        grey()[..., 0],
        grey()[..., :2],
        np.full((48, 64, 4), 9, np.uint8),
        grey().astype(np.float32),
        np.full((48, 64, 3), np.nan),
        grey().astype(np.int16),
        np.zeros((48, 64, 3), np.uint8),
        None,
        b"jpeg",
        [[1, 2, 3]],
    ],
)
def test_garbage_is_refused_in_one_line_that_names_the_frame(pixels):
    for bad in (frame(pixels), frame(grey(), small=pixels) if pixels is not None else frame(None)):
        with pytest.raises(MediaError, match="frame 7") as refused:
            check_frame(bad)
        assert "\n" not in str(refused.value)
        assert len(str(refused.value)) < 200


@pytest.mark.parametrize("t_s", [float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(t_s):
    with pytest.raises(MediaError, match="time"):
        check_frame(frame(grey(), t_s=t_s))


def test_one_lit_pixel_is_a_dark_room_and_not_a_shut_lens():
    dark = grey(value=0)
    dark[3, 5, 1] = 1

    check_frame(frame(dark))


@given(st.integers(0, 255), st.integers(16, 70), st.integers(16, 70))
def test_brightness_of_an_even_picture_is_its_grey(value, height, width):
    assert brightness(grey(height, width, value)) == pytest.approx(value / 255)


def test_brightness_weighs_colours_as_the_eye_does():
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[..., 1] = 255

    assert brightness(picture) == pytest.approx(0.587)


def test_brightness_is_near_the_mean_of_all_pixels():
    ramp = np.broadcast_to(np.linspace(0, 255, 640).astype(np.uint8)[None, :, None], (480, 640, 3))

    assert brightness(ramp) == pytest.approx(ramp.mean() / 255, abs=0.01)
