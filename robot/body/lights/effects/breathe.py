"""Nobody there: a slow white swell, ten times a minute, like the robot's own breath."""

from hardware.ports import Pixels
from robot.body.lights.palette import MOON, even, wave


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Between a tenth and a third of full."""
    return even(MOON, intensity * wave(t_s, 6.0, 0.10, 0.34), count)
