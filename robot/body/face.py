"""From a feeling to a face: the circumplex of valence and arousal (Russell 1980) as a surface of poses.

Twelve anchor poses lie on a grid over the plane. In between, neighbours are blended with a smooth step, so that the
face is continuous in valence and arousal with its slope, and every anchor is met exactly. The anchors follow the
action units that people read (Ekman and Friesen 1978): smile AU12, inner brow raised AU1, brow lowered AU4, lid raised
AU5, lip corner lowered AU15, jaw dropped AU26. They are ordered so that more valence never lowers a mouth corner and
more arousal never closes a lid.
"""

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, replace

from hardware.ports import JointAngles
from robot.body.joints import bounded, summed


@dataclass(frozen=True, slots=True)
class Expression:
    """A symmetric face, in the degrees of `JointAngles`."""

    brow_deg: float
    lid_deg: float
    mouth_deg: float
    tilt_deg: float
    jaw_deg: float


ANCHORS: dict[str, tuple[float, float, Expression]] = {
    "afraid": (-1.0, 1.0, Expression(brow_deg=14, lid_deg=12, mouth_deg=-10, tilt_deg=-4, jaw_deg=4)),
    "surprised": (0.0, 1.0, Expression(brow_deg=16, lid_deg=14, mouth_deg=0, tilt_deg=3, jaw_deg=8)),
    "excited": (1.0, 1.0, Expression(brow_deg=12, lid_deg=9, mouth_deg=18, tilt_deg=5, jaw_deg=5)),
    "angry": (-1.0, 0.5, Expression(brow_deg=-16, lid_deg=2, mouth_deg=-14, tilt_deg=-2, jaw_deg=0)),
    "curious": (0.0, 0.5, Expression(brow_deg=8, lid_deg=7, mouth_deg=2, tilt_deg=2, jaw_deg=0)),
    "cheerful": (1.0, 0.5, Expression(brow_deg=7, lid_deg=4, mouth_deg=17, tilt_deg=4, jaw_deg=2)),
    "upset": (-1.0, 0.0, Expression(brow_deg=4, lid_deg=-5, mouth_deg=-12, tilt_deg=-3, jaw_deg=0)),
    "neutral": (0.0, 0.0, Expression(brow_deg=0, lid_deg=0, mouth_deg=0, tilt_deg=0, jaw_deg=0)),
    "happy": (1.0, 0.0, Expression(brow_deg=4, lid_deg=0, mouth_deg=15, tilt_deg=3, jaw_deg=0)),
    "sad": (-1.0, -1.0, Expression(brow_deg=12, lid_deg=-16, mouth_deg=-14, tilt_deg=-10, jaw_deg=0)),
    "tired": (0.0, -1.0, Expression(brow_deg=-2, lid_deg=-22, mouth_deg=-2, tilt_deg=-8, jaw_deg=0)),
    "calm": (1.0, -1.0, Expression(brow_deg=0, lid_deg=-12, mouth_deg=9, tilt_deg=-2, jaw_deg=0)),
}
"""Name to (valence, arousal, pose)."""

_VALENCES = (-1.0, 0.0, 1.0)
_AROUSALS = (-1.0, 0.0, 0.5, 1.0)
_GRID = {(valence, arousal): pose for valence, arousal, pose in ANCHORS.values()}

ASLEEP = JointAngles(
    neck_tilt_deg=-12.0,
    brow_left_deg=-2.0,
    brow_right_deg=-2.0,
    lid_left_deg=-40.0,
    lid_right_deg=-40.0,
    mouth_left_deg=2.0,
    mouth_right_deg=2.0,
)
"""The sleeping face: eyes shut, chin down, a trace of a smile. It looks at nothing."""

TOUCHES: dict[str, JointAngles] = {
    "curious": JointAngles(neck_tilt_deg=3.0, brow_left_deg=7.0, brow_right_deg=-4.0),
}
"""What a state of the behaviour adds to the mood's pose: one brow up is a question that no symmetric face can ask."""

NECK_DEAD_PAN_DEG, NECK_PAN_SHARE = 8.0, 0.8
NECK_DEAD_TILT_DEG, NECK_TILT_SHARE = 5.0, 0.7
"""Small gaze shifts are made with the eyes alone, larger ones take the head along (Guitton and Volle 1987). The numbers
are ours; a dead zone also keeps the neck servo quiet while a face sways a little."""


def mood_pose(valence: float, arousal: float) -> JointAngles:
    """The face for a feeling, each coordinate -1..1 (held there; not-a-number counts as 0). Gaze is straight ahead."""
    column, across = _cell(bounded(valence, -1.0, 1.0), _VALENCES)
    row, up = _cell(bounded(arousal, -1.0, 1.0), _AROUSALS)
    left, right = _VALENCES[column], _VALENCES[column + 1]
    below, above = _AROUSALS[row], _AROUSALS[row + 1]
    corners = (
        (_GRID[left, below], (1 - across) * (1 - up)),
        (_GRID[right, below], across * (1 - up)),
        (_GRID[left, above], (1 - across) * up),
        (_GRID[right, above], across * up),
    )
    brow = sum(pose.brow_deg * weight for pose, weight in corners)
    lid = sum(pose.lid_deg * weight for pose, weight in corners)
    mouth = sum(pose.mouth_deg * weight for pose, weight in corners)
    return JointAngles(
        neck_tilt_deg=sum(pose.tilt_deg * weight for pose, weight in corners),
        brow_left_deg=brow,
        brow_right_deg=brow,
        lid_left_deg=lid,
        lid_right_deg=lid,
        mouth_left_deg=mouth,
        mouth_right_deg=mouth,
        jaw_deg=sum(pose.jaw_deg * weight for pose, weight in corners),
    )


def gaze_pose(pan_deg: float, tilt_deg: float, eyes: Collection[str] = ("eyes_pan", "eyes_tilt")) -> JointAngles:
    """The neck's part in looking `pan_deg` left and `tilt_deg` up; the eyes take the rest, tick by tick.

    `eyes` are the joints of the eyes that the face has. Without them the neck does it all.
    """
    pan_deg, tilt_deg = bounded(pan_deg, -90.0, 90.0), bounded(tilt_deg, -45.0, 45.0)
    return JointAngles(
        neck_pan_deg=NECK_PAN_SHARE * _beyond(pan_deg, NECK_DEAD_PAN_DEG) if "eyes_pan" in eyes else pan_deg,
        neck_tilt_deg=NECK_TILT_SHARE * _beyond(tilt_deg, NECK_DEAD_TILT_DEG) if "eyes_tilt" in eyes else tilt_deg,
    )


def sleeping_pose(ails: JointAngles) -> JointAngles:
    """The sleeping face; of an ailment only the mouth and the brows show, for the eyes stay shut and the head down."""
    return summed(
        ASLEEP,
        replace(ails, neck_pan_deg=0.0, neck_tilt_deg=0.0, lid_left_deg=0.0, lid_right_deg=0.0, jaw_deg=0.0),
    )


def _cell(value: float, marks: tuple[float, ...]) -> tuple[int, float]:
    """Which gap between `marks` holds `value`, and how far across it, 0..1 through a smooth step."""
    index = min(bisect_right(marks, value), len(marks) - 1) - 1
    x = (value - marks[index]) / (marks[index + 1] - marks[index])
    return index, x * x * (3.0 - 2.0 * x)


def _beyond(value: float, dead: float) -> float:
    return value - bounded(value, -dead, dead)
