"""A closer look, in the time between two frames: where faces look, what heads and hands say.

It is taken of the last frame after that was passed on, and stands in the next sightings, so that finding faces and
reading an expression are never late for it. It has low rates of its own, and is left out first when time is short.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hardware.ports import Frame
from robot.config import SightSettings
from robot.errors import InferenceError
from robot.messages import Gesture, Intensities, Regard, SeenFace, SeenHand
from robot.senses.sight.attention import Attending
from robot.senses.sight.blazeface import Detection
from robot.senses.sight.hand_gestures import HandGestures, hand_box, hand_quality
from robot.senses.sight.hands import Hand
from robot.senses.sight.landmarks import LEAST_PRESENCE, Marks
from robot.senses.sight.thrift import Thrift

FRESH_S = 0.45
"""What was seen longer ago is not passed on any more."""
GESTURE_S = 0.5
KEEP_S = 2.0
"""How long somebody who is out of view is remembered, and hands are looked for after the last face."""


class PointReader(Protocol):
    """Anything that finds the points on a face."""

    def read(self, pixels: NDArray[np.uint8], face: Detection) -> Marks:
        """The points of a face found in uint8 RGB (h, w, 3). Raises InferenceError."""
        ...


class ShapeReader(Protocol):
    """Anything that says how strongly parts of a face move."""

    def read(self, marks: Marks) -> Intensities:
        """From the points of a face. Raises InferenceError."""
        ...


class HandFinder(Protocol):
    """Anything that finds hands."""

    def find(self, pixels: NDArray[np.uint8], small: NDArray[np.uint8] | None) -> Hand | None:
        """The raised hand in uint8 RGB (h, w, 3), if there is one; `small`, the same picture, is searched first.

        Raises InferenceError.
        """
        ...


class CloserLook:
    """Remembers what the closer looks found. `faults` counts the networks' failures; nothing is raised.

    `points`, `shapes` and `hands` are None where they are switched off or not allowed.
    """

    def __init__(
        self,
        points: PointReader | None,
        shapes: ShapeReader | None,
        hands: HandFinder | None,
        settings: SightSettings,
        now_s: Callable[[], float],
    ) -> None:
        self.faults = 0
        self._points, self._shapes, self._hands = points, shapes, hands
        self._faces_due = Thrift(settings.attention_per_s if points is not None else 0.0)
        self._hands_due = Thrift(settings.hands_per_s if hands is not None else 0.0)
        self._most_faces = settings.attention_faces
        self._now_s = now_s
        self._people: dict[int, Attending] = {}
        self._hand_gestures = HandGestures()
        self._gestures: deque[Gesture] = deque(maxlen=32)
        self._hand: SeenHand | None = None
        self._face_s = float("-inf")

    @property
    def skipped(self) -> int:
        """Looks left out for want of time."""
        return self._faces_due.skipped + self._hands_due.skipped

    def look(self, frame: Frame, faces: Sequence[tuple[SeenFace, Detection]], spare_s: float) -> None:
        """Look closer at a frame with its faces, largest first. `spare_s` is the time until the next look."""
        t_s, start_s = frame.t_s, self._now_s()
        if faces:
            self._face_s = t_s
            if self._faces_due.due(t_s, spare_s):
                for seen, face in faces[: self._most_faces]:
                    self._look_at_face(t_s, frame.pixels, seen, face)
                self._faces_due.took(self._now_s() - start_s)
                spare_s -= self._now_s() - start_s
        self._forget(t_s)
        if t_s - self._face_s <= KEEP_S and self._hands_due.due(t_s, spare_s):
            start_s = self._now_s()
            self._look_for_hand(frame, tuple(seen for seen, _ in faces))
            self._hands_due.took(self._now_s() - start_s)

    def regard(self, track: int, t_s: float) -> Regard | None:
        """How the face with this number attends, as of `t_s`; None if that is not known or too long ago."""
        person = self._people.get(track)
        last = person.last if person is not None else None
        return last if last is not None and 0.0 <= t_s - last.t_s <= FRESH_S else None

    def hands(self, t_s: float) -> tuple[SeenHand, ...]:
        """The hands in view at `t_s`."""
        hand = self._hand
        return (hand,) if hand is not None and 0.0 <= t_s - hand.t_s <= FRESH_S else ()

    def gestures(self, t_s: float) -> tuple[Gesture, ...]:
        """The gestures of the last half second before `t_s`, oldest first."""
        return tuple(gesture for gesture in self._gestures if 0.0 <= t_s - gesture.t_s <= GESTURE_S)

    def _look_at_face(self, t_s: float, pixels: NDArray[np.uint8], seen: SeenFace, face: Detection) -> None:
        if self._points is None:
            return
        try:
            marks = self._points.read(pixels, face)
            felt = self._shapes.read(marks) if self._shapes is not None and marks.presence >= LEAST_PRESENCE else None
        except InferenceError:
            self.faults += 1
            return
        if marks.presence < LEAST_PRESENCE:
            return
        person = self._people.setdefault(seen.track, Attending(seen.track))
        _, gestures = person.step(t_s, marks, seen.box.width * pixels.shape[1], felt)
        self._gestures.extend(gestures)

    def _look_for_hand(self, frame: Frame, faces: tuple[SeenFace, ...]) -> None:
        if self._hands is None:
            return
        try:
            hand = self._hands.find(frame.pixels, frame.small)
        except InferenceError:
            self.faults += 1
            return
        size_px = frame.pixels.shape[1], frame.pixels.shape[0]
        self._gestures.extend(self._hand_gestures.step(frame.t_s, hand, size_px, faces))
        self._hand = None
        if hand is not None:
            self._hand = SeenHand(
                t_s=frame.t_s,
                box=hand_box(hand, size_px),
                right=hand.right >= 0.5,
                shape=hand.shape,
                confidence=round(hand.confidence, 2),
                quality=round(hand_quality(hand), 3),
            )

    def _forget(self, t_s: float) -> None:
        gone = [
            track
            for track, person in self._people.items()
            if person.last is not None and not 0.0 <= t_s - person.last.t_s <= KEEP_S
        ]
        for track in gone:
            del self._people[track]
