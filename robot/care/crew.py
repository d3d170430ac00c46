"""The threads of the senses. One that hangs cannot be stopped from outside, so it is left behind and replaced."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

JOIN_S = 2.0


class Task(NamedTuple):
    """What a thread does over and over: `work`, and `deliver` with its result. One left behind delivers nothing."""

    work: Callable[[], Any]
    deliver: Callable[[Any], None]


class Crew:
    """One thread for each task. What breaks one is kept in `failure` until it is renewed."""

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        self._tasks = dict(tasks)
        self._workers: dict[str, _Worker] = {}
        self.left_behind = 0

    def start(self) -> None:
        """Start every thread."""
        for name in self._tasks:
            self.renew(name)

    def renew(self, name: str) -> None:
        """Put a new thread in the place of the one of that name."""
        self.dismiss(name)
        worker = self._workers[name] = _Worker(name, self._tasks[name])
        worker.start()

    def dismiss(self, name: str) -> None:
        """Let the thread of that name go without waiting for it; whatever it still brings is dropped."""
        worker = self._workers.pop(name, None)
        if worker is not None:
            self.left_behind += worker.busy
            worker.stop()
            # A failure holds its traceback, that the worker, and all of them what the worker worked with.
            worker.failure = None

    def failure(self, name: str) -> BaseException | None:
        """What broke the thread of that name, if anything did."""
        worker = self._workers.get(name)
        return None if worker is None else worker.failure

    def raise_failure(self) -> None:
        """Raise what broke any of the threads, in the thread that owns the robot."""
        for worker in list(self._workers.values()):
            if worker.failure is not None:
                raise worker.failure

    def stop(self) -> None:
        """End every thread, and wait a little for each."""
        for worker in list(self._workers.values()):
            worker.stop()
        for worker in list(self._workers.values()):
            worker.join()


class _Worker:
    def __init__(self, name: str, task: Task) -> None:
        self._task = task
        self._stop = threading.Event()
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def busy(self) -> bool:
        return self._thread.is_alive() and self.failure is None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def join(self) -> None:
        self._thread.join(timeout=JOIN_S)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                found = self._task.work()
                if not self._stop.is_set():
                    self._task.deliver(found)
        except BaseException as error:  # noqa: BLE001  the owning thread, or the watch, takes it from here
            self.failure = error
