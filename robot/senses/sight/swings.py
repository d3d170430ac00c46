"""To and fro: counts how often a value swings, which is what makes a nod, a shake of the head, a wave, or talk."""

from collections import deque
from typing import NamedTuple


class Swing(NamedTuple):
    """From one turning point of a value to the next."""

    start_s: float
    end_s: float
    size: float


class Swings:
    """Finds the turning points of a value, of which each lies `least` or more from the one before.

    Smaller moves to and fro are noise. A swing is known once the value has come back by `least` from its end. Those
    that ended more than `keep_s` ago are forgotten.
    """

    def __init__(self, least: float, keep_s: float) -> None:
        self._least = least
        self._keep_s = keep_s
        self.clear()

    def clear(self) -> None:
        """Start anew."""
        self._way = 0
        self._pivot: tuple[float, float] | None = None
        self._extreme: tuple[float, float] = (0.0, 0.0)
        self._swings: deque[Swing] = deque()

    def add(self, t_s: float, value: float) -> tuple[Swing, ...]:
        """Take in the value at `t_s`; gives the swings known by now, oldest first."""
        if self._pivot is None:
            self._pivot = self._extreme = (t_s, value)
        elif self._way == 0:
            self._begin(t_s, value)
        elif (value - self._extreme[1]) * self._way >= 0:
            self._extreme = (t_s, value)
        elif abs(value - self._extreme[1]) >= self._least:
            self._turn(t_s, value)
        while self._swings and t_s - self._swings[0].end_s > self._keep_s:
            self._swings.popleft()
        return tuple(self._swings)

    def _begin(self, t_s: float, value: float) -> None:
        pivot = self._pivot or (t_s, value)
        if abs(value - pivot[1]) >= self._least:
            self._way = 1 if value > pivot[1] else -1
            self._extreme = (t_s, value)
        elif abs(value - pivot[1]) < self._least / 4:
            self._pivot = (t_s, pivot[1])  # at rest: a swing begins when it is left

    def _turn(self, t_s: float, value: float) -> None:
        pivot = self._pivot or self._extreme
        self._swings.append(Swing(pivot[0], self._extreme[0], abs(self._extreme[1] - pivot[1])))
        self._pivot, self._extreme, self._way = self._extreme, (t_s, value), -self._way
