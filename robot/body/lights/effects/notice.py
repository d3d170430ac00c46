"""Somebody came: the light opens from the middle outwards within half a second, and stays awake."""

from hardware.ports import Pixels
from robot.body.lights.palette import MOON, ramp, scaled, wave


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """The middle first, the ends last; then it dips a little every two and a half seconds, as eyes blink."""
    middle = (count - 1) / 2.0
    delays_s = [0.25 * abs(place - middle) / max(middle, 0.5) for place in range(count)]
    level = intensity * wave(t_s, 2.5, 0.6, 0.36)
    return Pixels(tuple(scaled(MOON, level * ramp(t_s, delay, delay + 0.25)) for delay in delays_s))
