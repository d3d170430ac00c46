"""Makes the robot's parts anew now and then, as if they had hung: what that leaves behind would add up over months."""

from collections.abc import Callable, Sequence
from itertools import cycle

from robot.care.watch import LOOK_EVERY_S
from robot.caretaker import Caretaker


class Anew:
    """A caretaker that also makes a part anew every `every_s`, `parts` by turns, in the watch's own thread."""

    def __init__(self, caretaker: Caretaker, parts: Sequence[Callable[[], None]], every_s: float) -> None:
        self._caretaker = caretaker
        self._parts = cycle(parts)
        self._every_s = every_s
        self._next_s = every_s
        self._looked_s = float("-inf")
        self.count = 0

    @property
    def restart_for(self) -> str:
        """As the caretaker says."""
        return self._caretaker.restart_for

    def step(self, now_s: float) -> None:
        """Look after everything once, at most every `LOOK_EVERY_S`."""
        if now_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        self._caretaker.step(now_s)
        if now_s >= self._next_s:
            self._next_s += self._every_s
            self.count += 1
            next(self._parts)()
