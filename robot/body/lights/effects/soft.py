"""Comfort and plain attention: a steady, low rose light."""

from hardware.ports import Pixels
from robot.body.lights.palette import ROSE, even, ramp


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Comes up within a second, then holds still."""
    return even(ROSE, 0.34 * intensity * ramp(t_s, 0.0, 1.0), count)
