"""It is too warm and rests: light that builds up slowly and lets go, like a sigh."""

from hardware.ports import Pixels
from robot.body.lights.palette import AMBER, even, ramp


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Up in five seconds, down in one and a half."""
    phase_s = t_s % 6.5
    return even(AMBER, intensity * (0.08 + 0.46 * min(phase_s / 5.0, 1.0 - ramp(phase_s, 5.0, 6.5))), count)
