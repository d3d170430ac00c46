"""The trial: a candidate in real use is watched until it has proved itself or failed. Never kept because it started.

Time is the injected clock, which no step of the wall clock moves. The gate knows numbers only; what is counted, and
what follows from the verdict, is in `live.py`.
"""

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

from hardware.clock import Clock
from robot.updates.state import Evidence

Decision = Literal["going", "keep", "drop"]
LATENCIES_KEPT = 512
NOTHING_YET = Evidence()


@dataclass(frozen=True, slots=True)
class Gate:
    """What a candidate must do: give `least_answers` in at least `duration_s` of use.

    At most `worst_share` of its answers may fail or hold NaN, counted once there are `least_to_judge` of them; the 95th
    percentile of its latency may be `latency_factor` times its budget; the process that runs it may die `most_deaths`
    times.
    """

    duration_s: float = 600.0
    least_answers: int = 100
    least_to_judge: int = 20
    worst_share: float = 0.01
    latency_factor: float = 1.5
    most_deaths: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with the candidate, and why."""

    decision: Decision
    reason: str = ""


class Trial:
    """Counts what a candidate does, and judges it against `gate`. `budget_ms` is what its bundle promises.

    `before` is what it has shown in earlier runs of the robot.
    """

    def __init__(self, budget_ms: float, gate: Gate, clock: Clock, before: Evidence = NOTHING_YET) -> None:
        self.gate = gate
        self._budget_ms = budget_ms
        self._clock = clock
        self._began_s = clock.now_s() - before.used_s
        self._taken_ms: deque[float] = deque(maxlen=LATENCIES_KEPT)
        self.answers, self.failures, self.deaths = before.answers, before.failures, 0

    def evidence(self) -> Evidence:
        """What it has shown up to now."""
        return Evidence(self._clock.now_s() - self._began_s, self.answers, self.failures)

    def answered(self, took_ms: float, throttled: bool = False) -> None:
        """One good answer. A machine that is throttled for heat is slow with any model: that time is not counted."""
        self.answers += 1
        if not throttled:
            self._taken_ms.append(took_ms)

    def failed(self) -> None:
        """One answer that was none: an error, NaN or infinity."""
        self.failures += 1

    def died(self) -> None:
        """The process that runs the model died, or had to be ended."""
        self.deaths += 1

    def verdict(self) -> Verdict:
        """What is to be done now."""
        gate, tried = self.gate, self.answers + self.failures
        if self.deaths > gate.most_deaths:
            return Verdict("drop", f"its process died {self.deaths} times")
        if tried >= gate.least_to_judge and self.failures > gate.worst_share * tried:
            return Verdict("drop", f"{self.failures} of {tried} answers failed")
        p95_ms, allowed_ms = self.p95_ms(), gate.latency_factor * self._budget_ms
        if len(self._taken_ms) >= gate.least_to_judge and p95_ms > allowed_ms:
            return Verdict("drop", f"takes {p95_ms:.0f} ms (p95), its budget is {self._budget_ms:g} ms")
        enough = self._clock.now_s() - self._began_s >= gate.duration_s and self.answers >= gate.least_answers
        return Verdict("keep", f"{self.answers} good answers") if enough else Verdict("going")

    def p95_ms(self) -> float:
        """The 95th percentile of the last latencies; 0 before the first."""
        ordered = sorted(self._taken_ms)
        return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else 0.0
