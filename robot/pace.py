"""At what pace the robot lives: stepped, as fast as the machine can, or in real time with a thread for each sense."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.clock import MonotonicClock, SteppedClock
from robot.companion import Companion
from robot.messages import Hearing, Sighting

WORKER_WAIT_S = 0.1
"""How long a sense waits for its device before it looks whether it should stop."""


@dataclass
class Timing:
    """How a real-time run kept its times, the newest few thousand of each, in seconds.

    `late_s`: how late each body tick was; `reaction_s`: from a frame's arrival to the actuator command made from it.
    """

    late_s: deque[float] = field(default_factory=lambda: deque(maxlen=10_000))
    reaction_s: deque[float] = field(default_factory=lambda: deque(maxlen=10_000))


def run_stepped(
    companion: Companion, clock: SteppedClock, tick_s: float, until_s: float | None, stop: threading.Event
) -> None:
    """Run every stage in order, tick by tick, until `stop`, `until_s`, or the inputs are finished and answered."""
    ends_s = until_s
    while not stop.is_set() and (ends_s is None or clock.now_s() < ends_s):
        sighting = companion.lookout.look(0.0)
        hearings = companion.lookout.listen(0.0)
        companion.act(clock.now_s(), sighting, hearings)
        if ends_s is None and companion.lookout.finished:
            ends_s = clock.now_s() + companion.linger_s
        clock.wait_s(tick_s)


def run_real(
    companion: Companion, clock: MonotonicClock, tick_s: float, until_s: float | None, stop: threading.Event
) -> Timing:
    """Run in real time until `stop` is set, `until_s` has come, or the inputs are finished and answered.

    Sight and hearing each work in their own thread, and so do updates of the models; this thread alone moves the body,
    every `tick_s` and at once when a sense has something new.

    Raises:
        Exception: whatever broke one of the threads, raised here so that nothing fails in silence.
    """
    inbox = _Inbox()
    workers = [
        _Worker(
            "sight", lambda: inbox.put_sighting(companion.lookout.look(WORKER_WAIT_S), companion.lookout.arrived_s)
        ),
        _Worker("hearing", lambda: inbox.put_hearings(companion.lookout.listen(WORKER_WAIT_S))),
        _Worker("models", lambda: companion.models.look(WORKER_WAIT_S)),
    ]
    for worker in workers:
        worker.start()
    try:
        timing = _tick_until(companion, clock, tick_s, until_s, stop, inbox, workers)
    finally:
        for worker in workers:
            worker.stop()
    companion.models.rest()
    return timing


def _tick_until(
    companion: Companion,
    clock: MonotonicClock,
    tick_s: float,
    until_s: float | None,
    stop: threading.Event,
    inbox: "_Inbox",
    workers: list["_Worker"],
) -> Timing:
    timing = Timing()
    ends_s = until_s
    due_s = clock.now_s()
    while not stop.is_set() and (ends_s is None or clock.now_s() < ends_s):
        sighting, arrived_s, hearings = inbox.take(due_s - clock.now_s())
        for worker in workers:
            worker.raise_failure()
        now_s = clock.now_s()
        if now_s >= due_s:
            timing.late_s.append(now_s - due_s)
            due_s += tick_s * (1 + (now_s - due_s) // tick_s)
        companion.act(now_s, sighting, hearings)
        if sighting is not None:
            timing.reaction_s.append(clock.now_s() - arrived_s)
        if ends_s is None and companion.lookout.finished:
            ends_s = now_s + companion.linger_s
    return timing


class _Inbox:
    """What the senses found since the body last asked: the newest sighting and all hearings of the last seconds."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._sighting: Sighting | None = None
        self._arrived_s = 0.0
        self._hearings: deque[Hearing] = deque(maxlen=64)

    def put_sighting(self, sighting: Sighting | None, arrived_s: float) -> None:
        if sighting is None:
            return
        with self._news:
            self._sighting, self._arrived_s = sighting, arrived_s
            self._news.notify()

    def put_hearings(self, hearings: tuple[Hearing, ...]) -> None:
        if not hearings:
            return
        with self._news:
            self._hearings.extend(hearings)
            self._news.notify()

    def take(self, timeout_s: float) -> tuple[Sighting | None, float, tuple[Hearing, ...]]:
        with self._news:
            if self._sighting is None and not self._hearings and timeout_s > 0:
                self._news.wait(timeout_s)
            sighting, hearings = self._sighting, tuple(self._hearings)
            self._sighting = None
            self._hearings.clear()
            return sighting, self._arrived_s, hearings


class _Worker:
    """Calls `work` over and over in a thread of its own; what breaks it is kept for the thread that owns the robot."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._work = work
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5.0)

    def raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._work()
        except BaseException as error:  # noqa: BLE001  it is raised again in the owning thread
            self._failure = error
