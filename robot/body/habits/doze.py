"""Dozing: alone for a while, the lids grow heavy and the head sinks, nods, and starts up again.

It bridges the time from the last visitor to sleep, so that falling asleep is a course of events and not a switch.
Anybody who comes ends it at once.
"""

import random

from hardware.ports import JointAngles
from robot.body.habit import Habit, HabitContext

DROWSY_AFTER_S, HEAVY_AFTER_S = 40.0, 100.0
"""Alone this long it gets drowsy; by the second time it is as drowsy as it gets. It sleeps after 120 s by default."""

LID_DEG, NECK_DEG = -20.0, -4.0
NOD_EVERY_S = (8.0, 18.0)
NOD_S, NOD_DEG = 1.6, -5.0
"""Within a nod the head sinks all the way and is then caught; the motion's easing makes the start of it."""

_AWAKE = JointAngles()


class Doze:
    """Drowsiness from the time alone, and nods at random once it is deep."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._alone_s: float | None = None
        self._nod_s = float("inf")

    def offsets(self, t_s: float, context: HabitContext) -> JointAngles:
        """Lids and head lower the longer it is alone; nothing in company, asleep, or at liveliness 0."""
        if context.liveliness <= 0.0 or context.state != "alone":
            self._alone_s, self._nod_s = None, float("inf")
            return _AWAKE
        if self._alone_s is None:
            self._alone_s = t_s
        drowsy = _share(t_s - self._alone_s)
        if drowsy <= 0.0:
            return _AWAKE
        nod_deg = self._nod_deg(t_s) * drowsy
        lid_deg = LID_DEG * drowsy
        return JointAngles(neck_tilt_deg=NECK_DEG * drowsy + nod_deg, lid_left_deg=lid_deg, lid_right_deg=lid_deg)

    def _nod_deg(self, t_s: float) -> float:
        if self._nod_s == float("inf") or t_s >= self._nod_s + NOD_S:
            self._nod_s = t_s + self._rng.uniform(*NOD_EVERY_S)
        into_s = t_s - self._nod_s
        return NOD_DEG * into_s / NOD_S if into_s > 0.0 else 0.0


def _share(alone_s: float) -> float:
    """How drowsy, 0..1, after so long alone."""
    x = min(max((alone_s - DROWSY_AFTER_S) / (HEAVY_AFTER_S - DROWSY_AFTER_S), 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


def build(rng: random.Random) -> Habit:
    """A doze with its own random numbers."""
    return Doze(rng)
