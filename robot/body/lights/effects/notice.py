"""Somebody came: the light opens from the middle outwards within half a second, and stays."""

from hardware.ports import Pixels
from robot.body.lights.palette import MOON, ramp, scaled


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """The middle first, the ends last."""
    middle = (count - 1) / 2.0
    delays_s = [0.25 * abs(place - middle) / max(middle, 0.5) for place in range(count)]
    return Pixels(tuple(scaled(MOON, 0.6 * intensity * ramp(t_s, delay, delay + 0.25)) for delay in delays_s))
