"""An update from end to end: look, decide, fetch, test, and hand the candidate to its trial.

Nothing here touches the model in use. Whatever goes wrong is one error with its exit code, a line in the history, and
the robot as it was.
"""

import platform
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from hardware.clock import Clock
from robot.errors import Incompatible, ModelRefused, RepositoryStale, SelfTestFailed, UpdateRefused
from robot.inference.store import find_model, read_model_files
from robot.updates import changes
from robot.updates.bundle import MAX_BUNDLE_BYTES, Bundle, folder_name, parse_bundle, version_key, version_of
from robot.updates.channel import MAX_CHANNEL_BYTES, Channel, Offering, channel_path, is_offered, parse_channel
from robot.updates.contract import contract_of
from robot.updates.disk import Disk
from robot.updates.download import Downloader, Patience, Progress
from robot.updates.floors import raised
from robot.updates.link import Link
from robot.updates.metadata import SignedRepository
from robot.updates.selftest import self_test
from robot.updates.selftest_child import Answer
from robot.updates.state import State
from robot.updates.store import Store

NOTE_CHECK_S = 3600
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Robot:
    """What decides whether an update is for this robot. `root` is the root metadata it was made with."""

    root: bytes
    device_id: str
    app_version: str
    channel: str = "stable"
    machine: str = field(default_factory=platform.machine)
    clock_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A version that this robot should have. `name` is the set's; `held` says why it is not taken all the same."""

    bundle: Bundle
    content: bytes
    name: str
    mandatory: bool
    held: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a look at the repository showed: offers, and the sets here, (model, name), that were withdrawn."""

    offers: tuple[Offer, ...]
    withdrawn: tuple[tuple[str, str], ...]


class Client:
    """Updates the models in `store` from the repository behind `link`."""

    def __init__(
        self,
        store: Store,
        disk: Disk,
        factory: Path,
        link: Link,
        robot: Robot,
        clock: Clock,
        wall_s: Callable[[], float],
        *,
        patience: Patience | None = None,
        chance: random.Random | None = None,
        test: Callable[[Path, float], Answer] = self_test,
    ) -> None:
        self._store = store
        self._disk = disk
        self._factory = factory
        self._link = link
        self._robot = robot
        self._clock = clock
        self._wall_s = wall_s
        self._test = test
        self._downloader = Downloader(link, disk, clock, patience or Patience(), chance or random.Random())

    def check(self) -> Check:
        """Look what there is, and change nothing but what must be remembered.

        Raises:
            StoreBusy, NetworkFailed, RepositoryStale, UpdateRefused, Incompatible, NoSpace, StorageFailed.
        """
        with self._store.updating():
            return self._noting(self._look)

    def update(
        self,
        model_ids: Sequence[str] = (),
        progress: Progress | None = None,
        dry_run: bool = False,
        force: bool = False,
    ) -> list[Offer]:
        """Fetch and test what is offered and make it the candidate; gives what was taken. None named: all models.

        Versions that were withdrawn are left for the one before. `force` tries a version again that is known as bad.

        Raises:
            StoreBusy, NetworkFailed, RepositoryStale, UpdateRefused, Incompatible, SelfTestFailed, NoSpace,
            StorageFailed.
        """
        with self._store.updating():
            found = self._noting(lambda: self._look(force))
            wanted = [offer for offer in found.offers if not model_ids or offer.bundle.id in model_ids]
            taken = [offer for offer in wanted if not offer.held]
            if dry_run:
                return taken
            for model_id, name in found.withdrawn:
                if name == self._store.state.slots(model_id).trial:
                    self._store.drop(model_id, "withdrawn by the publisher")
                elif model_id not in {offer.bundle.id for offer in taken}:
                    self._leave_withdrawn(model_id)
            parts = frozenset(entry.sha256 for offer in taken for entry in offer.bundle.files.values())
            self._store.collect(parts)
            for offer in taken:
                self._noting(partial(self._take, offer, progress))
            return taken

    def running_version(self, model_id: str) -> str:
        """The version that would be loaded without a candidate; empty if there is none."""
        current = self._store.state.slots(model_id).current
        if current:
            return current
        try:
            return find_model(model_id, self._factory).name
        except ModelRefused:
            return ""

    def _look(self, force: bool = False) -> Check:
        state = self._store.read()
        now_s = max(self._wall_s(), float(state.floor.time_s))
        repository = self._repository(now_s)
        repository.refresh()
        path = channel_path(self._robot.channel)
        channel = parse_channel(repository.file(path, MAX_CHANNEL_BYTES), self._robot.channel)
        signed_s = max(channel.created_s, int(self._wall_s()) if self._robot.clock_trusted else 0)
        floor = raised(state.floor, repository.seen(), signed_s)
        if floor is not state.floor or now_s - state.last_check_s > NOTE_CHECK_S:
            state = self._store.change(
                "check", lambda before: msgspec.structs.replace(before, floor=floor, last_check_s=int(now_s))
            )
        offers = [
            self._offer(state, repository, model_id, offering, now_s, force)
            for model_id, offering in sorted(channel.models.items())
        ]
        return Check(tuple(offer for offer in offers if offer), self._withdrawn(state, channel))

    def _repository(self, now_s: float) -> SignedRepository:
        folder = self._store.root / "tuf"
        self._disk.make_folder(folder)
        return SignedRepository(folder, self._disk, self._robot.root, self._link, self._clock, now_s)

    def _withdrawn(self, state: State, channel: Channel) -> tuple[tuple[str, str], ...]:
        return tuple(
            (model_id, name)
            for model_id, offering in channel.models.items()
            for name in (state.slots(model_id).trial, state.slots(model_id).current)
            if name and version_of(name) in offering.withdrawn
        )

    def _offer(
        self, state: State, repository: SignedRepository, model_id: str, offering: Offering, now_s: float, force: bool
    ) -> Offer | None:
        """The offering as it concerns this robot; None if it does not."""
        slots = state.slots(model_id)
        running = self.running_version(model_id)
        withdrawn = version_of(running) in offering.withdrawn
        newer = not running or version_key(offering.version) > version_key(running)
        rotten = bool(slots.current and self._store.shelf.fault(model_id, slots.current))
        if not is_offered(offering, self._robot.device_id, now_s) or not (newer or withdrawn or rotten):
            return None
        if running and version_key(offering.version) == version_key(running) and not rotten:
            return None
        content = repository.file(offering.bundle, MAX_BUNDLE_BYTES)
        bundle = parse_bundle(content, offering.bundle)
        if (bundle.id, bundle.version) != (model_id, offering.version):
            raise UpdateRefused(f"{offering.bundle}: security: says {bundle.id} {bundle.version}; ask the publisher")
        name = folder_name(bundle, content)
        if slots.trial == name or (f"{model_id}/{name}" in state.bad and not force):
            return None
        changes.refuse_below_floor(state, model_id, name)
        self._refuse_incompatible(bundle)
        held = f"pinned to {slots.pinned}; `rapport models unpin {model_id}` lets it go" if slots.pinned else ""
        return Offer(bundle, content, name, offering.mandatory, held)

    def _refuse_incompatible(self, bundle: Bundle) -> None:
        """Raise Incompatible, before anything is fetched, if the model is not for this robot."""
        needs, name = bundle.requires, f"{bundle.id} {bundle.version}"
        app = version_key(self._robot.app_version)
        if not version_key(needs.app_from) <= app < version_key(needs.app_below):
            says = f"from {needs.app_from} to below {needs.app_below}, this is {self._robot.app_version}"
            raise Incompatible(f"{name}: is for Rapport {says}; update Rapport first")
        if needs.machines and self._robot.machine not in needs.machines:
            raise Incompatible(f"{name}: is for {', '.join(needs.machines)}, this is {self._robot.machine}")
        try:
            expected = contract_of(read_model_files(find_model(bundle.id, self._factory)).manifest)
        except ModelRefused as error:
            raise Incompatible(f"{name}: this robot has no use for it ({error})") from None
        if bundle.contract != expected:
            raise Incompatible(f"{name}: takes or gives something else than this Rapport; update Rapport first")

    def _take(self, offer: Offer, progress: Progress | None) -> None:
        """Fetch, place and test one offer, and make it the candidate."""
        bundle, shelf = offer.bundle, self._store.shelf
        missing = {e.sha256: e.length for e in bundle.files.values() if not shelf.has_blob(e.sha256)}
        self._downloader.check_space(self._store.root, sum(missing.values()))
        for sha256, length in sorted(missing.items()):
            self._downloader.fetch(f"targets/blobs/{sha256}", shelf.part(sha256), sha256, length, progress)
            shelf.adopt(sha256)
        self._store.note("downloaded", bundle.id, offer.name)
        shelf.place(offer.content)
        try:
            self._test(shelf.sets / bundle.id / offer.name, bundle.latency_budget_ms)
        except SelfTestFailed as error:
            reason = str(error)
            self._store.change(
                "self-test failed",
                lambda state: changes.mark_bad(state, bundle.id, offer.name, reason),
                bundle.id,
                offer.name,
                reason,
            )
            raise
        if offer.name == self._store.state.slots(bundle.id).current:
            # It had rotted on the disk, was proved long ago, and is whole again.
            self._store.note("repaired", bundle.id, offer.name)
            return
        self._store.try_set(bundle.id, offer.name)

    def _leave_withdrawn(self, model_id: str) -> None:
        current = self._store.state.slots(model_id).current or ""
        self._store.change(
            "withdrawn", lambda state: changes.leave(state, model_id, "withdrawn by the publisher"), model_id, current
        )

    def _noting(self, step: Callable[[], T]) -> T:
        """Take a step; a refusal goes into the history."""
        try:
            return step()
        except (UpdateRefused, RepositoryStale, Incompatible) as error:
            self._store.note("refused", reason=str(error))
            raise
