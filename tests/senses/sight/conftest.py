"""Drawn people for the face detector, and the real detector.

The drawing is simple, but BlazeFace takes it for a face at any size and tilt, so that tests need no photograph.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from robot.config import InferenceSettings
from robot.senses.sight.detector import FaceDetector

SPRITE_PX = 480
FACE_HEIGHT_PX = 250
WALL = (120, 140, 160)
Place = tuple[float, float, float, float]
"""Where a drawn face is: centre x and y and height of the face in pixels, roll in degrees, clockwise positive."""


@pytest.fixture(scope="session")
def detector() -> FaceDetector:
    """BlazeFace as the robot runs it."""
    return FaceDetector.open(InferenceSettings(), 0.6)


@pytest.fixture(scope="session")
def scene() -> Callable[..., np.ndarray]:
    """Makes a picture uint8 RGB of the drawn people in it: scene([(x, y, height, roll), ...], size=(640, 480))."""
    person = _person()

    def make(places: Sequence[Place], size: tuple[int, int] = (640, 480)) -> np.ndarray:
        picture = Image.new("RGB", size, WALL)
        for x, y, height, roll_deg in places:
            side = round(SPRITE_PX * height / FACE_HEIGHT_PX)
            turned = person.resize((side, side), Image.Resampling.LANCZOS).rotate(-roll_deg, Image.Resampling.BICUBIC)
            picture.paste(turned, (round(x - side / 2), round(y - side / 2)), turned)
        return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)))

    return make


def _person() -> Image.Image:
    """A head on a see-through square, the middle of the face in the middle."""
    picture = Image.new("RGBA", (SPRITE_PX, SPRITE_PX), (*WALL, 0))
    draw = ImageDraw.Draw(picture)
    middle = SPRITE_PX / 2

    def oval(x: float, y: float, half_width: float, half_height: float, colour: tuple[int, int, int]) -> None:
        draw.ellipse(
            (middle + x - half_width, middle + y - half_height, middle + x + half_width, middle + y + half_height),
            colour,
        )

    skin, shade, hair, white = (225, 180, 150), (208, 162, 133), (60, 40, 30), (245, 245, 245)
    oval(0, 120, 45, 80, shade)
    oval(0, -25, 108, 135, hair)
    oval(0, 0, 95, 125, skin)
    oval(0, -110, 70, 40, hair)
    for side in (-1, 1):
        oval(side * 40, -20, 20, 11, white)
        oval(side * 40, -20, 9, 9, hair)
        oval(side * 98, 0, 12, 25, shade)
        brow_x, brow_y = middle + side * 40, middle - 44
        draw.line((brow_x - 24, brow_y, brow_x + 24, brow_y), hair, 8)
        oval(side * 9, 33, 4, 3, (120, 70, 60))
    nose = [(-4, -10), (-18, 34), (18, 34), (4, -10)]
    draw.polygon([(middle + x, middle + y) for x, y in nose], shade)
    draw.chord((middle - 36, middle + 45, middle + 36, middle + 85), 0, 180, (180, 70, 70))
    return picture
