"""How one person attends: looking at the robot or away, eyes shut, talking, leaning, and the gestures of the head.

The points of a single frame jitter, so the gaze is smoothed a little, and `looking` changes only when the gaze has been
past the farther bound, or within the nearer one, in two looks running.
"""

from collections.abc import Sequence

import numpy as np

from robot.messages import Gesture, Intensities, Regard
from robot.senses.sight.head_gestures import HeadGestures, Held
from robot.senses.sight.head_pose import EYES, HeadPose, eye_openings, eyes_in_head_deg, head_pose, mouth_opening
from robot.senses.sight.landmarks import LEAST_PRESENCE, Marks
from robot.senses.sight.patch import Floats
from robot.senses.sight.quality import ramp
from robot.senses.sight.swings import Swings

NEAR_DEG = (12.0, 16.0)
FAR_DEG = (17.0, 22.0)
"""Within the first the gaze (to a side, up or down) is at the robot, beyond the second it is not; up and down is told
less exactly, and a camera sits above or below the face that people look at."""
HEAD_DEG = (30.0, 35.0)
"""A head turned further is turned away, wherever the eyes are."""
EYES_DEG = 24.0
"""Eyes turned further in the head than this glance aside: people who attend turn their head, too."""
FADE_DEG = 40.0
"""The further a head is turned, the more the iris seems turned back, whoever looks where: on a head turned so far it is
not believed at all. Chosen on clips of every other person of those that are measured (`tools.benchmark.attention`)."""
LOOKS_TO_CHANGE = 2
SMOOTH_S = 0.12
"""Time constant of the smoothed gaze."""

SHUT, OPEN = 0.12, 0.16
"""Height of the eyes over their width at which they count as shut, and as open again; a blink is 0.06, a smile 0.2."""
BLINK_S = 0.6
"""Eyes shut for longer are not a blink: nobody is looked at."""

LIPS_SWING, LIPS_SWINGS, LIPS_S = 0.010, 3, 1.2
"""Lips that have moved to and fro so far and so often within this time are talking."""
TALK_HOLD_S = 0.6

USUAL_S = 12.0
"""Time constant of the usual size of a face, to which leaning is told."""
SETTLE_S = 2.0
"""Until then somebody who comes closer is still arriving."""

SIDE_PX = (24.0, 60.0)
PROFILE_DEG = (65.0, 40.0)
"""Quality is 0 at the first and 1 at the second: the size of the face, and how far the head is turned away."""


