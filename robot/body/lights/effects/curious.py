"""Wondering: a violet bump of light wanders along the row."""

import math

from hardware.ports import Pixels
from robot.body.lights.palette import VIOLET, scaled


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Once along the row in five seconds."""
    turns = [t_s / 5.0 - place / max(count, 1) for place in range(count)]
    return Pixels(tuple(scaled(VIOLET, intensity * (0.32 + 0.22 * math.cos(2.0 * math.pi * turn))) for turn in turns))
