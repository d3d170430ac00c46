"""Where turns are worked on: at once, for stepped time, or in a thread of its own, for real time."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from robot.errors import ListeningError
from robot.work_thread import WorkThread

R = TypeVar("R")
Samples = NDArray[np.float32]
Turn = tuple[int, Samples]
Result = tuple[int, R | None]
"""The number of an offer, and what was made of it; None where the recogniser failed."""

MOST_WAITING = 2
"""More than this is talk from the past; the oldest is dropped and counted."""


class InlineDesk(Generic[R]):
    """Recognises while the caller waits: the same sound gives the same words at the same time."""

    def __init__(self, work: Callable[[Samples], R]) -> None:
        self._work = work
        self._results: list[Result[R]] = []
        self.dropped = self.failures = 0
        self.fault = ""

    def begin(self) -> None:
        """Nothing to prepare."""

    def put(self, number: int, samples: Samples) -> None:
        """Recognise now."""
        try:
            self._results.append((number, self._work(samples)))
            self.fault = ""
        except ListeningError as error:
            self.failures += 1
            self.fault = str(error)
            self._results.append((number, None))

    def finished(self) -> list[Result[R]]:
        """What was recognised since the last call, in order."""
        results, self._results = self._results, []
        return results

    def close(self) -> None:
        """Nothing to end."""


class ThreadedDesk(Generic[R]):
    """Recognises in one thread, in order, so that hearing never waits. `warm` is called first, in that thread."""

    def __init__(self, name: str, work: Callable[[Samples], R], warm: Callable[[], None] | None = None) -> None:
        self._inline = InlineDesk(work)
        self._thread: WorkThread[Turn, list[Result[R]]] = WorkThread(name, self._recognise, MOST_WAITING, warm)
        self._late: deque[Result[R]] = deque()
        self.dropped = 0

    @property
    def failures(self) -> int:
        """Turns that the recogniser failed at."""
        return self._inline.failures

    @property
    def fault(self) -> str:
        """Why the last turn failed; empty when it did not."""
        return self._inline.fault

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def put(self, number: int, samples: Samples) -> None:
        """Recognise soon; never waits."""
        late = self._thread.put((number, samples))
        if late is not None:
            self.dropped += 1
            self._late.append((late[0], None))

    def finished(self) -> list[Result[R]]:
        """What was recognised since the last call; turns that nobody got round to come first.

        Raises:
            Exception: whatever broke the thread, so that it does not fail in silence.
        """
        late = [self._late.popleft() for _ in range(len(self._late))]
        return [*late, *(result for done in self._thread.finished() for result in done)]

    def close(self) -> None:
        """End the thread; what still waited is not recognised."""
        self._thread.close()

    def _recognise(self, turn: Turn) -> list[Result[R]]:
        self._inline.put(*turn)
        return self._inline.finished()
