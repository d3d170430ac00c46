"""It cannot hear: three amber pulses, as somebody knocks, and a pause."""

from hardware.ports import Pixels
from robot.body.lights.palette import AMBER, even, pulses


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Three pulses in nine seconds, on an ember."""
    return even(AMBER, intensity * (0.06 + 0.44 * pulses(t_s, 3, 9.0)), count)
