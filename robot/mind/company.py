"""Everybody in view: who came first, who is new, and that a face with a new number is still the same person."""

from dataclasses import dataclass
from math import hypot, radians, sqrt, tan

from robot.messages import Box, SeenFace, Sighting
from robot.mind.attention import CAMERA_FIELD_OF_VIEW_DEG, FORGET_S, gaze_deg
from robot.mind.bearing import turned_deg

SIGHTINGS_TO_COUNT = 2
"""One frame with a face is nobody yet."""

GONE_S = 0.5
"""A face missing this long is not looked at any more."""

NEAR = 0.5
"""Who is at least this prominent beside the most prominent is in the company; further back people pass by. Half the
width is twice the distance."""


@dataclass(slots=True)
class Person:
    """Somebody in view. `id` counts the people seen; times are on the robot's clock; angles as in `Focus`."""

    id: int
    track: int
    box: Box
    prominence: float
    pan_deg: float
    tilt_deg: float
    first_s: float
    last_s: float
    count: int = 1


class Company:
    """Keeps everybody in view apart. Pure state: the same sightings give the same people."""

    def __init__(self, field_of_view_deg: float = CAMERA_FIELD_OF_VIEW_DEG, forget_s: float = FORGET_S) -> None:
        self._half_width = tan(radians(field_of_view_deg) / 2)
        self._forget_s = forget_s
        self._people: list[Person] = []
        self._count = 0
        self.newcomers: tuple[Person, ...] = ()

    def step(self, t_s: float, sighting: Sighting | None) -> tuple[Person, ...]:
        """Those in the company now, who came first comes first. `newcomers` are those who count since this step."""
        self.newcomers = ()
        if sighting is None:
            return self._near(t_s)
        before = {person.id for person in self._near(t_s)}
        self._people = [person for person in self._people if t_s - person.last_s <= self._forget_s]
        known = {person.track: person for person in self._people}
        unknown = [face for face in sighting.faces if face.track not in known]
        for face in sighting.faces:
            if face.track in known:
                self._update(known[face.track], t_s, sighting, face)
        for face in unknown:
            person = self._moved(t_s, face)
            if person is None:
                self._count += 1
                person = Person(self._count, face.track, face.box, 0.0, 0.0, 0.0, t_s, t_s, count=0)
                self._people.append(person)
            self._update(person, t_s, sighting, face)
        now = self._near(t_s)
        self.newcomers = tuple(
            person for person in now if person.id not in before and person.count == SIGHTINGS_TO_COUNT
        )
        return now

    def person_of(self, track: int) -> int:
        """The id of the person with this track; 0 if nobody has it."""
        return next((person.id for person in self._people if person.track == track), 0)

    def _update(self, person: Person, t_s: float, sighting: Sighting, face: SeenFace) -> None:
        person.track, person.box, person.last_s = face.track, face.box, t_s
        person.prominence = sqrt(max(0.0, face.box.width * face.box.height)) * face.score
        seen_deg = gaze_deg(face.box, sighting.width_px, sighting.height_px, self._half_width)
        person.pan_deg, person.tilt_deg = turned_deg(*seen_deg, sighting.camera_pan_deg, sighting.camera_tilt_deg)
        person.count += 1

    def _moved(self, t_s: float, face: SeenFace) -> Person | None:
        """Whoever was lost where this face stands now: within a face's width, of about its size."""
        x, y = face.box.centre
        lost: list[tuple[float, int, Person]] = []
        for person in self._people:
            at_x, at_y = person.box.centre
            away = hypot(at_x - x, at_y - y)
            alike = 0.6 * person.box.width <= face.box.width <= 1.67 * person.box.width
            if person.last_s < t_s and away <= person.box.width and alike:
                lost.append((away, person.id, person))
        return min(lost, key=lambda entry: entry[:2])[2] if lost else None

    def _near(self, t_s: float) -> tuple[Person, ...]:
        there = [
            person for person in self._people if person.count >= SIGHTINGS_TO_COUNT and t_s - person.last_s < GONE_S
        ]
        most = max((person.prominence for person in there), default=0.0)
        return tuple(person for person in there if person.prominence >= NEAR * most)
