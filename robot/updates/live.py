"""The model in the running robot: switched between two answers, never within one, and watched while it is on trial.

Loading happens in `look`, which the robot calls off its frame path; `use` only ever takes the model that is ready.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from hardware.clock import Clock
from robot.errors import InferenceError, ModelRefused, NoSpace, StorageFailed, UpdateError
from robot.updates.bundle import version_of
from robot.updates.state import FACTORY, Slots
from robot.updates.store import Resolved, Source, Store
from robot.updates.trial import Gate, Trial

T = TypeVar("T")
"""What is switched: a model, or better all that depends on its manifest, such as the reader that prepares its input."""
R = TypeVar("R")

SOURCES: dict[Source, str] = {
    "trial": "on trial",
    "current": "which proved itself",
    "previous": "the one before",
    "factory": "which shipped with the robot",
}
"""Where a version comes from, in words that follow its name."""


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    """One version, held for as long as one answer takes: what is asked of it goes to that version alone."""

    model: T
    trial: Trial | None
    clock: Clock
    throttled: bool = False

    def use(self, call: Callable[[T], R]) -> R:
        """What `call` makes of this version, counted if it is on trial.

        Raises:
            InferenceError: the model failed. On trial that is counted against it.
        """
        if self.trial is None:
            return call(self.model)
        start_s = self.clock.now_s()
        try:
            answer = call(self.model)
        except InferenceError:
            self.trial.failed()
            raise
        self.trial.answered((self.clock.now_s() - start_s) * 1000, self.throttled)
        return answer


class LiveModel(Generic[T]):
    """One model of the robot, whatever version of it is in use. `load` builds what is switched from a directory.

    `told` hears in plain words what was changed and why; the name of the model is not repeated in them.

    Raises:
        ModelRefused: not even what shipped can be loaded.
    """

    def __init__(
        self,
        model_id: str,
        store: Store,
        load: Callable[[Path], T],
        clock: Clock,
        gate: Gate | None = None,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._model_id = model_id
        self._store = store
        self._load = load
        self._clock = clock
        self._gate = gate or Gate()
        self._told = told
        self._lock = threading.Lock()
        self._trial: Trial | None = None
        self.throttled = False
        """Whether the machine is slowed down for heat: it is slow with any model then, and no candidate's fault."""
        self._failing = False
        self._last_error = ""
        self._model, self.resolved = self._next_that_loads()
        self._followed = self._wanted(store.state.slots(model_id))
        self._begin()

    @property
    def model(self) -> T:
        """What is in use now. For an answer go through `use`: it may be switched at any time."""
        return self._model

    @property
    def says(self) -> str:
        """Which version is in use, in plain words."""
        return f"version {version_of(self.resolved.name)} from now on, {SOURCES[self.resolved.source]}"

    def hold(self) -> Held[T]:
        """The version in use now, for one answer that is made in several steps."""
        with self._lock:
            return Held(self._model, self._trial, self._clock, self.throttled)

    def use(self, call: Callable[[T], R]) -> R:
        """What `call` makes of the version in use: one answer, of one version, counted if that is on trial.

        Raises:
            InferenceError: the model failed. On trial that is counted against it.
        """
        return self.hold().use(call)

    @property
    def trial(self) -> Trial | None:
        """What counts the answers of a candidate; None while no candidate is in use."""
        return self._trial

    def rest(self) -> None:
        """The robot ends in good order: a candidate gets its boot back, and what it has shown counts at the next start.

        A disk that takes no note of it costs the candidate that boot.
        """
        trial = self._trial
        if trial is None or trial.verdict().decision == "drop":
            return
        try:
            self._store.pause(self._model_id, self.resolved.name, trial.evidence())
        except (UpdateError, OSError) as error:
            self._told(str(error))

    def process_died(self) -> None:
        """The process that runs the model died."""
        if self._trial is not None:
            self._trial.died()

    def look(self) -> None:
        """Judge a candidate on trial, and take up what the store has changed. Call now and then, off the frame path.

        Whatever is wrong with the disk, the model that is ready goes on.
        """
        try:
            self._look()
        except (ModelRefused, InferenceError, UpdateError, OSError) as error:
            if str(error) != self._last_error:
                self._told(str(error))
            self._last_error = str(error)

    def _look(self) -> None:
        trial, slots = self._trial, self._store.read().slots(self._model_id)
        if trial is not None and slots.trial == self.resolved.name:
            self._judge(trial)
            slots = self._store.state.slots(self._model_id)
        wanted = self._wanted(slots)
        if wanted != self._followed:
            # Once for each change, whatever comes of it: a set that has rotted must not be loaded again and again.
            self._followed = wanted
            self._switch()

    def _wanted(self, slots: Slots) -> str | None:
        """The set that the store names for now; None for what shipped."""
        if slots.trial is not None and not self._failing:
            return slots.trial
        return None if slots.pinned == FACTORY else slots.current

    def _judge(self, trial: Trial) -> None:
        verdict = trial.verdict()
        if verdict.decision == "going":
            return
        try:
            if verdict.decision == "keep":
                self._store.keep(self._model_id, self.resolved.name, verdict.reason)
                self.resolved = Resolved(self._model_id, self.resolved.directory, "current", self.resolved.name)
                self._trial = None
            else:
                self._store.drop(self._model_id, verdict.reason)
        except (NoSpace, StorageFailed) as error:
            # The record still says candidate, with its boots counted: the next start decides again.
            self._told(f"the verdict ({verdict.reason}) cannot be written: {error}")
            if verdict.decision == "drop":
                self._failing = True
                self._use(*self._without_candidate())
                self._followed = self._wanted(self._store.state.slots(self._model_id))
            return
        said = "proved itself and stays" if verdict.decision == "keep" else "failed its trial and is left"
        self._told(f"version {version_of(self.resolved.name)} {said}: {verdict.reason}")

    def _switch(self) -> None:
        model, resolved = self._next_that_loads()
        self._use(model, resolved)
        self._begin()
        self._told(self.says)

    def _use(self, model: T, resolved: Resolved) -> None:
        with self._lock:
            self._model, self.resolved, self._trial = model, resolved, None

    def _begin(self) -> None:
        """Start the trial if a candidate is in use."""
        if self.resolved.source == "trial":
            budget_ms = self._store.shelf.bundle(self._model_id, self.resolved.name).latency_budget_ms
            before = self._store.state.slots(self._model_id).evidence
            trial = Trial(budget_ms, self._gate, self._clock, before)
            with self._lock:
                self._trial = trial

    def _next_that_loads(self) -> tuple[T, Resolved]:
        """The model that the store gives out; a candidate that does not load is dropped for the one in use."""
        resolved = self._store.resolve(self._model_id)
        try:
            return self._load(resolved.directory), resolved
        except (ModelRefused, InferenceError) as error:
            if resolved.source != "trial":
                raise
            self._store.drop(self._model_id, f"does not load: {error}")
            self._told(f"version {version_of(resolved.name)} does not load: {error}")
        resolved = self._store.resolve(self._model_id)
        return self._load(resolved.directory), resolved

    def _without_candidate(self) -> tuple[T, Resolved]:
        """What was in use before the candidate, when the disk takes no verdict: loaded without asking for it."""
        resolved = self._store.resolve(self._model_id, candidate=False)
        return self._load(resolved.directory), resolved
