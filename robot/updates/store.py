"""The model store of a robot: what to load now, what to try, what to keep, and the way back.

It belongs to two processes, the robot and the updater. Both go through short locked changes of the state record; a
long update holds a second lock of its own, so that the robot never waits for a download.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from robot.errors import NoSpace, StorageFailed, UpdateRefused
from robot.inference.store import find_model, read_model_files
from robot.updates import changes
from robot.updates.disk import Disk
from robot.updates.history import Event, History
from robot.updates.record import Record
from robot.updates.recovery import rebuilt
from robot.updates.shelf import Shelf
from robot.updates.state import FACTORY, Evidence, Slots, State

Source = Literal["trial", "current", "previous", "factory"]
Change = Callable[[State], State]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The directory to load a model from, every byte of it just checked. `faults` says what was passed over."""

    model_id: str
    directory: Path
    source: Source
    name: str
    faults: tuple[str, ...] = ()


class Store:
    """The store in `root`, over the models that shipped in `factory`. `wall_s` gives seconds since 1970.

    Opening it changes nothing on the disk. `unrecorded` counts events that the history could not take.
    """

    def __init__(self, root: Path, factory: Path, disk: Disk, wall_s: Callable[[], float]) -> None:
        self.root = root
        self.shelf = Shelf(root, disk)
        self.unrecorded = 0
        self._factory = factory
        self._disk = disk
        self._wall_s = wall_s
        self._record = Record(root / "state", disk)

    @property
    def state(self) -> State:
        """What counts, as last read or written."""
        return self._record.state

    @property
    def damaged(self) -> tuple[str, ...]:
        """Copies of the state record that could not be read."""
        return self._record.damaged

    def read(self) -> State:
        """What counts now."""
        return self._record.read()

    def history(self) -> History:
        """The chain of events, read from the disk."""
        return History(self.root, self._disk)

    def history_fault(self) -> str:
        """What is wrong with the history; empty if nothing was changed, removed or cut off."""
        state = self.read()
        return self.history().fault(state.history_lines, state.history_head)

    def updating(self) -> AbstractContextManager[None]:
        """Held for a whole update. Raises StoreBusy at once if another update is under way."""
        self._prepare()
        return self._disk.lock(self.root / "update.lock", wait=False)

    def change(self, event: str, change: Change, model: str = "", version: str = "", reason: str = "") -> State:
        """Take one step: note it in the history, then commit the new state. The event is written first.

        Raises:
            NoSpace, StorageFailed: the state could not be written, and nothing changed.
            UpdateRefused: the step is not allowed.
        """
        with self._changing() as state:
            following = change(state)
            history = self._note(event, model, version, reason)
            return self._record.commit(
                msgspec.structs.replace(following, history_lines=history.lines, history_head=history.head)
            )

    def note(self, event: str, model: str = "", version: str = "", reason: str = "") -> None:
        """Write an event that changes no state: a check, a refusal."""
        with self._changing():
            self._note(event, model, version, reason)

    def try_set(self, model_id: str, name: str) -> State:
        """Make a whole set the candidate of its model."""
        fault = self.shelf.fault(model_id, name)
        if fault:
            raise UpdateRefused(fault)
        return self.change("trial", lambda state: changes.start_trial(state, model_id, name), model_id, name)

    def pause(self, model_id: str, name: str, evidence: Evidence) -> State:
        """The robot ends in good order while `name` is on trial: the next start goes on with it."""
        return self.change(
            "trial paused", lambda state: changes.pause_trial(state, model_id, name, evidence), model_id, name
        )

    def keep(self, model_id: str, name: str | None = None, reason: str = "") -> State:
        """The candidate has proved itself. With `name` only that one: another may have taken its place meanwhile."""
        candidate = name or self.read().slots(model_id).trial
        oldest = self.shelf.bundle(model_id, candidate).min_version if candidate else "0.0.0"

        def step(state: State) -> State:
            same = state.slots(model_id).trial == candidate
            return changes.keep_trial(state, model_id, oldest) if same else state

        return self.change("committed", step, model_id, candidate or "", reason)

    def drop(self, model_id: str, reason: str) -> State:
        """The candidate has failed: back to what was in use, and never again."""
        candidate = self.read().slots(model_id).trial or ""
        return self.change(
            "rolled back", lambda state: changes.end_trial(state, model_id, reason), model_id, candidate, reason
        )

    def roll_back(self, model_id: str, to: str | None = None) -> State:
        """Return by hand to the set before, or to `to`."""
        if to is not None and self.shelf.fault(model_id, to):
            raise UpdateRefused(self.shelf.fault(model_id, to))
        return self.change(
            "rolled back", lambda state: changes.roll_back(state, model_id, to), model_id, to or "", "by hand"
        )

    def leave_all(self, model_id: str) -> State:
        """Return by hand to what shipped; what was in use stays as the version before."""

        def leave(state: State) -> State:
            slots = state.slots(model_id)
            return state.with_slots(model_id, Slots(previous=slots.current or slots.previous))

        return self.change("rolled back", leave, model_id, FACTORY, "by hand")

    def pin(self, model_id: str, name: str | None) -> State:
        """Hold a model at a set (or `factory`), or let it go with None."""
        if name not in {None, FACTORY} and self.shelf.fault(model_id, str(name)):
            raise UpdateRefused(self.shelf.fault(model_id, str(name)))
        event = "unpinned" if name is None else "pinned"
        return self.change(event, lambda state: changes.pin(state, model_id, name), model_id, name or "")

    def resolve(self, model_id: str, candidate: bool = True) -> Resolved:
        """What to load now: the candidate while it has boots, the current set, the one before, what shipped.

        A boot is taken from the candidate, durably, before its directory is given out. With `candidate` False it is
        passed over.

        Raises:
            ModelRefused: not even what shipped is whole; the feature is off.
        """
        faults: list[str] = []
        self._mend(faults)
        tried = self._candidate(model_id, faults) if candidate else ""
        if tried:
            return self._found(model_id, "trial", tried, faults)
        slots = self.read().slots(model_id)
        order: tuple[tuple[Source, str | None], ...] = (("current", slots.current), ("previous", slots.previous))
        for source, name in order:
            if name is None or slots.pinned == FACTORY:
                continue
            fault = self.shelf.fault(model_id, name)
            if not fault:
                return self._found(model_id, source, name, faults)
            faults.append(fault)
        directory = find_model(model_id, self._factory)
        read_model_files(directory)
        return Resolved(model_id, directory, "factory", directory.name, tuple(faults))

    def collect(self, parts: frozenset[str] = frozenset()) -> int:
        """Remove what nothing names; `parts` are hashes of what is still being fetched. Gives how many went."""
        with self._changing() as state:
            kept = {
                model_id: {name for name in (slots.current, slots.previous, slots.trial, slots.pinned) if name}
                for model_id, slots in state.models.items()
            }
            removed = self.shelf.clear(kept, parts)
            for folder in (self.root, self.root / "state", self.root / "tuf"):
                for name in self._disk.names(folder):
                    if name.endswith(".new") or name.startswith("tmp"):
                        self._disk.remove(folder / name)
                        removed += 1
            return removed

    def events(self) -> list[Event]:
        """Every event that is kept, oldest first."""
        return self.history().events()

    def _found(self, model_id: str, source: Source, name: str, faults: list[str]) -> Resolved:
        return Resolved(model_id, self.shelf.sets / model_id / name, source, name, tuple(faults))

    def _candidate(self, model_id: str, faults: list[str]) -> str:
        """The candidate, if it may be loaded once more; one that may not is dropped."""
        slots = self.read().slots(model_id)
        if slots.trial is None:
            return ""
        fault = self.shelf.fault(model_id, slots.trial)
        if not fault and slots.boots_left == 0:
            fault = "it was loaded as often as a candidate may be and never proved itself"
        try:
            if not fault:
                self.change("boot", lambda state: changes.count_boot(state, model_id), model_id, slots.trial)
                return slots.trial
            self.drop(model_id, fault)
        except (NoSpace, StorageFailed) as error:
            # A boot that cannot be counted must not happen: the candidate could crash the robot for ever.
            fault = str(error)
        faults.append(fault)
        return ""

    def _mend(self, faults: list[str]) -> None:
        """Begin a new state record if both copies were damaged."""
        self.read()
        if not self._record.lost:
            return
        faults.append(f"{self.root / 'state'}: both copies are damaged; rebuilt from what is left")
        try:
            with self._changing():
                return
        except (NoSpace, StorageFailed) as error:
            faults.append(str(error))

    @contextmanager
    def _changing(self) -> Iterator[State]:
        self._prepare()
        with self._disk.lock(self.root / "state.lock", wait=True):
            self._record.read()
            if self._record.lost:
                committed = msgspec.structs.replace(rebuilt(self.shelf, self.events()), generation=0)
                self._note("state rebuilt", "", "", "both copies of the state were damaged")
                self._record.commit(committed)
            yield self._record.state

    def _note(self, event: str, model: str, version: str, reason: str) -> History:
        history = self.history()
        try:
            history.add(event, int(self._wall_s()), model, version, reason)
        except (NoSpace, StorageFailed):
            # The models matter more than the diary: what could not be written is counted and shown by `status`.
            self.unrecorded += 1
            return self.history()
        return history

    def _prepare(self) -> None:
        if not self._disk.names(self.root):
            self._disk.make_folder(self.root)
        if "state" not in self._disk.names(self.root):
            self._disk.make_folder(self.root / "state")
            self._disk.sync_folder(self.root)
        self.shelf.prepare()
