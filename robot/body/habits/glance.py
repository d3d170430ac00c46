"""Glancing away: a gaze that never leaves a face is a stare.

People like a mutual gaze of 3.3 s, give or take 0.7 s (Binetti et al. 2016); then the eyes wander for a moment.
"""

import random

from hardware.ports import JointAngles
from robot.body.gaze_shift import GazeWatch
from robot.body.habit import Habit, HabitContext

LOOK_S = (2.6, 4.0)
AWAY_S = (0.5, 1.3)
PAN_DEG = (7.0, 16.0)
TILT_DEG = (-5.0, 4.0)

_AHEAD = JointAngles()


class Glance:
    """Sends the eyes aside now and then; the neck stays. Something new to look at ends a glance."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._aside = _AHEAD
        self._next_s: float | None = None
        self._gaze = GazeWatch()

    def offsets(self, t_s: float, context: HabitContext) -> JointAngles:
        """Eyes aside during a glance, at most 16 degrees at full liveliness; nothing otherwise."""
        if context.liveliness <= 0.0:
            self._next_s, self._aside = None, _AHEAD
            return _AHEAD
        if self._next_s is None or self._gaze.shifted(context):
            self._look(t_s)
        elif t_s >= self._next_s:
            if self._aside is _AHEAD:
                self._glance(t_s, context.liveliness)
            else:
                self._look(t_s)
        return self._aside

    def _look(self, t_s: float) -> None:
        self._aside = _AHEAD
        self._next_s = t_s + self._rng.uniform(*LOOK_S)

    def _glance(self, t_s: float, liveliness: float) -> None:
        side = self._rng.choice((-1.0, 1.0))
        self._aside = JointAngles(
            eyes_pan_deg=side * liveliness * self._rng.uniform(*PAN_DEG),
            eyes_tilt_deg=liveliness * self._rng.uniform(*TILT_DEG),
        )
        self._next_s = t_s + self._rng.uniform(*AWAY_S)


def build(rng: random.Random) -> Habit:
    """A glance with its own random numbers."""
    return Glance(rng)
