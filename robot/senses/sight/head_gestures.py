"""Nods, shakes of the head, tilts, and leaning in and away: from how a head is held over a second or two.

A nod or a shake is at least three swings to and fro, each quick and large enough, on one axis and not on the other; a
look down and up again is two. The thresholds were chosen on angles made by `tools/benchmark/motions.py`, with other
random numbers than those that are reported.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from robot.messages import Gesture
from robot.senses.sight.swings import Swing, Swings

NOD_DEG, SHAKE_DEG = 3.5, 5.0
"""The least swing up or down, and to a side."""
MEAN_NOD_DEG, MEAN_SHAKE_DEG = 6.5, 9.0
"""The least mean of the swings: heads bob by less in talk."""
LARGEST_DEG = 45.0
EVEN_SHARE = 0.5
"""The smallest swing over the largest: a look down between two bobs of talk is uneven, a nod is not."""
FACING_DEG = 25.0
"""Whose head is turned further aside meanwhile does not answer the robot; and the points of such a head jump."""
SWINGS = 3
SHORTEST_S, LONGEST_S = 0.06, 0.65
"""How long one swing may take: head movements in talk are mostly of 1.8 to 3.7 Hz (Hadar et al. 1983)."""
WITHIN_S = 2.0
ACROSS_SHARE = 0.6
"""What the other axis may move meanwhile, as a share of the mean swing."""
PAUSE_S = 0.8
"""After a gesture the head gets this long to come to rest before it can give another one."""

TILTED_DEG, LEVEL_DEG = 15.0, 9.0
NEARER, FARTHER, USUAL = 1.2, 0.83, (0.93, 1.08)
HOLD_S = 0.3
"""A tilt or a lean must be held this long, and go back before it counts again."""


@dataclass(frozen=True, slots=True)
class Held:
    """How a head is held in one frame: pan, tilt and roll in degrees, `lean` its size over its usual size."""

    pan_deg: float
    tilt_deg: float
    roll_deg: float
    lean: float
    quality: float


Reading = Callable[[Held], float]
Test = Callable[[Held], bool]


class HeadGestures:
    """Watches one head. Pure state: the same looks give the same gestures."""

    def __init__(self, track: int) -> None:
        self._track = track
        self._nods, self._shakes = Swings(NOD_DEG, WITHIN_S), Swings(SHAKE_DEG, WITHIN_S)
        self._recent: deque[tuple[float, Held]] = deque()
        self._free_s = float("-inf")
        self._postures = (
            Posture(
                "tilt", lambda held: abs(held.roll_deg) >= TILTED_DEG, lambda held: abs(held.roll_deg) <= LEVEL_DEG
            ),
            Posture("lean_in", lambda held: held.lean >= NEARER, lambda held: held.lean <= USUAL[1]),
            Posture("lean_away", lambda held: held.lean <= FARTHER, lambda held: held.lean >= USUAL[0]),
        )

    def step(self, t_s: float, held: Held) -> tuple[Gesture, ...]:
        """Take in one look; gives the gestures that are complete with it."""
        self._recent.append((t_s, held))
        while t_s - self._recent[0][0] > WITHIN_S:
            self._recent.popleft()
        found = [posture.kind for posture in self._postures if posture.step(t_s, held)]
        nods, shakes = self._nods.add(t_s, held.tilt_deg), self._shakes.add(t_s, held.pan_deg)
        moved = self._moved(t_s, nods, shakes)
        if moved is not None:
            found.append(moved)
        return tuple(Gesture(kind, t_s, self._track, self._sure(kind, nods, shakes), held.quality) for kind in found)

    def _moved(self, t_s: float, nods: tuple[Swing, ...], shakes: tuple[Swing, ...]) -> str | None:
        if t_s < self._free_s:
            return None
        nodded, shaken = _repeated(nods), _repeated(shakes)
        nodding = nodded >= MEAN_NOD_DEG and self._keeps_still(nods, _pan, nodded)
        shaking = shaken >= MEAN_SHAKE_DEG and self._keeps_still(shakes, _tilt, shaken)
        kind = "nod" if nodding else "shake" if shaking else None
        if kind is not None:
            self._nods.clear()
            self._shakes.clear()
            self._free_s = t_s + PAUSE_S
        return kind

    def _keeps_still(self, swings: tuple[Swing, ...], across: Reading, size_deg: float) -> bool:
        """Whether the head faced the robot while the last swings lasted, and went to and fro on one axis only."""
        start_s = swings[-SWINGS].start_s
        held = [one for t_s, one in self._recent if t_s >= start_s]
        if not held or abs(sum(map(_pan, held)) / len(held)) > FACING_DEG:
            return False
        values = [across(one) for one in held]
        return max(values) - min(values) <= ACROSS_SHARE * size_deg

    @staticmethod
    def _sure(kind: str, nods: tuple[Swing, ...], shakes: tuple[Swing, ...]) -> float:
        swings = {"nod": nods, "shake": shakes}.get(kind)
        if not swings:
            return 0.8
        least = NOD_DEG if kind == "nod" else SHAKE_DEG
        return round(min(0.95, 0.5 + 0.1 * min(swing.size for swing in swings[-SWINGS:]) / least), 2)


class Posture:
    """Something that is taken up, held, and given up before it counts again."""

    def __init__(self, kind: str, taken: Test, given_up: Test) -> None:
        self.kind = kind
        self._taken, self._given_up = taken, given_up
        self._since_s: float | None = None
        self._counted = False

    def step(self, t_s: float, held: Held) -> bool:
        """True in the look in which it has been held for `HOLD_S`."""
        if self._given_up(held):
            self._since_s, self._counted = None, False
        elif not self._taken(held):
            self._since_s = None
        elif self._since_s is None:
            self._since_s = t_s
        elif not self._counted and t_s - self._since_s >= HOLD_S - 1e-6:
            self._counted = True
            return True
        return False


def _pan(held: Held) -> float:
    return held.pan_deg


def _tilt(held: Held) -> float:
    return held.tilt_deg


def _repeated(swings: tuple[Swing, ...]) -> float:
    """The mean size of the last `SWINGS` swings if they are quick and about as large as each other, else 0."""
    last = swings[-SWINGS:]
    if len(last) < SWINGS:
        return 0.0
    quick = all(SHORTEST_S <= swing.end_s - swing.start_s <= LONGEST_S and swing.size <= LARGEST_DEG for swing in last)
    sizes = [swing.size for swing in last]
    return sum(sizes) / SWINGS if quick and min(sizes) >= EVEN_SHARE * max(sizes) else 0.0
