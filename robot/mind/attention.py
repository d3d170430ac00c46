"""Which face the robot attends to, and where to look.

Near and large wins, long in view helps, and a challenger must win clearly and for a while: two people side by side do
not make the gaze play ping-pong. When a tracker gives the same face a new number, its place and size tell that it is
the same person.
"""

from dataclasses import dataclass
from math import atan, degrees, hypot, radians, sqrt, tan

from robot.messages import Box, SeenFace, Sighting
from robot.mind.bearing import turned_deg

CAMERA_FIELD_OF_VIEW_DEG = 62.0
"""Horizontal field of view of the Raspberry Pi Camera Module 2 (62.2 degrees), near most webcams."""

SWITCH_RATIO = 1.3
"""A challenger must be this many times more prominent than the attended face. 1.3 in width is about 0.3 m at 1 m."""

SWITCH_AFTER_S = 0.7
"""... and stay so for this long."""

TURN_AFTER_S = 0.5
"""An attended face missing this long yields to another face that is there."""

FORGET_S = 2.0
"""A face missing this long was somebody else's visit when it comes back."""

LONGEVITY_BONUS = 0.2
"""How much more prominent a face gets for having been in view `LONGEVITY_S` or longer."""

LONGEVITY_S = 5.0

LIPS_STILL = 0.1
"""How likely somebody whose lips are still talks all the same, while somebody else's move."""


@dataclass(frozen=True, slots=True)
class Focus:
    """Whom the robot attends to.

    `visit` counts the people attended to so far (0: nobody yet); it changes when attention goes to somebody else.
    `face` is the attended face in the newest picture, None when this step brought no picture or the face is not in
    it; `sighting_id` names that picture, `looked` is True when there was one. `faces` is how many are in view.
    `pan_deg` and `tilt_deg` say where the attended face is or last was, positive left and up from the robot's point
    of view.

    `people` are the ids of those in company (`robot.mind.company`), who came first, first, and `person` is the attended
    one; `look_pan_deg` and `look_tilt_deg` say where to look, which goes around among several people. `newcomer_s` is
    when somebody was first seen who has just joined somebody else (None: nobody). `talkers` are those of them whose
    lips move.
    """

    visit: int
    face: SeenFace | None
    sighting_id: str | None
    looked: bool
    faces: int
    pan_deg: float
    tilt_deg: float
    people: tuple[int, ...] = ()
    person: int = 0
    look_pan_deg: float = 0.0
    look_tilt_deg: float = 0.0
    newcomer_s: float | None = None
    talkers: tuple[int, ...] = ()

    @property
    def voice_share(self) -> float:
        """How likely a voice is the attended person's, 0..1.

        One microphone cannot tell who of several talks; lips that move can. Whose lips cannot be seen may talk, too.
        """
        if self.talkers and len(self.people) > 1:
            return 1 / len(self.talkers) if self.person in self.talkers else LIPS_STILL
        return 1 / max(1, len(self.people))


NOBODY = Focus(visit=0, face=None, sighting_id=None, looked=False, faces=0, pan_deg=0.0, tilt_deg=0.0)


