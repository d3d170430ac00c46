"""The robot's sight: one frame in, one Sighting out."""

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from hardware.ports import Frame
from robot.config import SightSettings
from robot.errors import InferenceError
from robot.messages import Box, FaceQuality, OwnMotion, Percept, SeenFace, Sighting
from robot.senses.sight.blazeface import Detection, roll_rad
from robot.senses.sight.closer_look import CloserLook
from robot.senses.sight.crop import Framing, face_crop
from robot.senses.sight.detector import FaceFinder
from robot.senses.sight.expression import ExpressionJudge
from robot.senses.sight.frames import brightness, check_frame
from robot.senses.sight.quality import face_quality
from robot.senses.sight.second_opinion import evidence
from robot.senses.sight.tracking import Track, Tracker

LEAST_QUALITY = 0.05
"""A face below it (a profile, a dark blot) says nothing about an expression, and the model is not asked."""
LEAST_SIDE_PX = 4.0
"""Boxes below it are no faces that anything could be said about."""
DECIMALS = 5
"""Places in a picture are rounded to this: a hundredth of a pixel."""


class Sight:
    """Finds faces, follows them, and reads the expression of the largest ones.

    `expression` is None where policy forbids feelings or the model is refused; everything else goes on. Where its model
    may be replaced meanwhile, `latest` is asked before each frame which version reads it: one for the whole sighting.
    `closer` is None where neither attention nor hands are read. `faults` counts the times a model failed; what it was
    asked is then left out of the sighting, and nothing is raised.
    """

    def __init__(
        self,
        detector: FaceFinder,
        expression: ExpressionJudge | None,
        settings: SightSettings,
        latest: Callable[[], ExpressionJudge] | None = None,
        closer: CloserLook | None = None,
        numbers: Iterator[int] | None = None,
    ) -> None:
        self.faults = 0
        self.closer = closer
        self._last: tuple[Frame, list[tuple[SeenFace, Detection]]] | None = None
        self._detector = detector
        self._expression = expression
        self._latest = latest
        self._settings = settings
        self._framing = expression.framing if expression is not None else Framing()
        self._tracker = Tracker()
        self._count = itertools.count() if numbers is None else numbers

    def see(self, frame: Frame, own: OwnMotion | None) -> Sighting:
        """What a frame shows. While `own` says that the head moves, faces are looked for further from where they were.

        Raises:
            MediaError: the frame is no picture.
        """
        check_frame(frame)
        if self._latest is not None:
            self._expression = self._latest()
            self._framing = self._expression.framing
        height_px, width_px = frame.pixels.shape[:2]
        looked_at = frame.pixels if frame.small is None else frame.small
        tracks = self._follow(frame.t_s, looked_at, own)
        faces = [self._face(rank, track, frame.pixels, frame.t_s) for rank, track in enumerate(tracks)]
        closer = self.closer
        if closer is not None:
            detections = [track.detection for track in tracks]
            self._last = frame, list(zip(faces, detections, strict=True))
        return Sighting(
            id=f"s{next(self._count)}",
            t_s=frame.t_s,
            frame=frame.seq,
            width_px=width_px,
            height_px=height_px,
            brightness=round(brightness(looked_at), 4),
            faces=tuple(faces),
            hands=closer.hands(frame.t_s) if closer is not None else (),
            gestures=closer.gestures(frame.t_s) if closer is not None else (),
        )

    def forget(self) -> None:
        """Let go of the last frame: nobody may look at it any more."""
        self._last = None

    def look_closer(self, spare_s: float) -> None:
        """Read gaze, head and hands in the last frame, once, if they are due and `spare_s` until the next look allow.

        What is found stands in the sightings from then on.
        """
        last, self._last = self._last, None
        if last is not None and self.closer is not None:
            self.closer.look(*last, spare_s)

    def _follow(self, t_s: float, pixels: NDArray[np.uint8], own: OwnMotion | None) -> list[Track]:
        """The faces in view with their numbers, largest first, at most `max_faces`."""
        try:
            found = self._detector.find(pixels)
        except InferenceError:
            self.faults += 1
            return []
        height_px, width_px = pixels.shape[:2]
        real = [face for face in found if _usable(face, width_px, height_px)]
        largest = sorted(real, key=_area, reverse=True)[: self._settings.max_faces]
        reach_factor = 1.0 + (own.servo_speed if own is not None else 0.0)
        return list(self._tracker.update(t_s, largest, reach_factor))

    def _face(self, rank: int, track: Track, pixels: NDArray[np.uint8], t_s: float) -> SeenFace:
        """One face as a message, with its expression if it is among the largest ones."""
        face = track.detection
        height_px, width_px = pixels.shape[:2]
        eyes = face.points[0], face.points[1]
        roll = roll_rad(eyes, width_px, height_px)
        crop = face_crop(pixels, face.box, roll=roll, framing=self._framing)
        quality = face_quality(crop, face, width_px, height_px)
        left, top, width, height = (round(value, DECIMALS) for value in face.box)
        regard = self.closer.regard(track.number, t_s) if self.closer is not None else None
        opinion = evidence(regard, t_s, width * width_px)
        return SeenFace(
            track=track.number,
            box=Box(left, top, width, height),
            score=round(face.score, 4),
            eyes=(_rounded(eyes[0]), _rounded(eyes[1])),
            roll_deg=round(math.degrees(roll), 2),
            quality=quality,
            expression=self._read(crop, quality, opinion) if rank < self._settings.expression_faces else None,
            regard=regard,
        )

    def _read(self, crop: NDArray[np.uint8], quality: FaceQuality, opinion: dict[str, float]) -> Percept | None:
        judge = self._expression
        if judge is None or quality.overall < LEAST_QUALITY:
            return None
        try:
            return judge.judge(crop, quality.overall, opinion) if opinion else judge.judge(crop, quality.overall)
        except InferenceError:
            self.faults += 1
            return None


def _area(face: Detection) -> float:
    return face.box[2] * face.box[3]


def _usable(face: Detection, width_px: int, height_px: int) -> bool:
    """Whether a detection is a box of some size whose middle lies in the picture."""
    left, top, width, height = face.box
    numbers = (*face.box, *(value for point in face.points for value in point))
    if not all(math.isfinite(value) for value in numbers):
        return False
    inside = 0.0 <= left + width / 2 <= 1.0 and 0.0 <= top + height / 2 <= 1.0
    return inside and width * width_px >= LEAST_SIDE_PX and height * height_px >= LEAST_SIDE_PX


def _rounded(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)
