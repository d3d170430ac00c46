"""Where turns are worked on: at once, for stepped time, or in a thread of its own, for real time."""

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from robot.errors import ListeningError
from robot.senses.hearing.words.recogniser import Recognised

Samples = NDArray[np.float32]
Work = Callable[[Samples], Recognised]
Result = tuple[int, Recognised | None]
"""The number of an offer, and what was understood; None where the recogniser failed."""

MOST_WAITING = 2
"""More than this is talk from the past; the oldest is dropped and counted."""


class InlineDesk:
    """Recognises while the caller waits: the same sound gives the same words at the same time."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._results: list[Result] = []
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

    def finished(self) -> list[Result]:
        """What was recognised since the last call, in order."""
        results, self._results = self._results, []
        return results

    def close(self) -> None:
        """Nothing to end."""


class ThreadedDesk:
    """Recognises in one thread, in order, so that hearing never waits. `warm` is called first, in that thread."""

    def __init__(self, work: Work, warm: Callable[[], None]) -> None:
        self._inline = InlineDesk(work)
        self._warm = warm
        self._news = threading.Condition()
        self._waiting: deque[tuple[int, Samples]] = deque()
        self._results: list[Result] = []
        self._closed = False
        self._dropped = 0
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="words", daemon=True)

    @property
    def dropped(self) -> int:
        """Turns that nobody got round to."""
        return self._dropped

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
        with self._news:
            if len(self._waiting) >= MOST_WAITING:
                late, _ = self._waiting.popleft()
                self._results.append((late, None))
                self._dropped += 1
            self._waiting.append((number, samples))
            self._news.notify()

    def finished(self) -> list[Result]:
        """What was recognised since the last call, in order.

        Raises:
            Exception: whatever broke the thread, so that it does not fail in silence.
        """
        with self._news:
            if self._failure is not None:
                raise self._failure
            results, self._results = self._results, []
            return results

    def close(self) -> None:
        """End the thread; what still waited is not recognised."""
        with self._news:
            self._closed = True
            self._waiting.clear()
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=10.0)

    def _run(self) -> None:
        try:
            self._warm()
            while (turn := self._next()) is not None:
                self._inline.put(*turn)
                with self._news:
                    self._results += self._inline.finished()
        except BaseException as error:  # noqa: BLE001  it is raised again in the owning thread
            with self._news:
                self._failure = error

    def _next(self) -> tuple[int, Samples] | None:
        with self._news:
            self._news.wait_for(lambda: self._closed or bool(self._waiting))
            return None if self._closed else self._waiting.popleft()
