"""Blinking: at a person's rate, and mostly where people blink, at the edges of speech and with a shift of gaze.

People blink 17 times a minute at rest and 26 when they talk (Bentivoglio et al. 1997), 95 % of them 8-21 and 10.5-32.5
times (Doughty 2001, PubMed 11700965); 71 % of blinks fall within 375 ms of a change in speech, gaze or expression.
"""

import random

from hardware.ports import JointAngles
from robot.body.gaze_shift import gaze_shifted
from robot.body.habit import Habit, HabitContext

IDLE_PER_MIN, TALKING_PER_MIN = 16.0, 24.0
MOST_IDLE_PER_MIN, MOST_TALKING_PER_MIN = 20, 31
EVENT_SHARE, EVENT_WINDOW_S = 0.71, 0.375
SHORTEST_GAP_S, LONGEST_GAP_S = 0.8, 6.8
SHUT_S = 0.16
"""How long the lid is held down as a target. With the lid's own easing the eye is away for about a quarter second."""

_SHUT = JointAngles(lid_left_deg=-60.0, lid_right_deg=-60.0)
_OPEN = JointAngles()


class Blink:
    """Shuts both lids for a moment. The wish is deeper than a lid can go, so that wide eyes shut fully too."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._due_s: float | None = None
        self._last_s = float("-inf")
        self._recent_s: list[float] = []
        self._before: HabitContext | None = None

    def offsets(self, t_s: float, context: HabitContext) -> JointAngles:
        """Lids down during a blink, nothing otherwise. Liveliness makes blinks rarer, never shallower."""
        if context.liveliness <= 0.0:
            self._due_s, self._before = None, None
            return _OPEN
        due_s = self._due_s if self._due_s is not None else t_s + self._gap_s(context)
        self._due_s = min(due_s, self._after_event_s(t_s, context))
        if t_s >= self._due_s:
            self._blink(t_s, context)
        return _SHUT if t_s - self._last_s < SHUT_S else _OPEN

    def _after_event_s(self, t_s: float, context: HabitContext) -> float:
        """When to blink because something changed just now; never, mostly."""
        before, self._before = self._before, context
        if before is None or not _is_event(before, context) or self._rng.random() >= EVENT_SHARE:
            return float("inf")
        return max(t_s + self._rng.uniform(0.0, EVENT_WINDOW_S), self._last_s + SHORTEST_GAP_S)

    def _blink(self, t_s: float, context: HabitContext) -> None:
        self._due_s = t_s + self._gap_s(context)
        self._recent_s = [past_s for past_s in self._recent_s if t_s - past_s < 60.0]
        most = MOST_TALKING_PER_MIN if context.speaking else MOST_IDLE_PER_MIN
        if len(self._recent_s) < most:
            self._recent_s.append(t_s)
            self._last_s = t_s

    def _gap_s(self, context: HabitContext) -> float:
        """Time to the next spontaneous blink: gamma-distributed, neither a metronome nor a fit of blinking."""
        usual_per_min = TALKING_PER_MIN if context.speaking else IDLE_PER_MIN
        mean_s = 60.0 / (usual_per_min * (0.6 + 0.4 * min(context.liveliness, 1.0)))
        return min(max(self._rng.gammavariate(4.0, mean_s / 4.0), SHORTEST_GAP_S), LONGEST_GAP_S)


def _is_event(before: HabitContext, now: HabitContext) -> bool:
    return now.speaking != before.speaking or gaze_shifted(before, now)


def build(rng: random.Random) -> Habit:
    """A blink with its own random numbers."""
    return Blink(rng)
