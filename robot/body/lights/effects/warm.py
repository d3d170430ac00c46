"""Shared joy: a full peach glow with a little life in it."""

import math

from hardware.ports import Pixels
from robot.body.lights.palette import PEACH, scaled


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """A glow in which a faint shimmer goes round every five seconds."""
    turns = [t_s / 5.0 - place / max(count, 1) for place in range(count)]
    return Pixels(tuple(scaled(PEACH, intensity * (0.58 + 0.16 * math.sin(2.0 * math.pi * turn))) for turn in turns))
