"""A person has muted it: a calm violet light that shuts for a moment now and then, like an eye."""

from hardware.ports import Pixels
from robot.body.lights.palette import VIOLET, even, pulses


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Steady, and out once in eight seconds."""
    return even(VIOLET, intensity * 0.38 * (1.0 - 0.95 * pulses(t_s, 1, 8.0)), count)
