"""Asleep: an ember that swells once in ten seconds, dark enough for a bedroom."""

from hardware.ports import Pixels
from robot.body.lights.palette import MOON, even, wave


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """At most four hundredths of full."""
    return even(MOON, intensity * wave(t_s, 10.0, 0.008, 0.04), count)
