"""It cannot see: two amber pulses, one for each eye, and a pause."""

from hardware.ports import Pixels
from robot.body.lights.palette import AMBER, even, pulses


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Two pulses in seven seconds, on an ember."""
    return even(AMBER, intensity * (0.06 + 0.44 * pulses(t_s, 2, 7.0)), count)
