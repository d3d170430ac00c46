"""Something is missing: a slow amber pulse. Never red, never fast: it informs, it does not alarm."""

from hardware.ports import Pixels
from robot.body.lights.palette import AMBER, even, wave


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """One swell in four seconds."""
    return even(AMBER, intensity * wave(t_s, 4.0, 0.10, 0.50), count)