class Attention:
    """Chooses one face from each sighting. Pure state: the same sightings give the same choice."""

    def __init__(self, field_of_view_deg: float = CAMERA_FIELD_OF_VIEW_DEG, forget_s: float = FORGET_S) -> None:
        self._half_width = tan(radians(field_of_view_deg) / 2)
        self._forget_s = forget_s
        self._focus = NOBODY
        self._track: int | None = None
        self._box = Box(0.0, 0.0, 0.0, 0.0)
        self._seen_s = 0.0
        self._first_seen_s: dict[int, float] = {}
        self._last_seen_s: dict[int, float] = {}
        self._challenger: int | None = None
        self._challenger_since_s = 0.0

    def step(self, t_s: float, sighting: Sighting | None) -> Focus:
        """Attend to one face of `sighting` (None: no new picture since the last step)."""
        if sighting is None:
            if self._focus.looked:
                self._focus = self._unlooked()
            return self._focus
        self._remember(t_s, sighting)
        chosen = self._choose(t_s, sighting)
        if chosen is None:
            self._focus = Focus(
                self._focus.visit,
                None,
                sighting.id,
                True,
                len(sighting.faces),
                self._focus.pan_deg,
                self._focus.tilt_deg,
            )
            return self._focus
        self._focus = self._attend(t_s, sighting, chosen)
        return self._focus

    def _unlooked(self) -> Focus:
        last = self._focus
        return Focus(last.visit, None, None, False, last.faces, last.pan_deg, last.tilt_deg)

    def _remember(self, t_s: float, sighting: Sighting) -> None:
        for face in sighting.faces:
            self._first_seen_s.setdefault(face.track, t_s)
            self._last_seen_s[face.track] = t_s
        for track in [track for track, seen_s in self._last_seen_s.items() if t_s - seen_s > self._forget_s]:
            del self._last_seen_s[track], self._first_seen_s[track]

    def _choose(self, t_s: float, sighting: Sighting) -> SeenFace | None:
        if not sighting.faces:
            self._challenger = None
            return None
        best = max(sighting.faces, key=lambda face: self._prominence(t_s, face))
        current = next((face for face in sighting.faces if face.track == self._track), None)
        if current is None:
            missing_s = t_s - self._seen_s
            same = self._same_place(sighting, missing_s)
            if same is not None:
                return same
            return best if self._track is None or missing_s >= TURN_AFTER_S else None
        return best if self._challenged(t_s, best, current) else current

    def _challenged(self, t_s: float, best: SeenFace, current: SeenFace) -> bool:
        """True once `best` has clearly outdone the attended face for `SWITCH_AFTER_S`."""
        outdone = self._prominence(t_s, best) > SWITCH_RATIO * self._prominence(t_s, current)
        if best.track == current.track or not outdone:
            self._challenger = None
            return False
        if best.track != self._challenger:
            self._challenger, self._challenger_since_s = best.track, t_s
        return t_s - self._challenger_since_s >= SWITCH_AFTER_S

    def _same_place(self, sighting: Sighting, missing_s: float) -> SeenFace | None:
        """The face that stands where the attended one was lost: within a face's width, of about its size."""
        if self._track is None or missing_s > self._forget_s:
            return None
        x, y = self._box.centre
        near: list[tuple[float, int, SeenFace]] = []
        for face in sighting.faces:
            if self._first_seen_s[face.track] < self._seen_s:
                continue  # it was there beside the attended one: somebody else
            face_x, face_y = face.box.centre
            distance = hypot(face_x - x, face_y - y)
            alike = 0.6 * self._box.width <= face.box.width <= 1.67 * self._box.width
            if distance <= self._box.width and alike:
                near.append((distance, face.track, face))
        return min(near, key=lambda entry: entry[:2])[2] if near else None

    def _prominence(self, t_s: float, face: SeenFace) -> float:
        size = sqrt(max(0.0, face.box.width * face.box.height))
        in_view_s = min(LONGEVITY_S, t_s - self._first_seen_s[face.track])
        return size * face.score * (1 + LONGEVITY_BONUS * in_view_s / LONGEVITY_S)

    def _attend(self, t_s: float, sighting: Sighting, face: SeenFace) -> Focus:
        missing_s = t_s - self._seen_s
        same = face.track == self._track or self._same_place(sighting, missing_s) is face
        visit = self._focus.visit + (0 if same and missing_s <= self._forget_s else 1)
        if face.track == self._challenger:
            self._challenger = None
        self._track, self._box, self._seen_s = face.track, face.box, t_s
        seen_deg = gaze_deg(face.box, sighting.width_px, sighting.height_px, self._half_width)
        pan_deg, tilt_deg = turned_deg(*seen_deg, sighting.camera_pan_deg, sighting.camera_tilt_deg)
        return Focus(visit, face, sighting.id, True, len(sighting.faces), pan_deg, tilt_deg)


def gaze_deg(box: Box, width_px: int, height_px: int, half_width: float) -> tuple[float, float]:
    """Pan and tilt towards the middle of `box`, in degrees, for a pinhole camera looking straight ahead.

    `half_width` is the tangent of half the horizontal field of view. The picture is not mirrored: its left is the
    robot's left. The angles never leave the field of view.
    """
    x, y = box.centre
    half_height = half_width * height_px / max(1, width_px)
    pan_deg = degrees(atan((1 - 2 * min(1.0, max(0.0, x))) * half_width))
    tilt_deg = degrees(atan((1 - 2 * min(1.0, max(0.0, y))) * half_height))
    return round(pan_deg, 3), round(tilt_deg, 3)
