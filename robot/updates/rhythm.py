"""When to look for new models: often enough, never all robots at once, and seldom where a server is in trouble.

Numbers only. A fleet that lost power together must not come back to its server together, and a server that answers
with errors must not be asked more often than once an hour by anybody.
"""

import random
from dataclasses import dataclass

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A look every `every_s`, give or take `jitter` of it; the first within `first_within_s` of the start.

    After looks that failed the wait begins at `least_s` and doubles up to `longest_s`. Two looks are never less than
    `least_s` apart, whatever restarts in between.
    """

    every_s: float = 6 * HOUR_S
    jitter: float = 0.2
    first_within_s: float = 600.0
    least_s: float = HOUR_S
    longest_s: float = 24 * HOUR_S


class Schedule:
    """Says how long to wait. `chance` spreads the robots."""

    def __init__(self, rhythm: Rhythm, chance: random.Random) -> None:
        self._rhythm = rhythm
        self._chance = chance
        self._failures = 0

    def first_s(self, since_last_s: float | None) -> float:
        """How long to wait after a start, if the last look was `since_last_s` ago (None: never, or nobody knows)."""
        spread_s = self._chance.uniform(0.0, self._rhythm.first_within_s)
        if since_last_s is None or not 0 <= since_last_s < self._rhythm.least_s:
            return spread_s
        return self._rhythm.least_s - since_last_s + spread_s

    def next_s(self, worked: bool) -> float:
        """How long to wait after a look that worked, or did not."""
        rhythm = self._rhythm
        if worked:
            self._failures = 0
            return max(rhythm.least_s, rhythm.every_s * self._chance.uniform(1 - rhythm.jitter, 1 + rhythm.jitter))
        wait_s = min(rhythm.least_s * 2.0**self._failures, rhythm.longest_s)
        self._failures = min(self._failures + 1, 16)
        return wait_s * self._chance.uniform(1.0, 1.5)
