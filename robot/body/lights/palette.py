"""Colours of the lights, linear (red, green, blue) 0..1, and the few shapes over time and place that effects share.

No effect is saturated red: it alarms, and saturated red flashes have a stricter limit of their own (WCAG 2.3.1).
"""

import math

from hardware.ports import Pixels
from robot.body.joints import bounded

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


def tinted(colour: Colour, valence: float, arousal: float) -> Colour:
    """The colour as a mood tints it: warmer with valence, paler with arousal, as bright as before.

    Each coordinate -1..1. The amounts are ours:
    seen side by side, and never another colour's place. Held in 0..1, where a full channel loses a little brightness.
    """
    warmth, pale = 0.22 * bounded(valence, -1.0, 1.0), 0.18 * max(bounded(arousal, -1.0, 1.0), 0.0)
    before = luminance(colour)
    red, green, blue = colour[0] * (1.0 + warmth), colour[1], colour[2] * (1.0 - warmth)
    mixed = (red + (before - red) * pale, green + (before - green) * pale, blue + (before - blue) * pale)
    share = before / after if (after := luminance(mixed)) > 0.0 else 0.0
    return (min(mixed[0] * share, 1.0), min(mixed[1] * share, 1.0), min(mixed[2] * share, 1.0))


def luminance(colour: Colour) -> float:
    """How bright a linear colour looks, 0..1 (Rec. 709)."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


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
