"""Wondering: a violet spot of light wanders along the row."""

import math

from hardware.ports import Pixels
from robot.body.lights.palette import VIOLET, scaled


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Once along the row in five seconds; a single light sees it pass."""
    turns = [t_s / 5.0 - place / max(count, 1) for place in range(count)]
    return Pixels(tuple(scaled(VIOLET, intensity * (0.10 + 0.44 * _near(turn))) for turn in turns))


def _near(turn: float) -> float:
    return (0.5 + 0.5 * math.cos(2.0 * math.pi * turn)) ** 3
