"""Something else is missing: one short amber pulse, and a long pause."""

from hardware.ports import Pixels
from robot.body.lights.palette import AMBER, even, pulses


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """One pulse in six seconds, on an ember."""
    return even(AMBER, intensity * (0.06 + 0.44 * pulses(t_s, 1, 6.0)), count)
