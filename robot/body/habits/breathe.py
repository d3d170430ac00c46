"""Breathing: the head rises and falls, slower when calm, quicker when excited."""

import math
import random

from hardware.ports import JointAngles
from robot.body.habit import Habit, HabitContext

SLOWEST_PER_MIN, FASTEST_PER_MIN = 9.0, 12.0
NECK_DEG, BROW_DEG = 1.5, 0.6
LONGEST_STEP_S = 0.1
"""After a stall the breath goes on where it was; it does not jump to where it would have been."""


class Breathe:
    """A slow wave on neck and brows. Its phase is added up: a change of pace bends the wave and never breaks it."""

    def __init__(self, rng: random.Random) -> None:
        self._phase = rng.random()
        self._last_s: float | None = None

    def offsets(self, t_s: float, context: HabitContext) -> JointAngles:
        """At most `NECK_DEG` and `BROW_DEG` either way at full liveliness."""
        passed_s = 0.0 if self._last_s is None else min(max(t_s - self._last_s, 0.0), LONGEST_STEP_S)
        self._last_s = t_s
        self._phase = (self._phase + passed_s * breaths_per_min(context.arousal) / 60.0) % 1.0
        wave = math.sin(2.0 * math.pi * self._phase) * context.liveliness
        return JointAngles(neck_tilt_deg=NECK_DEG * wave, brow_left_deg=BROW_DEG * wave, brow_right_deg=BROW_DEG * wave)


def breaths_per_min(arousal: float) -> float:
    """9 to 12 a minute over arousal -1..1: slower than a person's 12 to 20, as idle robots do to seem at rest."""
    share = (min(max(arousal, -1.0), 1.0) + 1.0) / 2.0
    return SLOWEST_PER_MIN + share * (FASTEST_PER_MIN - SLOWEST_PER_MIN)


def build(rng: random.Random) -> Habit:
    """A breath that starts at a random moment of its wave."""
    return Breathe(rng)
