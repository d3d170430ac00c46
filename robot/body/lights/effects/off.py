"""Dark."""

from hardware.ports import Pixels
from robot.body.lights.palette import DARK, even


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """No light at all, at any time and intensity."""
    return even(DARK, 0.0 * t_s * intensity, count)
