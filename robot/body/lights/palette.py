"""Colours of the lights, linear (red, green, blue) 0..1, and the few shapes over time and place that effects share.

No effect is saturated red: it alarms, and saturated red flashes have a stricter limit of their own (WCAG 2.3.1).
"""

import math

from hardware.ports import Pixels

Colour = tuple[float, float, float]

DARK: Colour = (0.0, 0.0, 0.0)
MOON: Colour = (0.55, 0.70, 1.00)
PEACH: Colour = (1.00, 0.62, 0.32)
ROSE: Colour = (1.00, 0.60, 0.66)
LAGOON: Colour = (0.20, 0.80, 0.75)
VIOLET: Colour = (0.66, 0.50, 1.00)
AMBER: Colour = (1.00, 0.55, 0.10)

PULSE_S = 1.6


def scaled(colour: Colour, level: float) -> Colour:
    """The colour at `level` 0..1 of its brightness."""
    return (colour[0] * level, colour[1] * level, colour[2] * level)


def even(colour: Colour, level: float, count: int) -> Pixels:
    """All lights the same."""
    return Pixels((scaled(colour, level),) * count)


def wave(t_s: float, period_s: float, low: float, high: float) -> float:
    """A smooth swell between `low` and `high`, starting at `low`."""
    return low + (high - low) * (0.5 - 0.5 * math.cos(2.0 * math.pi * t_s / period_s))


def pulses(t_s: float, count: int, period_s: float) -> float:
    """`count` smooth pulses 0..1 with 1.6 s from one to the next at the start of each period, then a pause.

    So slow because the lights may not fall faster (`mixer`), and slow enough to count at a glance.
    """
    phase_s = t_s % period_s
    return wave(phase_s, PULSE_S, 0.0, 1.0) if phase_s < count * PULSE_S else 0.0


def ramp(t_s: float, start_s: float, end_s: float) -> float:
    """0 before `start_s`, 1 after `end_s`, a smooth step between."""
    x = min(max((t_s - start_s) / (end_s - start_s), 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)
