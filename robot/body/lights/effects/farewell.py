"""Goodbye: a warm light that goes out from one end to the other over four seconds."""

from hardware.ports import Pixels
from robot.body.lights.palette import PEACH, scaled


def pixels(t_s: float, count: int, intensity: float) -> Pixels:
    """The first light goes first; all but an ember is gone at the end."""
    return Pixels(tuple(scaled(PEACH, intensity * _level(t_s, place / max(count, 1))) for place in range(count)))


def _level(t_s: float, place: float) -> float:
    gone = min(max((t_s - 0.6 - 1.2 * place) / 2.2, 0.0), 1.0)
    return 0.55 - 0.51 * gone
