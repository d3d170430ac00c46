"""Where requests of people arrive, from any thread, until the loop takes them at its next step."""

import threading

from robot.messages import By, Request, Signal, What
from robot.typed import Typed

MOST_WAITING = 32
"""Nobody presses more buttons within one step; a flood is cut, the oldest first."""


class Requests:
    """Numbers what people ask and keeps it in order. Every method may be called from any thread.

    `typed` takes what they type instead of saying it, in the robot's `language`.
    """

    def __init__(self, language: str = "en") -> None:
        self.typed = Typed(language)
        self._lock = threading.Lock()
        self._waiting: list[Signal | tuple[What, str, By]] = []
        self._count = 0

    def ask(self, what: What, value: str = "", by: By = "page") -> None:
        """Ask something of the robot; `what`, `value` and `by` as in `robot.messages.Request`."""
        self._put((what, value, by))

    def post(self, signal: Signal) -> None:
        """Hand over a signal that a sense made, with its own id and time."""
        self._put(signal)

    def take(self, t_s: float) -> tuple[Signal, ...]:
        """What came since the last call, in order; what was asked gets its id and the time `t_s`."""
        if not self._waiting:
            return ()
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return tuple(self._numbered(t_s, *item) if isinstance(item, tuple) else item for item in waiting)

    def _put(self, item: Signal | tuple[What, str, By]) -> None:
        with self._lock:
            self._waiting = [*self._waiting[1 - MOST_WAITING :], item]

    def _numbered(self, t_s: float, what: What, value: str, by: By) -> Request:
        request = Request(f"q{self._count}", round(t_s, 6), what, value, by)
        self._count += 1
        return request
