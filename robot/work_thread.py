"""One thread that does jobs one after the other, so that whoever asks for them never waits."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")


class WorkThread(Generic[Job, Done]):
    """Does `work` for each job, in order. `warm` is called first, in that thread.

    At most `most_waiting` jobs wait: more is work from the past, and the oldest is dropped.
    """

    def __init__(
        self, name: str, work: Callable[[Job], Done], most_waiting: int, warm: Callable[[], None] | None = None
    ) -> None:
        self._work = work
        self._warm = warm
        self._most_waiting = most_waiting
        self._news = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._done: list[Done] = []
        self._closed = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; jobs may be put before."""
        self._thread.start()

    def put(self, job: Job) -> Job | None:
        """Do this soon; never waits. Gives back the job that was dropped for it."""
        with self._news:
            late = self._waiting.popleft() if len(self._waiting) >= self._most_waiting else None
            self._waiting.append(job)
            self._news.notify()
        return late

    def finished(self) -> list[Done]:
        """What was done since the last call, in order.

        Raises:
            Exception: whatever broke the thread, so that it does not fail in silence.
        """
        with self._news:
            if self._failure is not None:
                raise self._failure
            done, self._done = self._done, []
            return done

    def close(self) -> None:
        """End the thread; what still waited is not done."""
        with self._news:
            self._closed = True
            self._waiting.clear()
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=10.0)

    def _run(self) -> None:
        try:
            if self._warm is not None:
                self._warm()
            while (job := self._next()) is not None:
                done = self._work(job)
                with self._news:
                    self._done.append(done)
        except BaseException as error:  # noqa: BLE001  it is raised again in the owning thread
            with self._news:
                self._failure = error

    def _next(self) -> Job | None:
        with self._news:
            self._news.wait_for(lambda: self._closed or bool(self._waiting))
            return None if self._closed else self._waiting.popleft()
