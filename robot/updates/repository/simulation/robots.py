"""Simulated robots: each looks once a day, tries what it is offered in its own use, and keeps it or returns.

Store, client and trial are the robots' own code. Simulated are the days, the disk, and how a version behaves in use.
"""

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from hardware.clock import SteppedClock
from robot.errors import InferenceError, SelfTestFailed, UpdateError
from robot.updates.bundle import version_of
from robot.updates.live import LiveModel
from robot.updates.offers import Robot
from robot.updates.repository.simulation.looks import Alike, FleetClient, Looks
from robot.updates.repository.simulation.memory import MemoryDisk, RememberingLink
from robot.updates.selftest_child import Answer
from robot.updates.store import Store

DAY_S = 86_400
LOOK_S = 60.0
LONGEST_TRIAL_S = 4 * 3600.0
FaultKind = Literal["nan", "slow", "crash"]
Happening = Literal["tries", "keeps", "returns", "leaves", "refuses"]


@dataclass(frozen=True, slots=True)
class Fault:
    """How the bad version goes wrong, though it passed its self-test: from `after_s` of use on.

    `nan`: a share of its answers are none; `slow`: it takes `share` seconds an answer; `crash`: its process dies.
    """

    kind: FaultKind
    version: str
    after_s: float = 120.0
    share: float = 0.2


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a robot, at `t_s` seconds since 1970."""

    t_s: float
    robot: int
    what: Happening
    version: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all robots of a process have in common. `tested` says how each version did in its self-test, run once."""

    model_id: str
    factory: Path
    root: bytes
    link: RememberingLink
    looks: Looks
    fault: Fault
    tested: dict[str, Answer]
    known: dict[bytes, tuple[bytes, str]] = field(default_factory=dict)
    alike: Alike = field(default_factory=Alike)


class Unwell:
    """A version in use: it answers in 8 ms, unless it is the bad one and its time has come."""

    def __init__(self, version: str, fault: Fault, clock: SteppedClock, chance: random.Random) -> None:
        self.version = version
        self._fault = fault if version == fault.version else None
        self._clock = clock
        self._chance = chance
        self._since_s = clock.now_s()

    def crashed(self) -> bool:
        """True once, when its process dies."""
        return self._ill() and self._fault is not None and self._fault.kind == "crash"

    def answer(self) -> None:
        """Take the time of an answer. Raises InferenceError if it is none."""
        fault = self._fault if self._ill() else None
        self._clock.wait_s(fault.share if fault is not None and fault.kind == "slow" else 0.008)
        if fault is not None and fault.kind == "nan" and self._chance.random() < fault.share:
            raise InferenceError("the output holds NaN or infinity")

    def _ill(self) -> bool:
        return self._fault is not None and self._clock.now_s() - self._since_s > self._fault.after_s


class SimulatedRobot:
    """Robot number `number`: its place in rollouts, its hour of the day and its use all follow from `seed`."""

    def __init__(self, number: int, seed: int, shared: Shared, wall_s: Callable[[], float]) -> None:
        self.number = number
        self._chance = random.Random(f"{seed}/{number}")
        self._shared = shared
        self.looks_at_s = self._chance.uniform(0, DAY_S)
        """Seconds after midnight at which it looks."""
        self._answer_every_s = self._chance.uniform(3, 7)
        disk = MemoryDisk(shared.known)
        self._store = Store(Path("/robot"), shared.factory, disk, wall_s)
        described = Robot(shared.root, f"{self._chance.getrandbits(128):032x}", "1.0.0", machine="aarch64")
        clock, link = SteppedClock(), shared.link
        self._client = FleetClient(
            self._store, disk, shared.factory, link, described, clock, wall_s, chance=self._chance, test=self._test
        )
        self._client.looks, self._client.alike = shared.looks, shared.alike

    @property
    def version(self) -> str:
        """What it runs when it is left alone."""
        return version_of(self._client.running_version(self._shared.model_id))

    def misses_today(self, share: float) -> bool:
        """True if it is switched off or without a network at its time."""
        return self._chance.random() < share

    def look(self, t_s: float, moment: int) -> list[Event]:
        """One look and all that follows from it."""
        self._client.now = moment
        before = self._store.state.slots(self._shared.model_id).current
        try:
            taken = self._client.update()
        except UpdateError as error:
            return [Event(t_s, self.number, "refuses", "", str(error))]
        left = self._store.state.slots(self._shared.model_id).current != before
        events = [Event(t_s, self.number, "leaves", version_of(before or ""))] if left else []
        return events + [event for offer in taken for event in self._try(offer.bundle.version, t_s)]

    def _try(self, version: str, t_s: float) -> list[Event]:
        """The trial of a version, from its first answer to its end."""
        clock, said = SteppedClock(), [""]
        begins_s = t_s + self._chance.uniform(0, 3600)

        def load(directory: Path) -> Unwell:
            return Unwell(version_of(directory.name), self._shared.fault, clock, self._chance)

        live = LiveModel(self._shared.model_id, self._store, load, clock, told=said.append)
        events = [Event(begins_s, self.number, "tries", version)]
        while live.trial is not None and clock.now_s() < LONGEST_TRIAL_S:
            self._use(live, clock)
            if live.trial.verdict().decision != "going":
                # Nothing else changes in its store meanwhile, so that a look before would find nothing.
                live.look()
        kept = live.resolved.source == "current"
        reason = next((text for text in said if version in text), "")
        return [*events, Event(begins_s + clock.now_s(), self.number, "keeps" if kept else "returns", version, reason)]

    def _use(self, live: LiveModel[Unwell], clock: SteppedClock) -> None:
        """Use for as long as it takes until the robot judges again."""
        ends_s = clock.now_s() + LOOK_S
        while clock.now_s() < ends_s:
            clock.wait_s(self._answer_every_s)
            if live.model.crashed():
                live.process_died()
                return
            with contextlib.suppress(InferenceError):
                live.use(Unwell.answer)

    def _test(self, directory: Path, _budget_ms: float) -> Answer:
        answer = self._shared.tested[version_of(directory.name)]
        if answer.fault:
            raise SelfTestFailed(answer.fault)
        return answer
