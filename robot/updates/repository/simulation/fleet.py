"""Thousands of robots in as many processes as the machine has cores, asked day by day what happened to them."""

import multiprocessing
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from hardware.clock import SteppedClock
from robot.errors import UpdateError
from robot.updates.repository.simulation.looks import Looks
from robot.updates.repository.simulation.memory import RememberingLink
from robot.updates.repository.simulation.robots import Event, Fault, Shared, SimulatedRobot
from robot.updates.selftest_child import Answer

REPORT_EVERY = 250
Progress = Callable[[int, int], None]
"""Told (robots that have lived this day, all robots)."""


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """What the robots of a fleet are. `missing` is the share that on any day is off, or without a network."""

    robots: int
    seed: int
    model_id: str
    factory: Path
    public: Path
    caches: Path
    root: bytes
    fault: Fault
    tested: dict[str, Answer]
    missing: float = 0.02


@dataclass(frozen=True, slots=True)
class Day:
    """One day to be lived: midnight in seconds since 1970, and the moment of the repository."""

    midnight_s: float
    moment: int


class Fleet(AbstractContextManager["Fleet"]):
    """The robots of `plan`, spread over `processes`."""

    def __init__(self, plan: FleetPlan, processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._plan = plan
        self._pipes: list[Connection] = []
        self._workers = []
        for part in range(processes):
            ours, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(theirs, plan, part, processes), daemon=True)
            worker.start()
            theirs.close()
            self._pipes.append(ours)
            self._workers.append(worker)

    def live(self, day: Day, progress: Progress) -> list[Event]:
        """Let every robot live a day; gives what happened, in order of time."""
        for pipe in self._pipes:
            pipe.send(day)
        events: list[Event] = []
        done = dict.fromkeys(range(len(self._pipes)), 0)
        waiting = set(done)
        while waiting:
            for ready in multiprocessing.connection.wait([self._pipes[part] for part in waiting]):
                part = self._pipes.index(ready)  # type: ignore[arg-type]
                answer = self._answer(part)
                if isinstance(answer, int):
                    done[part] = answer
                    progress(sum(done.values()), self._plan.robots)
                else:
                    waiting.discard(part)
                    events.extend(answer)
        return sorted(events, key=lambda event: (event.t_s, event.robot))

    def _answer(self, part: int) -> int | list[Event]:
        try:
            found: int | list[Event] = self._pipes[part].recv()
        except (EOFError, OSError):
            raise UpdateError(
                "a process of simulated robots died; is there enough memory? try fewer --robots"
            ) from None
        return found

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.close()
        for worker in self._workers:
            worker.join(timeout=5)
            if worker.is_alive():
                worker.terminate()

    def __enter__(self) -> Self:
        """The fleet itself."""
        return self


def _work(pipe: Connection, plan: FleetPlan, part: int, parts: int) -> None:
    """A process: every `parts`-th robot from `part` on, day by day, until the pipe closes."""
    now = [0.0]
    looks = Looks(plan.public, plan.caches / str(part), plan.root, SteppedClock())
    shared = Shared(
        plan.model_id, plan.factory, plan.root, RememberingLink(plan.public), looks, plan.fault, plan.tested
    )
    robots = [SimulatedRobot(number, plan.seed, shared, lambda: now[0]) for number in range(part, plan.robots, parts)]
    while True:
        try:
            day = pipe.recv()
        except EOFError:
            return
        pipe.send(_live(robots, day, plan.missing, now, pipe))


def _live(robots: list[SimulatedRobot], day: Day, missing: float, now: list[float], pipe: Connection) -> list[Event]:
    events: list[Event] = []
    for lived, robot in enumerate(robots, start=1):
        now[0] = day.midnight_s + robot.looks_at_s
        if not robot.misses_today(missing):
            events += robot.look(now[0], day.moment)
        if lived % REPORT_EVERY == 0 or lived == len(robots):
            pipe.send(lived)
    return events
