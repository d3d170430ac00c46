"""Asleep: an ember that glows up once in ten seconds, mostly dark, dim enough for a bedroom."""

from hardware.ports import Pixels
from robot.body.lights.palette import MOON, even, wave


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """At most four hundredths of full."""
    return even(MOON, intensity * (0.004 + 0.036 * wave(t_s, 10.0, 0.0, 1.0) ** 4), count)
