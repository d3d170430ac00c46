"""What each joint of the face may do: its range, its speed, and over how long it eases in and out.

These are the body's own manners, the same on every board. The servo driver has limits of its own, and the tighter of
the two wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isnan
from operator import add, attrgetter

from hardware.ports import JOINTS, JointAngles

FIELDS: tuple[str, ...] = tuple(field.name for field in fields(JointAngles))
_values = attrgetter(*FIELDS)


@dataclass(frozen=True, slots=True)
class JointManner:
    """Range in degrees, top speed in degrees a second, and the time in seconds over which a small move is spread.

    `quick` joints have a time of their own, that of a blink or a syllable: no profile slows them, only warmth does.

    Acceleration and jerk follow. A goal that moves at most at `speed_deg_s` is smoothed with the minimum-jerk bell
    g(x) = 30 x^2 (1 - x)^2 of width T = `blend_s`; so acceleration is at most speed times the total variation of g,
    2 g(1/2) / T = 3.75 / T, and jerk speed times that of g', 4 g'(x) / T^2 = 4 * 5.7735 / T^2.
    """

    low_deg: float
    high_deg: float
    speed_deg_s: float
    blend_s: float
    quick: bool = False

    @property
    def acceleration_deg_s2(self) -> float:
        """The greatest acceleration that a move of this joint can have."""
        return 3.75 * self.speed_deg_s / self.blend_s

    @property
    def jerk_deg_s3(self) -> float:
        """The greatest jerk that a move of this joint can have."""
        return 23.1 * self.speed_deg_s / self.blend_s**2


_BROW = JointManner(-20.0, 20.0, 200.0, 0.20)
_LID = JointManner(-40.0, 15.0, 500.0, 0.08, quick=True)
_MOUTH = JointManner(-20.0, 20.0, 200.0, 0.20)

JOINT_MANNERS: Mapping[str, JointManner] = {
    "neck_pan": JointManner(-60.0, 60.0, 120.0, 0.30),
    "neck_tilt": JointManner(-20.0, 25.0, 90.0, 0.30),
    "brow_left": _BROW,
    "brow_right": _BROW,
    "lid_left": _LID,
    "lid_right": _LID,
    "eyes_pan": JointManner(-30.0, 30.0, 300.0, 0.10),
    "eyes_tilt": JointManner(-20.0, 20.0, 300.0, 0.10),
    "mouth_left": _MOUTH,
    "mouth_right": _MOUTH,
    "jaw": JointManner(0.0, 25.0, 300.0, 0.08, quick=True),
}
"""The heavy neck is eased longest, which keeps it quiet; a head without eyes turns 20 degrees in 0.45 s. A lid must
shut within a blink: an SG90-class servo does 500 degrees a second at 4.8 V (data sheet: 0.12 s for 60 degrees)."""


def values_deg(angles: JointAngles) -> tuple[float, ...]:
    """The angles in the order of `JOINTS`."""
    result: tuple[float, ...] = _values(angles)
    return result


def summed(first: JointAngles, *others: JointAngles) -> JointAngles:
    """Joint by joint, `first` plus all `others`."""
    total: tuple[float, ...] = _values(first)
    for other in others:
        total = tuple(map(add, total, _values(other)))
    return JointAngles(*total)


def by_joint(angles: JointAngles) -> dict[str, float]:
    """Joint name to degrees, rounded to a hundredth: finer than any servo, and short in a report."""
    return {joint: round(value, 2) + 0.0 for joint, value in zip(JOINTS, _values(angles), strict=True)}


def bounded(value: float, low: float, high: float) -> float:
    """`value` kept within `low..high`; not-a-number becomes 0."""
    if isnan(value):
        return 0.0
    return low if value < low else min(value, high)
