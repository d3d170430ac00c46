"""How fast the robot really moves, for senses that must not take it for a person."""

from hardware.ports import JOINTS, JointAngles
from robot.body.joints import JOINT_MANNERS, values_deg

_SPEEDS_DEG_S = tuple(JOINT_MANNERS[joint].speed_deg_s for joint in JOINTS)


class OwnSpeed:
    """How fast the fastest joint really went, as a share of its own top speed, from one command to the next."""

    def __init__(self) -> None:
        self._last: tuple[float, tuple[float, ...]] | None = None
        self._fraction = 0.0

    def fraction(self, t_s: float, angles: JointAngles) -> float:
        """The share 0..1, for `angles` commanded at `t_s`; the last one again where no time has passed."""
        now_deg = values_deg(angles)
        if self._last is None:
            self._last = (t_s, now_deg)
        before_s, before_deg = self._last
        if t_s > before_s:
            moved = max(abs(a - b) / top for a, b, top in zip(now_deg, before_deg, _SPEEDS_DEG_S, strict=True))
            self._fraction = round(min(moved / (t_s - before_s), 1.0), 3)
            self._last = (t_s, now_deg)
        return self._fraction
