"""Makes the robot's parts anew while a soak warms up, as if they had hung, so that it is judged as it then remains."""

from collections.abc import Callable, Sequence
from itertools import cycle

from robot.care.watch import LOOK_EVERY_S
from robot.caretaker import Caretaker


class Anew:
    """A caretaker that also makes `parts` anew by turns, one every `every_s` up to `until_s`, in the watch's thread."""

    def __init__(
        self, caretaker: Caretaker, parts: Sequence[Callable[[], None]], every_s: float, until_s: float
    ) -> None:
        self._caretaker = caretaker
        self._parts = cycle(parts)
        self._every_s = every_s
        self._until_s = until_s
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
        if self._next_s <= now_s < self._until_s:
            self._next_s += self._every_s
            self.count += 1
            next(self._parts)()