class Attending:
    """Follows one face. `step` is called for each look at it, in order of time."""

    def __init__(self, track: int) -> None:
        self._gaze_deg: tuple[float, float] | None = None
        self._seen_s = float("-inf")
        self._looking = False
        self._against = 0
        self._shut_since_s: float | None = None
        self._lips = Swings(LIPS_SWING, LIPS_S)
        self._talked_s = float("-inf")
        self._usual = 0.0
        self._first_s: float | None = None
        self._gestures = HeadGestures(track)
        self.last: Regard | None = None

    def step(
        self, t_s: float, marks: Marks, side_px: float, felt: Intensities | None
    ) -> tuple[Regard, tuple[Gesture, ...]]:
        """What the points of a face with a box of `side_px` say, and the gestures that are complete with them."""
        pose = head_pose(marks.points)
        quality = round(_quality(marks, side_px, pose), 3)
        shut = self._shut(t_s, eye_openings(marks.points))
        eyes_deg = _faded(eyes_in_head_deg(marks.points), pose.pan_deg)
        gaze_deg = self._smooth(t_s, pose, eyes_deg, shut)
        excess = _excess(gaze_deg, pose, eyes_deg[0])
        self._look(t_s, excess)
        mouth = mouth_opening(marks.points)
        lean = self._lean(t_s, _scale(marks.points))
        regard = Regard(
            t_s=t_s,
            head_pan_deg=round(pose.pan_deg, 1),
            head_tilt_deg=round(pose.tilt_deg, 1),
            head_roll_deg=round(pose.roll_deg, 1),
            gaze_pan_deg=round(gaze_deg[0], 1),
            gaze_tilt_deg=round(gaze_deg[1], 1),
            looking=self._looking,
            sure=round(min(1.0, 0.5 + abs(1.0 - excess)), 2),
            eyes_closed=shut,
            mouth=round(min(1.0, mouth), 3),
            talking=self._talks(t_s, mouth),
            lean=round(lean, 3),
            quality=quality,
            intensities=felt,
        )
        self.last = regard
        held = Held(pose.pan_deg, pose.tilt_deg, pose.roll_deg, self._settled(t_s, lean), quality)
        return regard, self._gestures.step(t_s, held)

    def _shut(self, t_s: float, openings: tuple[float, float]) -> bool:
        height = sum(openings) / len(openings)
        was = self._shut_since_s is not None
        if height > OPEN or (height > SHUT and not was):
            self._shut_since_s = None
        elif not was:
            self._shut_since_s = t_s
        return self._shut_since_s is not None

    def _smooth(self, t_s: float, pose: HeadPose, eyes_deg: tuple[float, float], shut: bool) -> tuple[float, float]:
        """The gaze; behind shut lids it is where it was."""
        passed_s, self._seen_s = t_s - self._seen_s, t_s
        before = self._gaze_deg
        if shut and before is not None:
            return before
        now = (pose.pan_deg + eyes_deg[0], pose.tilt_deg + eyes_deg[1])
        if before is not None:
            share = 1.0 - float(np.exp(-max(passed_s, 0.0) / SMOOTH_S))
            now = (before[0] + share * (now[0] - before[0]), before[1] + share * (now[1] - before[1]))
        self._gaze_deg = now
        return now

    def _look(self, t_s: float, excess: float) -> None:
        asleep = self._shut_since_s is not None and t_s - self._shut_since_s > BLINK_S
        meets = not asleep and excess <= (FAR_DEG[0] / NEAR_DEG[0] if self._looking else 1.0)
        self._against = self._against + 1 if meets != self._looking else 0
        if self._against >= LOOKS_TO_CHANGE or self.last is None:
            self._looking, self._against = meets, 0

    def _talks(self, t_s: float, mouth: float) -> bool:
        if len(self._lips.add(t_s, mouth)) >= LIPS_SWINGS:
            self._talked_s = t_s
        return t_s - self._talked_s <= TALK_HOLD_S

    def _lean(self, t_s: float, scale: float) -> float:
        if self._first_s is None:
            self._first_s, self._usual = t_s, scale
        lean = scale / max(self._usual, 1e-6)
        settling = t_s - self._first_s < SETTLE_S
        passed_s = 0.0 if self.last is None else max(t_s - self.last.t_s, 0.0)
        share = 1.0 - float(np.exp(-passed_s / (0.3 if settling else USUAL_S)))
        self._usual += share * (scale - self._usual)
        return lean

    def _settled(self, t_s: float, lean: float) -> float:
        return 1.0 if self._first_s is None or t_s - self._first_s < SETTLE_S else lean


def _scale(points: Floats) -> float:
    """The size of a face in pixels that turning it does not change: between the outer corners of the eyes, in depth."""
    return float(np.linalg.norm(points[EYES[1].right] - points[EYES[0].left]))


def _faded(eyes_deg: tuple[float, float], head_pan_deg: float) -> tuple[float, float]:
    share = max(0.0, 1.0 - abs(head_pan_deg) / FADE_DEG)
    return eyes_deg[0] * share, eyes_deg[1] * share


def _excess(gaze_deg: tuple[float, float], pose: HeadPose, eyes_pan_deg: float) -> float:
    """How far the gaze is from the robot: below 1 within the nearer bounds."""
    pairs: Sequence[tuple[float, float]] = (
        (gaze_deg[0], NEAR_DEG[0]),
        (gaze_deg[1], NEAR_DEG[1]),
        (pose.pan_deg, HEAD_DEG[0]),
        (pose.tilt_deg, HEAD_DEG[1]),
        (eyes_pan_deg, EYES_DEG),
    )
    return max(abs(value) / bound for value, bound in pairs)


def _quality(marks: Marks, side_px: float, pose: HeadPose) -> float:
    presence = (marks.presence - LEAST_PRESENCE) / (1.0 - LEAST_PRESENCE)
    return max(0.0, min(presence, ramp(side_px, SIDE_PX), ramp(abs(pose.pan_deg), PROFILE_DEG)))
