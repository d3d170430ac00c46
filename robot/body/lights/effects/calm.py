"""Calming down: a blue-green swell at six breaths a minute, the pace that paced-breathing exercises use."""

from hardware.ports import Pixels
from robot.body.lights.palette import LAGOON, even, wave


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """In for five seconds, out for five."""
    return even(LAGOON, intensity * wave(t_s, 10.0, 0.08, 0.55), count)
