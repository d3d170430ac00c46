"""What a joint may do: how far, how fast and for how long; and the limiter that keeps every joint to it.

The limiter sits in the drivers, below everything that decides: whatever the code above asks for (NaN, a jump, an
angle far outside), what reaches the servo is inside the limits. The virtual body uses the same one.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from hardware.ports import JOINTS, JointAngles

MAX_STEP_S = 0.1
"""Longest time one move may make up for. After a stall a joint goes on from where it is instead of leaping ahead."""

SAFE_SPEED_DEG_S = 30.0
"""Speed while it is not known where the joint really stands: slow enough to take a finger away."""

SAFE_PHASE_S = 1.0
"""How long the safe speed lasts after the first pulse; a hobby servo (0.1 s for 60 degrees) has settled by then."""


@dataclass(frozen=True, slots=True)
class Duty:
    """How much motion a joint bears before it must rest.

    `sustained_deg_s` is the average speed it can keep up for ever. Travel above that wears it, and after
    `burst_deg` of such travel the joint holds still until it has recovered at the same rate. A leaky bucket, in
    degrees.
    """

    sustained_deg_s: float = 90.0
    burst_deg: float = 900.0

    def __post_init__(self) -> None:
        if not (self.sustained_deg_s > 0 and self.burst_deg >= 0):
            raise ValueError(f"a duty needs a sustained_deg_s above 0 and a burst_deg of at least 0, got {self}")


@dataclass(frozen=True, slots=True)
class JointLimit:
    """The range of one joint in degrees from its calibrated zero, its greatest speed and its duty.

    `neutral_deg` is where it starts when nobody knows where it stands; it lies inside the range.
    """

    min_deg: float
    max_deg: float
    max_speed_deg_s: float
    neutral_deg: float = 0.0
    duty: Duty = Duty()

    def __post_init__(self) -> None:
        numbers = (self.min_deg, self.max_deg, self.max_speed_deg_s, self.neutral_deg)
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError(f"every number of a joint limit must be finite, got {self}")
        if not self.min_deg <= self.neutral_deg <= self.max_deg:
            raise ValueError(f"neutral_deg {self.neutral_deg} lies outside {self.min_deg}..{self.max_deg}")
        if self.max_speed_deg_s <= 0:
            raise ValueError(f"max_speed_deg_s must be above 0, got {self.max_speed_deg_s}")


@dataclass(frozen=True, slots=True)
class JointState:
    """Where a joint was last sent, how worn it is (`worn_deg`, see `Duty`), and whether it rests because of that."""

    angle_deg: float
    worn_deg: float = 0.0
    resting: bool = False


def next_state(
    limit: JointLimit, state: JointState, dt_s: float, wanted_deg: float, max_speed_deg_s: float
) -> JointState:
    """Where one joint is sent, `dt_s` after `state`, on its way to `wanted_deg`. Pure.

    The result lies inside the limit and at most `dt_s` times the lower of both speeds away; NaN, infinity or a
    joint that must rest leave it where it is.
    """
    dt_s = min(max(dt_s, 0.0), MAX_STEP_S) if math.isfinite(dt_s) else 0.0
    reach_deg = min(limit.max_speed_deg_s, max_speed_deg_s) * dt_s
    target_deg = state.angle_deg if state.resting or not math.isfinite(wanted_deg) else wanted_deg
    target_deg = min(max(target_deg, state.angle_deg - reach_deg), state.angle_deg + reach_deg)
    angle_deg = min(max(target_deg, limit.min_deg), limit.max_deg)
    worn_deg = state.worn_deg + abs(angle_deg - state.angle_deg) - limit.duty.sustained_deg_s * dt_s
    worn_deg = max(worn_deg, 0.0)
    resting = worn_deg > 0.0 if state.resting else worn_deg >= limit.duty.burst_deg
    return JointState(angle_deg, worn_deg, resting)


@dataclass(slots=True)
class Limiter:
    """Keeps all joints of one body inside their limits, from one move to the next.

    `limits` names the joints that have a servo; the others are echoed. The first move sends every joint to its
    neutral, and for `SAFE_PHASE_S` from then on nothing goes faster than `SAFE_SPEED_DEG_S`.
    """

    limits: Mapping[str, JointLimit]
    _states: dict[str, JointState] = field(init=False)
    _t_s: float | None = field(init=False, default=None)
    _safe_left_s: float = field(init=False, default=SAFE_PHASE_S)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.limits) - set(JOINTS))
        if unknown:
            raise ValueError(f"unknown joint {unknown[0]!r}; the joints are {', '.join(JOINTS)}")
        self._states = {name: JointState(limit.neutral_deg) for name, limit in self.limits.items()}

    def move(self, t_s: float, wanted: JointAngles) -> JointAngles:
        """The angles to command at `t_s` (seconds) on the way to `wanted`; time going back or NaN moves nothing."""
        dt_s = self._time_since_last(t_s)
        max_speed_deg_s = SAFE_SPEED_DEG_S if self._safe_left_s > 0 else math.inf
        self._safe_left_s -= min(max(dt_s, 0.0), MAX_STEP_S)
        for name, limit in self.limits.items():
            wanted_deg = getattr(wanted, f"{name}_deg")
            self._states[name] = next_state(limit, self._states[name], dt_s, wanted_deg, max_speed_deg_s)
        return self._angles(wanted)

    def release(self) -> None:
        """The joints are let go and may be turned by hand: the next moves are slow again, from where they were left."""
        self._t_s = None
        self._safe_left_s = SAFE_PHASE_S

    @property
    def resting(self) -> tuple[str, ...]:
        """The joints that hold still because their duty is used up."""
        return tuple(name for name, state in self._states.items() if state.resting)

    def _time_since_last(self, t_s: float) -> float:
        if not math.isfinite(t_s):
            return 0.0
        dt_s = 0.0 if self._t_s is None else t_s - self._t_s
        # A clock that steps back must not count the same stretch twice when it comes forward again.
        self._t_s = t_s if self._t_s is None else max(t_s, self._t_s)
        return dt_s

    def _angles(self, wanted: JointAngles) -> JointAngles:
        angles = {f"{name}_deg": _echo(getattr(wanted, f"{name}_deg")) for name in JOINTS}
        angles.update({f"{name}_deg": state.angle_deg for name, state in self._states.items()})
        return JointAngles(**angles)


def _echo(angle_deg: float) -> float:
    """What stands for a joint without a servo: the angle itself, or zero when it is no number."""
    return angle_deg if math.isfinite(angle_deg) else 0.0
