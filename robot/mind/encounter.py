"""How quickly the robot answered in one encounter: p50 and p95 of each delay, told as a reason when it ends.

The contract: a glance or light within 0.2 s of a new face or voice, an expression within 0.6 s of a stable cue, a sound
within 1 s of the end of somebody's turn, and never more than 4 s of silence while they wait. Delays run on the robot's
clock, from the first message that showed the thing to the message that answered it.
"""

from collections import deque
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

from robot.mind.decision import ANSWERS
from robot.mind.reasons import Reasons
from robot.mind.statechart import ENGAGED

GLANCE_S, EXPRESSION_S, ANSWER_S, SILENCE_S = 0.2, 0.6, 1.0, 4.0
"""The contract, in seconds."""

LIMITS: dict[str, float] = {
    "glance": GLANCE_S,
    "expression": EXPRESSION_S,
    "answer": ANSWER_S,
    "silence": SILENCE_S,
}
WORDS: dict[str, str] = {
    "glance": "I looked up after",
    "expression": "my face answered a clear mood after",
    "answer": "I answered a pause after",
    "silence": "you waited in silence for",
}

KEPT = 50
"""Encounters remembered."""


@dataclass
class Delays:
    """Every delay of one encounter in seconds, by kind: `glance`, `expression`, `answer`, `silence`."""

    began_s: float
    ended_s: float = 0.0
    of: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in LIMITS})

    def quantile_s(self, kind: str, share: float) -> float | None:
        """The delay that `share` 0..1 of them do not exceed (nearest rank); None where there was none."""
        found = sorted(self.of[kind])
        return found[max(0, ceil(share * len(found) - 1e-9) - 1)] if found else None

    def text(self) -> str:
        """In plain words: `We met for 12.3 s: I looked up after 0.07 s (p95 0.10 s, 2 times), ...`."""
        parts = []
        for kind, words in WORDS.items():
            p50_s, p95_s = self.quantile_s(kind, 0.5), self.quantile_s(kind, 0.95)
            if p50_s is not None and p95_s is not None:
                count = len(self.of[kind])
                times = "once" if count == 1 else f"{count} times"
                late = "" if p95_s <= LIMITS[kind] + 1e-6 else f", more than {LIMITS[kind]:g} s"
                parts.append(f"{words} {p50_s:.2f} s (p95 {p95_s:.2f} s, {times}{late})")
        return f"We met for {self.ended_s - self.began_s:.1f} s: {', '.join(parts) or 'nothing called for an answer'}"


class Tick(NamedTuple):
    """What one tick showed.

    `state` after it with its reason, `cue` the mood that a sense clearly names, `glances_s` how long ago those appeared
    who were answered with a look or a light in it, `wait_began_s` when somebody last began to wait and `waits` whether
    they still do, `lag_s` how much earlier they really fell silent, `sounded` whether a sound was begun.
    """

    state: str
    state_id: str
    cue: str | None
    glances_s: tuple[float, ...]
    wait_began_s: float | None
    waits: bool
    lag_s: float
    sounded: bool


class Encounters:
    """Watches the mind and measures. Changes nothing that the robot does."""

    def __init__(self, reasons: Reasons) -> None:
        self._reasons = reasons
        self._now: Delays | None = None
        self._cue: str | None = None
        self._cue_s = 0.0
        self._answered_cue = True
        self._wait_s: float | None = None
        self._waits = self._unanswered = False
        self._silent_since_s = 0.0
        self.over: deque[Delays] = deque(maxlen=KEPT)

    @property
    def all(self) -> list[Delays]:
        """The encounters remembered, oldest first, the one that goes on included."""
        return [*self.over, *([self._now] if self._now is not None else [])]

    def step(self, t_s: float, seen: Tick) -> None:
        """Take in one tick."""
        if seen.state in ("alone", "asleep"):
            self._finish(t_s, seen.state_id)
            return
        if self._now is None:
            self._now = Delays(t_s)
            self._cue = None
        self._now.of["glance"] += seen.glances_s
        self._follow_cue(t_s, seen.state, seen.cue if seen.state in ENGAGED else None)
        self._follow_wait(t_s, seen)

    def _follow_cue(self, t_s: float, state: str, cue: str | None) -> None:
        if cue != self._cue:
            self._close_cue(t_s)
            self._cue, self._cue_s = cue, t_s
            self._answered_cue = cue is None or ANSWERS[cue] == state
        if cue is not None and not self._answered_cue and ANSWERS[cue] == state:
            self._add("expression", t_s - self._cue_s)
            self._answered_cue = True

    def _close_cue(self, t_s: float) -> None:
        """A cue that ends unanswered counts with all its time, unless it was too short to be answered."""
        if not self._answered_cue and t_s - self._cue_s > EXPRESSION_S:
            self._add("expression", t_s - self._cue_s)
        self._answered_cue = True

    def _follow_wait(self, t_s: float, seen: Tick) -> None:
        if seen.wait_began_s is not None and seen.wait_began_s != self._wait_s:
            self._wait_s, self._waits, self._unanswered = seen.wait_began_s, True, True
            self._silent_since_s = seen.wait_began_s - seen.lag_s
        if not self._waits:
            return
        silent_s = t_s - self._silent_since_s
        if self._unanswered and (seen.sounded or (not seen.waits and silent_s > ANSWER_S)):
            self._add("answer", silent_s)
            self._unanswered = False
        if seen.sounded or not seen.waits:
            self._add("silence", silent_s)
            self._silent_since_s = t_s
        self._waits = seen.waits

    def _add(self, kind: str, delay_s: float) -> None:
        if self._now is not None:
            self._now.of[kind].append(max(0.0, delay_s))

    def _finish(self, t_s: float, because: str) -> None:
        if self._now is None:
            return
        self._close_cue(t_s)
        self._now.ended_s = t_s
        self.over.append(self._now)
        self._reasons.add(t_s, "encounter", "delays", self._now.text(), (because,))
        self._now, self._waits = None, False
