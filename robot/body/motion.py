"""Joint trajectories: minimum-jerk moves within speed limits that can be sent elsewhere at any moment.

A point-to-point movement of least jerk (Flash and Hogan 1985, J. Neurosci. 5:1688) has a bell-shaped velocity, 30 x^2
(1 - x)^2. When the goal jumps in mid-move, people do not stop: the new movement is added on top of the old one (Flash
and Henis 1991, J. Cogn. Neurosci. 3:220). Adding up such moves for every little step of the goal is the same as
smoothing the goal with that bell. So each joint's goal is first kept in its range and limited in speed, then smoothed.
Because the bell's weights are positive and sum to one, the result can leave neither the range nor the speed limit,
never overshoots, has no jump in velocity, and comes to rest exactly, `blend_s` after the goal does.
"""

from collections import deque
from collections.abc import Mapping
from math import isnan
from operator import mul

from hardware.ports import JOINTS, JointAngles
from robot.body.joints import JOINT_MANNERS, JointManner, values_deg

MAX_CATCH_UP_TICKS = 5
"""After a stall the body goes on from where it was, at most this many ticks at once, instead of leaping."""


def bell_weights(taps: int) -> tuple[float, ...]:
    """The minimum-jerk velocity profile cut in `taps` equal parts; positive, symmetric, summing to 1."""

    def covered(x: float) -> float:
        return x * x * x * (10.0 - 15.0 * x + 6.0 * x * x)

    return tuple(covered((tap + 1) / taps) - covered(tap / taps) for tap in range(taps))


class Motion:
    """Follows targets joint by joint at `tick_hz`. Starts at rest in `start`. Touches no device."""

    def __init__(
        self, tick_hz: float, manners: Mapping[str, JointManner] = JOINT_MANNERS, start: JointAngles | None = None
    ) -> None:
        self._tick_hz = tick_hz
        places = values_deg(start if start is not None else JointAngles())
        self._joints = [_Joint(manners[name], tick_hz, place) for name, place in zip(JOINTS, places, strict=True)]
        self._angles = JointAngles(*(joint.position_deg for joint in self._joints))
        self._start_s: float | None = None
        self._ticks = 0

    @property
    def angles(self) -> JointAngles:
        """Where the joints are now."""
        return self._angles

    def step(self, t_s: float, target: JointAngles, speed_share: float = 1.0, quick_share: float = 1.0) -> JointAngles:
        """Move towards `target` for the time since the last call and return the angles at `t_s`, in degrees.

        `speed_share` 0..1 lowers the joints' top speed for these ticks, `quick_share` that of the `quick` ones; both
        may change at any time without a jump.

        Time counts in whole ticks: a call that comes before the next tick is due moves nothing. A joint whose target is
        not a number keeps its old target.
        """
        if self._start_s is None:
            self._start_s = t_s
        ticks = round((t_s - self._start_s) * self._tick_hz)
        passed, self._ticks = ticks - self._ticks, max(ticks, self._ticks)
        if passed > 0:
            passed = min(passed, MAX_CATCH_UP_TICKS)
            goals = values_deg(target)
            self._angles = JointAngles(
                *[
                    joint.advance(goal, passed, quick_share if joint.quick else speed_share)
                    for joint, goal in zip(self._joints, goals, strict=True)
                ]
            )
        return self._angles

    def foreseen(self, joint: str, goal_deg: float, ticks: int, speed_share: float = 1.0) -> float:
        """Where one joint will be after `ticks` more ticks towards `goal_deg`, in degrees. Nothing moves."""
        return self._joints[JOINTS.index(joint)].foreseen(goal_deg, ticks, speed_share)


class _Joint:
    """One joint: a goal limited in range and speed, and the last few goals to be smoothed."""

    __slots__ = (
        "_aim_deg",
        "_aims_deg",
        "_goal_deg",
        "_high_deg",
        "_low_deg",
        "_max_step_deg",
        "_weights",
        "position_deg",
        "quick",
    )

    def __init__(self, manner: JointManner, tick_hz: float, start_deg: float) -> None:
        self.quick = manner.quick
        self._low_deg, self._high_deg = manner.low_deg, manner.high_deg
        self._max_step_deg = manner.speed_deg_s / tick_hz
        self._weights = bell_weights(max(1, round(manner.blend_s * tick_hz)))
        start_deg = min(max(start_deg, manner.low_deg), manner.high_deg)
        self._goal_deg = self._aim_deg = self.position_deg = start_deg
        self._aims_deg = deque([start_deg] * len(self._weights), maxlen=len(self._weights))

    def advance(self, goal_deg: float, ticks: int, speed_share: float) -> float:
        self._goal_deg = self._kept(goal_deg)
        for _ in range(ticks):
            self._aim_deg = self._nearer(self._aim_deg, self._goal_deg, speed_share)
            self._aims_deg.append(self._aim_deg)
        self.position_deg = self._smoothed(self._aims_deg)
        return self.position_deg

    def foreseen(self, goal_deg: float, ticks: int, speed_share: float) -> float:
        goal_deg = self._kept(goal_deg)
        aims_deg, aim_deg = self._aims_deg.copy(), self._aim_deg
        for _ in range(ticks):
            aim_deg = self._nearer(aim_deg, goal_deg, speed_share)
            aims_deg.append(aim_deg)
        return self._smoothed(aims_deg)

    def _kept(self, goal_deg: float) -> float:
        return self._goal_deg if isnan(goal_deg) else min(max(goal_deg, self._low_deg), self._high_deg)

    def _nearer(self, aim_deg: float, goal_deg: float, speed_share: float) -> float:
        most_deg = self._max_step_deg * speed_share
        return aim_deg + min(max(goal_deg - aim_deg, -most_deg), most_deg)

    def _smoothed(self, aims_deg: "deque[float]") -> float:
        # The weights sum to one only within rounding; the range must hold exactly.
        smoothed_deg: float = sum(map(mul, self._weights, aims_deg))
        return min(max(smoothed_deg, self._low_deg), self._high_deg)
