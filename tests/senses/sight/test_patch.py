"""A patch shows the part of a picture that it says, upright, and what is found on it is placed back in the picture."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from robot.senses.sight.patch import Patch

SIDE_PX = 64


def picture_with_spot(x: float, y: float) -> np.ndarray:
    """A round white spot on black, soft as in a camera."""
    image = Image.new("RGB", (640, 480))
    ImageDraw.Draw(image).ellipse((x - 6, y - 6, x + 6, y + 6), fill=(255, 255, 255))
    return np.asarray(image)


def middle_of(square: np.ndarray) -> np.ndarray:
    """The centre of what is bright, in shares of the patch, with a depth of 0."""
    light = square[0, :, :, 0]
    rows, columns = np.mgrid[0:SIDE_PX, 0:SIDE_PX] + 0.5
    return np.array([[(columns * light).sum(), (rows * light).sum(), 0.0]]) / light.sum() / SIDE_PX


@pytest.mark.parametrize("side", [40.0, 90.0, 300.0, 900.0])
@pytest.mark.parametrize("turn_deg", [0.0, 3.0, -40.0, 170.0])
def test_what_is_seen_in_a_patch_is_placed_where_it_is_in_the_picture(side, turn_deg):
    patch = Patch(300.0, 250.0, side, math.radians(turn_deg))
    spot = middle_of(patch.cut(picture_with_spot(308.0, 239.0), SIDE_PX))
    x, y, _ = patch.to_picture(spot)[0]
    assert (x, y) == pytest.approx((308.0, 239.0), abs=0.02 * side)


def test_a_patch_is_turned_so_that_what_leans_stands_upright():
    patch = Patch(320.0, 240.0, 200.0, math.radians(30.0))
    up = middle_of(patch.cut(picture_with_spot(320.0 + 60 * 0.5, 240.0 - 60 * math.cos(math.radians(30.0))), SIDE_PX))
    assert up[0, :2] == pytest.approx((0.5, 0.5 - 60 / 200), abs=0.01)


def test_beyond_the_pictures_edge_a_patch_is_black():
    square = Patch(0.0, 0.0, 100.0, 0.0).cut(np.full((480, 640, 3), 200, np.uint8), SIDE_PX)
    half = SIDE_PX // 2
    assert square[0, :half].max() == square[0, :, :half].max() == 0.0
    assert square[0, half + 1 :, half + 1 :] == pytest.approx(200 / 255)


@pytest.mark.parametrize("side", [100.0, 400.0])
def test_a_soft_picture_looks_as_it_would_sampled_exactly(side):
    rows, columns = np.mgrid[0:480, 0:640]
    grey = (127 + 60 * np.sin(columns / 15.0) + 60 * np.sin(rows / 11.0)).astype(np.uint8)
    turn = math.radians(10.0)
    patch = Patch(320.0, 240.0, side, turn)
    square = patch.cut(np.repeat(grey[:, :, None], 3, axis=2), SIDE_PX)[0, :, :, 1]
    offsets = ((np.arange(SIDE_PX) + 0.5) / SIDE_PX - 0.5) * side
    x = 320.0 + offsets * math.cos(turn) - offsets[:, None] * math.sin(turn) - 0.5
    y = 240.0 + offsets * math.sin(turn) + offsets[:, None] * math.cos(turn) - 0.5
    exact = (127 + 60 * np.sin(x / 15.0) + 60 * np.sin(y / 11.0)) / 255.0
    assert np.abs(square - exact).mean() < 0.02
