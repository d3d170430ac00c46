"""Keeps faces apart from frame to frame: the same face has the same number while it stays in view.

Position and size only. No face is recognised: who comes back after a while is a new face.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from robot.senses.sight.blazeface import Detection

KEEP_S = 0.75
"""A face hidden for so long (a hand, another head, a turn away) is still expected."""
REACH_SIDES = 0.9
"""How far from the expected place a face may be found, in sides of its box."""
REACH_PER_S = 1.5
"""How much that grows for each second without a look, as people start and stop."""
SIZE_FACTOR = 1.8
"""The most by which a box may grow or shrink between two looks."""
VELOCITY_SHARE = 0.5
"""How much of a newly measured velocity is believed: detectors jitter."""
COAST_S = 0.5
"""How long a hidden face is expected to go on as it moved."""


@dataclass(frozen=True, slots=True)
class Track:
    """A face followed over time. `x`, `y`, `side` are the box's centre and mean side; velocities are in units a second.

    The unit is the picture's own width and height, so `x` runs over 0..1.
    """

    number: int
    detection: Detection
    seen_s: float
    x: float
    y: float
    side: float
    x_per_s: float = 0.0
    y_per_s: float = 0.0

    def expected_at(self, t_s: float) -> tuple[float, float]:
        """Where the centre should be now, at constant velocity."""
        ahead_s = min(max(t_s - self.seen_s, 0.0), COAST_S)
        return self.x + self.x_per_s * ahead_s, self.y + self.y_per_s * ahead_s

    def moved_to(self, t_s: float, detection: Detection) -> "Track":
        """The same face, seen again."""
        x, y, side = _place(detection)
        passed_s = t_s - self.seen_s
        if passed_s <= 0:
            return Track(self.number, detection, self.seen_s, x, y, side, self.x_per_s, self.y_per_s)
        x_per_s = self.x_per_s + VELOCITY_SHARE * ((x - self.x) / passed_s - self.x_per_s)
        y_per_s = self.y_per_s + VELOCITY_SHARE * ((y - self.y) / passed_s - self.y_per_s)
        return Track(self.number, detection, t_s, x, y, side, x_per_s, y_per_s)


class Tracker:
    """Gives each face its number. Numbers count from 1 and are never used twice."""

    def __init__(self, keep_s: float = KEEP_S) -> None:
        self._keep_s = keep_s
        self._tracks: tuple[Track, ...] = ()
        self._numbers = itertools.count(1)

    @property
    def waiting(self) -> int:
        """How many faces are followed, seen in the last look or not."""
        return len(self._tracks)

    def update(self, t_s: float, detections: Sequence[Detection], reach_factor: float = 1.0) -> tuple[Track, ...]:
        """Take the faces of one look; gives their tracks in the same order.

        `t_s` is the look's time; one that goes back (a clock that was set anew) forgets every face. `reach_factor`
        widens the search, for a camera that itself moves.
        """
        if any(t_s < track.seen_s for track in self._tracks):
            self._tracks = ()
        known = [track for track in self._tracks if t_s - track.seen_s <= self._keep_s]
        pairs = _pairs(t_s, known, detections, reach_factor)
        seen = []
        for index, detection in enumerate(detections):
            if index in pairs:
                seen.append(known[pairs[index]].moved_to(t_s, detection))
            else:
                seen.append(Track(next(self._numbers), detection, t_s, *_place(detection)))
        hidden = [track for index, track in enumerate(known) if index not in pairs.values()]
        self._tracks = (*seen, *hidden)
        return tuple(seen)


def _place(detection: Detection) -> tuple[float, float, float]:
    """Centre and mean side of a detection's box."""
    left, top, width, height = detection.box
    return left + width / 2, top + height / 2, (width + height) / 2


def _pairs(t_s: float, tracks: Sequence[Track], detections: Sequence[Detection], reach_factor: float) -> dict[int, int]:
    """Which detection (key) is which track (value): the closest pair first, each at most once."""
    costs = []
    for index, detection in enumerate(detections):
        for number, track in enumerate(tracks):
            cost = _cost(t_s, track, detection, reach_factor)
            if cost is not None:
                costs.append((cost, index, number))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, number in sorted(costs):
        if index not in pairs and number not in taken:
            pairs[index] = number
            taken.add(number)
    return pairs


def _cost(t_s: float, track: Track, detection: Detection, reach_factor: float) -> float | None:
    """How badly a detection fits a track: distance in sides plus change of size; None if it cannot be the same face."""
    x, y, side = _place(detection)
    growth = abs(math.log(max(side, 1e-6) / max(track.side, 1e-6)))
    if growth > math.log(SIZE_FACTOR):
        return None
    expected_x, expected_y = track.expected_at(t_s)
    mean_side = max((side + track.side) / 2, 1e-6)
    # A face that stops at once is where it was, not where it was going: the nearer of the two counts.
    distance = min(math.hypot(x - expected_x, y - expected_y), math.hypot(x - track.x, y - track.y) + 0.3 * mean_side)
    reach = (REACH_SIDES + REACH_PER_S * max(t_s - track.seen_s, 0.0)) * reach_factor
    return distance / mean_side + growth if distance <= reach * mean_side else None
