"""A budget of motion: what warms and wears a servo is how much it moves over minutes, so that is rationed.

The driver's duty limit is the hard stop (hardware/limits.py): a joint that used it up holds still, wherever it is. This
budget lies well below, and spends gracefully: first the habits grow small, then every move grows slow, and a robot at
the top of its liveliness shows that it is hot. The liveliness dial sets the budget: who wants a calm robot gets one
that lasts.
"""

from collections.abc import Mapping

from hardware.limits import Duty
from hardware.ports import JOINTS, JointAngles
from robot.body.joints import JOINT_MANNERS, JointManner, bounded, values_deg

WARMING_S = 120.0
"""Time constant of a micro servo's warmth: minutes, for a motor of a few grams in a plastic case. Ours."""

LEAST_SHARE, LIVELY_SHARE = 0.05, 0.15
"""A joint may move on average at this share of its top speed at liveliness 0, and this much more at 1."""

BURST_SHARE = 0.6
"""Travel beyond the driver's sustained speed counts as the whole budget at this share of the driver's burst: the body
slows down in time, so that no joint is ever stopped short by the driver."""

EASING_FROM = 0.7
COOL_AGAIN = 0.8
SLOWEST = 0.05
STANDSTILL_AT = 1.25
LONGEST_STEP_S = 0.5


class Effort:
    """How warm the joints are by their motion, each relative to its budget; 1 is the budget."""

    def __init__(
        self, liveliness: float, manners: Mapping[str, JointManner] = JOINT_MANNERS, duty: Duty | None = None
    ) -> None:
        """`duty` is the driver's, by default the one that boards have unless they say otherwise."""
        duty = duty if duty is not None else Duty()
        share = LEAST_SHARE + LIVELY_SHARE * bounded(liveliness, 0.0, 1.0)
        self._budgets_deg_s = tuple(share * manners[joint].speed_deg_s for joint in JOINTS)
        self._of_most = share / (LEAST_SHARE + LIVELY_SHARE)
        self._means = [0.0] * len(JOINTS)
        self._worn_deg = [0.0] * len(JOINTS)
        self._duty = duty
        self._warmth = 0.0
        self._last: tuple[float, tuple[float, ...]] | None = None
        self._hot = False

    @property
    def warmth(self) -> float:
        """The warmest joint's, 0 cold, 1 at its budget."""
        return self._warmth

    @property
    def hot(self) -> bool:
        """True from when the budget of the liveliest robot is used up until a fifth of it is free again.

        A calm one eases off long before, and is not ill for that.
        """
        return self._hot

    @property
    def habits(self) -> float:
        """What share of their size the habits may have, 0..1."""
        return bounded((1.0 - self.warmth) / (1.0 - EASING_FROM), 0.0, 1.0)

    @property
    def speed(self) -> float:
        """What share of their top speed the joints may have: all within the budget, hardly any far above it."""
        return bounded((STANDSTILL_AT - self.warmth) / (STANDSTILL_AT - 1.0), SLOWEST, 1.0)

    def note(self, t_s: float, angles: JointAngles) -> None:
        """The joints were sent to `angles` at `t_s`. Time that stands still or goes back counts nothing."""
        now_deg = values_deg(angles)
        before_s, before_deg = self._last if self._last is not None else (t_s, now_deg)
        if self._last is not None and not t_s > before_s:
            return
        self._last = (t_s, now_deg)
        passed_s = t_s - before_s
        if passed_s > 0.0:
            self._add(passed_s, [abs(now - was) for was, now in zip(before_deg, now_deg, strict=True)])
        self._hot = max(self._means) * self._of_most >= (COOL_AGAIN if self._hot else 1.0)

    def _add(self, passed_s: float, travels_deg: list[float]) -> None:
        share = min(passed_s, LONGEST_STEP_S) / WARMING_S
        for index, travel_deg in enumerate(travels_deg):
            load = travel_deg / passed_s / self._budgets_deg_s[index]
            self._means[index] += (load - self._means[index]) * share
            worn_deg = self._worn_deg[index] + travel_deg - self._duty.sustained_deg_s * passed_s
            self._worn_deg[index] = max(worn_deg, 0.0)
        burst = max(self._worn_deg) / (BURST_SHARE * self._duty.burst_deg) if self._duty.burst_deg > 0 else 0.0
        self._warmth = max(*self._means, burst)
