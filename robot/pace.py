"""At what pace the robot lives: stepped, as fast as the machine can, or in real time with a thread for each sense."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from hardware.clock import MonotonicClock, SteppedClock
from robot.care.crew import Crew, Task
from robot.care.gauge import Gauge
from robot.care.watch import LOOK_EVERY_S
from robot.companion import Companion
from robot.errors import PartStuck
from robot.messages import Hearing, Sighting


class Supervisor(Protocol):
    """Looks after a run from a thread of its own; `restart_for` says why only a new process helps, if one is needed."""

    @property
    def restart_for(self) -> str:
        """The reason; empty while none is needed."""
        ...

    def step(self, now_s: float) -> None:
        """Look after everything once."""
        ...


Supervise = Callable[[Crew, Gauge], Supervisor]
"""Makes the supervisor of a run, from the threads of its senses and the gauge of its body."""

WORKER_WAIT_S = 0.1
"""How long a sense waits for its device before it looks whether it should stop."""


@dataclass
class Timing:
    """How a real-time run kept its times, the newest two thousand of each, in seconds.

    `late_s`: how late each body tick was; `reaction_s`: from a frame's arrival to the actuator command made from it.
    """

    late_s: deque[float] = field(default_factory=lambda: deque(maxlen=2000))
    reaction_s: deque[float] = field(default_factory=lambda: deque(maxlen=2000))


def run_stepped(
    companion: Companion, clock: SteppedClock, tick_s: float, until_s: float | None, stop: threading.Event
) -> None:
    """Run every stage in order, tick by tick, until `stop`, `until_s`, or the inputs are finished and answered."""
    ends_s = until_s
    while not stop.is_set() and (ends_s is None or clock.now_s() < ends_s):
        sighting = companion.lookout.look(0.0)
        hearings = companion.lookout.listen(0.0)
        companion.act(clock.now_s(), sighting, hearings)
        if ends_s is None and (companion.lookout.finished or companion.lookout.closed):
            ends_s = clock.now_s() + companion.linger_s
        clock.wait_s(tick_s)


def run_real(
    companion: Companion,
    clock: MonotonicClock,
    tick_s: float,
    until_s: float | None,
    stop: threading.Event,
    supervise: Supervise | None = None,
) -> Timing:
    """Run in real time until `stop` is set, `until_s` has come, or the inputs are finished and answered.

    Sight and hearing each work in their own thread, and so do updates of the models; this thread alone moves the body,
    every `tick_s` and at once when a sense has something new. `supervise` makes the watch that mends what hangs, from a
    thread of its own. The body moves first, and only then are the senses set to work: the face lives while they load.

    Raises:
        RapportError: a sense cannot be had as it is configured; after its first work, what breaks it is mended.
        PartStuck: the watch found that only a new process helps.
        Exception: without a watch, whatever broke one of the threads, so that nothing fails in silence.
    """
    inbox, body = _Inbox(), Gauge(clock)
    crew = Crew(
        {
            "sight": Task(
                lambda: (companion.lookout.look(WORKER_WAIT_S), companion.lookout.arrived_s), inbox.put_sighting
            ),
            "hearing": Task(lambda: companion.lookout.listen(WORKER_WAIT_S), inbox.put_hearings),
            "models": Task(lambda: companion.models.look(WORKER_WAIT_S), lambda _nothing: None),
        }
    )
    watch = supervise(crew, body) if supervise is not None else None
    loop = _Loop(companion, clock, tick_s, inbox, crew, body, watch)
    watching = threading.Event()
    try:
        loop.tick()
        crew.start()
        if watch is not None:
            threading.Thread(target=_look_after, args=(watch, clock, watching), name="watch", daemon=True).start()
        timing = loop.run(until_s, stop)
    finally:
        watching.set()
        crew.stop()
    companion.models.rest()
    return timing


def _look_after(watch: Supervisor, clock: MonotonicClock, ended: threading.Event) -> None:
    while not ended.wait(LOOK_EVERY_S):
        watch.step(clock.now_s())


class _Loop:
    """The one loop that owns every actuator."""

    def __init__(
        self,
        companion: Companion,
        clock: MonotonicClock,
        tick_s: float,
        inbox: "_Inbox",
        crew: Crew,
        body: Gauge,
        watch: Supervisor | None,
    ) -> None:
        self._companion = companion
        self._clock = clock
        self._tick_s = tick_s
        self._inbox = inbox
        self._crew = crew
        self._body = body
        self._watch = watch
        self._due_s = clock.now_s()
        self._timing = Timing()

    def run(self, until_s: float | None, stop: threading.Event) -> Timing:
        ends_s = until_s
        lookout = self._companion.lookout
        # A run that is shorter than the waking of the senses ends with it, or with what kept them from waking.
        while not stop.is_set() and (ends_s is None or self._clock.now_s() < ends_s or not lookout.awake):
            self._raise_what_broke()
            now_s = self.tick()
            if ends_s is None and lookout.finished:
                ends_s = now_s + self._companion.linger_s
        return self._timing

    def tick(self) -> float:
        """Move once, when it is time or a sense has something new; gives the time."""
        sighting, arrived_s, hearings = self._inbox.take(self._due_s - self._clock.now_s())
        now_s = self._clock.now_s()
        if now_s >= self._due_s:
            self._timing.late_s.append(now_s - self._due_s)
            self._due_s += self._tick_s * (1 + (now_s - self._due_s) // self._tick_s)
        self._companion.act(now_s, sighting, hearings)
        self._body.leave(worked=True)
        if sighting is not None:
            self._timing.reaction_s.append(self._clock.now_s() - arrived_s)
        return now_s

    def _raise_what_broke(self) -> None:
        if self._watch is None or not self._companion.lookout.awake:
            self._crew.raise_failure()
        elif self._watch.restart_for:
            raise PartStuck(f"{self._watch.restart_for}; start the robot again (as a service it does so by itself)")


class _Inbox:
    """What the senses found since the body last asked: the newest sighting and all hearings of the last seconds."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._sighting: Sighting | None = None
        self._arrived_s = 0.0
        self._hearings: deque[Hearing] = deque(maxlen=64)

    def put_sighting(self, found: tuple[Sighting | None, float]) -> None:
        sighting, arrived_s = found
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
