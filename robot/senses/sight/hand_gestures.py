"""Signs of a hand: a shape that is held, or a wave. One look at a hand is no sign yet."""

import math
from collections import deque

from robot.messages import Box, Gesture, SeenFace
from robot.senses.sight.hands import Hand
from robot.senses.sight.swings import Swings

LEAST_SURE = 0.5
LOOKS: dict[str, int] = {
    "open_palm": 2,
    "thumb_up": 2,
    "thumb_down": 2,
    "victory": 2,
    "pointing": 3,
    "fist": 3,
}
"""How many looks running a shape must be seen. A fist is made in passing, and so is a finger."""
GONE_S = 0.7
"""A shape not seen for so long may be made anew."""
STILL_SIZES = 0.35
"""A palm that moves further than this (in sizes of the hand) from look to look waves or reaches: that is no stop."""
UPRIGHT_DEG = 50.0
"""A palm says stop with its fingers up, within this."""

WAVING = frozenset({"open_palm", "none"})
WAVE_S = 2.0
WAVE_SIZES = 0.25
WAVE_SWINGS = 3
WAVE_RISE = 0.7
"""A wave goes to and fro, at least so far and often, and up and down less than this share of that."""
SAME_HAND_SIZES = 2.5

WRIST, MIDDLE_KNUCKLE = 0, 9
REACH_SIDES = 4.0
"""A hand further from every face than this, in sides of the face, is nobody's."""


class HandGestures:
    """Watches the raised hand. Pure state: the same looks give the same gestures."""

    def __init__(self) -> None:
        self._shape = ""
        self._looks = 0
        self._told_s: dict[str, float] = {}
        self._sway = Swings(WAVE_SIZES, WAVE_S)
        self._path: deque[tuple[float, float, float]] = deque()
        self._seen_s = float("-inf")

    def step(
        self, t_s: float, hand: Hand | None, size_px: tuple[int, int], faces: tuple[SeenFace, ...]
    ) -> tuple[Gesture, ...]:
        """Take in one look at a picture of `size_px` (width, height); gives the gestures complete with it."""
        if hand is None:
            self._shape, self._looks = "", 0
            return ()
        x, y, scale = _place(hand)
        moved = self._follow(t_s, x, y, scale)
        found = [kind for kind in (self._held(t_s, hand, moved), self._waved(t_s, hand)) if kind is not None]
        quality = round(hand_quality(hand), 3)
        track = _owner(x / size_px[0], y / size_px[1], size_px, faces)
        return tuple(Gesture(kind, t_s, track, round(hand.confidence, 2), quality) for kind in found)

    def _follow(self, t_s: float, x: float, y: float, scale: float) -> float:
        """How far the hand moved since the last look, in its own sizes; a hand elsewhere is another one."""
        last = self._path[-1] if self._path else None
        moved = 0.0 if last is None else math.hypot(x / scale - last[1], y / scale - last[2])
        if moved > SAME_HAND_SIZES or t_s - self._seen_s > GONE_S:
            self._path.clear()
            self._sway.clear()
            moved = 0.0
        self._seen_s = t_s
        self._path.append((t_s, x / scale, y / scale))
        while t_s - self._path[0][0] > WAVE_S:
            self._path.popleft()
        return moved

    def _held(self, t_s: float, hand: Hand, moved: float) -> str | None:
        shape = hand.shape if hand.confidence >= LEAST_SURE else "none"
        if shape == "open_palm" and (moved > STILL_SIZES or not _upright(hand)):
            shape = "none"
        self._looks = self._looks + 1 if shape == self._shape else 1
        self._shape = shape
        if shape not in LOOKS or self._looks < LOOKS[shape]:
            return None
        fresh = t_s - self._told_s.get(shape, float("-inf")) > GONE_S
        self._told_s[shape] = t_s
        return shape if fresh else None

    def _waved(self, t_s: float, hand: Hand) -> str | None:
        if hand.shape not in WAVING:
            self._sway.clear()
            return None
        swings = self._sway.add(t_s, self._path[-1][1])
        if len(swings) < WAVE_SWINGS:
            return None
        width = max(swing.size for swing in swings)
        heights = [y for at_s, _, y in self._path if at_s >= swings[0].start_s]
        self._sway.clear()
        return "wave" if max(heights) - min(heights) <= WAVE_RISE * width else None


def hand_quality(hand: Hand) -> float:
    """How well a hand can be seen, 0..1: by its presence, and its size from 20 to 60 pixels."""
    return max(0.0, min(1.0, (hand.presence - 0.5) / 0.5, (max(hand.box[2:]) - 20.0) / 40.0))


def hand_box(hand: Hand, size_px: tuple[int, int]) -> Box:
    """Where a hand is, relative to the picture."""
    left, top, width, height = hand.box
    wide, high = size_px
    return Box(round(left / wide, 4), round(top / high, 4), round(width / wide, 4), round(height / high, 4))


def _place(hand: Hand) -> tuple[float, float, float]:
    """The middle of a hand in pixels, and its size: from the wrist to the middle knuckle, twice."""
    left, top, width, height = hand.box
    (x0, y0), (x1, y1) = hand.points[WRIST, :2].tolist(), hand.points[MIDDLE_KNUCKLE, :2].tolist()
    return left + width / 2, top + height / 2, max(2 * math.hypot(x1 - x0, y1 - y0), 1.0)


def _upright(hand: Hand) -> bool:
    (x0, y0), (x1, y1) = hand.points[WRIST, :2].tolist(), hand.points[MIDDLE_KNUCKLE, :2].tolist()
    return abs(math.degrees(math.atan2(x1 - x0, y0 - y1))) <= UPRIGHT_DEG


def _owner(x: float, y: float, size_px: tuple[int, int], faces: tuple[SeenFace, ...]) -> int | None:
    """Whose hand it is: that of the nearest face, seen from the hand in sides of the face."""
    near = []
    for face in faces:
        face_x, face_y = face.box.centre
        side = max(face.box.width * size_px[0], 1.0)
        near.append((math.hypot((x - face_x) * size_px[0], (y - face_y) * size_px[1]) / side, face.track))
    distance, track = min(near, default=(math.inf, 0))
    return track if distance <= REACH_SIDES else None
