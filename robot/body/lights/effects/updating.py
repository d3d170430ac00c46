"""It learns something new: a light that fills the row step by step and starts again."""

from hardware.ports import Pixels
from robot.body.lights.palette import LAGOON, ramp, scaled

STEP_S = 1.0
STEPS = 4


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """Four steps upwards, a second each, then out within two; a single light climbs a stair of brightness."""
    phase_s = t_s % (STEPS * STEP_S + 2.0)
    steps = sum(ramp(phase_s, step * STEP_S, step * STEP_S + 0.3) for step in range(STEPS)) / STEPS
    filled = steps * (1.0 - ramp(phase_s, STEPS * STEP_S, STEPS * STEP_S + 1.5))
    places = [min(max(filled * count - place, 0.0), 1.0) for place in range(count)]
    return Pixels(tuple(scaled(LAGOON, intensity * (0.04 + 0.46 * place)) for place in places))
