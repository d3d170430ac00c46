"""Settling: now and then somebody who sits still shifts a little and is comfortable again.

People at rest change their posture every few minutes in large and much more often in small ways; the numbers are ours,
chosen so that a watcher notices only their absence.
"""

import random

from hardware.ports import JointAngles
from robot.body.gaze_shift import GazeWatch
from robot.body.habit import Habit, HabitContext

GAP_S = (18.0, 50.0)
NECK_PAN_DEG, NECK_TILT_DEG, BROW_DEG = 2.5, 1.8, 1.5
BUSY_S = 2.0
"""No shift so soon after speech or a new gaze: it would be read as part of them."""

_UPRIGHT = JointAngles()


class Settle:
    """A small offset of the head that stays until the next one."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._lean = _UPRIGHT
        self._next_s: float | None = None
        self._gaze = GazeWatch()

    def offsets(self, t_s: float, context: HabitContext) -> JointAngles:
        """At most `NECK_PAN_DEG` and the like either way at full liveliness."""
        if context.liveliness <= 0.0:
            self._next_s, self._lean = None, _UPRIGHT
            return _UPRIGHT
        next_s = self._next_s if self._next_s is not None else t_s + self._rng.uniform(*GAP_S)
        self._next_s = max(next_s, t_s + BUSY_S) if context.speaking or self._gaze.shifted(context) else next_s
        if t_s >= self._next_s:
            self._lean = self._shift(context.liveliness)
            self._next_s = t_s + self._rng.uniform(*GAP_S)
        return self._lean

    def _shift(self, liveliness: float) -> JointAngles:
        brow_deg = liveliness * self._rng.uniform(-BROW_DEG, BROW_DEG)
        return JointAngles(
            neck_pan_deg=liveliness * self._rng.uniform(-NECK_PAN_DEG, NECK_PAN_DEG),
            neck_tilt_deg=liveliness * self._rng.uniform(-NECK_TILT_DEG, NECK_TILT_DEG),
            brow_left_deg=brow_deg,
            brow_right_deg=brow_deg,
        )


def build(rng: random.Random) -> Habit:
    """A settling with its own random numbers."""
    return Settle(rng)
