"""An update from end to end: look, decide, fetch, test, and hand the candidate to its trial.

Nothing here touches the model in use. Whatever goes wrong is one error with its exit code, a line in the history, and
the robot as it was.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from hardware.clock import Clock
from robot.errors import Incompatible, RepositoryStale, SelfTestFailed, UpdateRefused
from robot.updates import changes
from robot.updates.bundle import version_of
from robot.updates.channel import MAX_CHANNEL_BYTES, Channel, channel_path, parse_channel
from robot.updates.company import update_at_work
from robot.updates.disk import Disk
from robot.updates.download import Downloader, Patience, Progress
from robot.updates.floors import raised
from robot.updates.link import Link
from robot.updates.metadata import SignedRepository
from robot.updates.offers import Chooser, Offer, PassedOver, Robot
from robot.updates.selftest import self_test
from robot.updates.selftest_child import Answer
from robot.updates.state import State
from robot.updates.store import Store

NOTE_CHECK_S = 3600
CLOCK_SLACK_S = 86_400
"""A clock that is behind signed time by less than this may be right: the publisher's may be ahead."""
T = TypeVar("T")


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
        self.passed_over: tuple[PassedOver, ...] = ()
        """What the last look found that is not for this robot now."""
        self.clock_fault = ""
        """What is wrong with the clock on the wall, as far as the last look can tell."""
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
        allow_expired: bool = False,
    ) -> list[Offer]:
        """Fetch and test what is offered and make it the candidate; gives what was taken. None named: all models.

        Versions that were withdrawn are left for the one before. `force` tries a version again that is known as bad.
        `allow_expired` is for a stick that lay in a drawer: nothing is believed of the clock, and only what was signed
        before the newest signed time that this robot has seen counts as expired.

        Raises:
            StoreBusy, NetworkFailed, RepositoryStale, UpdateRefused, Incompatible, SelfTestFailed, NoSpace,
            StorageFailed.
        """
        with self._store.updating():
            found = self._noting(lambda: self._look(force, allow_expired))
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
            if taken:
                with update_at_work(self._store.root):
                    for offer in taken:
                        self._noting(partial(self._take, offer, progress))
            return taken

    def _look(self, force: bool = False, allow_expired: bool = False) -> Check:
        state = self._store.read()
        now_s = float(state.floor.time_s) if allow_expired else max(self._wall_s(), float(state.floor.time_s))
        self.clock_fault = clock_fault(self._wall_s(), state.floor.time_s)
        repository = self._repository(now_s)
        repository.refresh()
        path = channel_path(self._robot.channel)
        channel = parse_channel(repository.file(path, MAX_CHANNEL_BYTES), self._robot.channel)
        signed_s = max(channel.created_s, int(self._wall_s()) if self._robot.clock_trusted else 0)
        floor = raised(state.floor, repository.seen(), signed_s)
        if floor is not state.floor or now_s - state.last_check_s > NOTE_CHECK_S:
            state = self._store.change(
                "check",
                lambda before: msgspec.structs.replace(
                    before, floor=floor, last_check_s=max(before.last_check_s, int(now_s))
                ),
            )
        chooser = self._chooser()
        found = [
            chooser.choose_best(state, repository, model_id, offering, now_s, force)
            for model_id, offering in sorted(channel.models.items())
        ]
        self.passed_over = tuple(each for each in found if isinstance(each, PassedOver))
        return Check(tuple(each for each in found if isinstance(each, Offer)), self._withdrawn(state, channel))

    def _repository(self, now_s: float) -> SignedRepository:
        folder = self._store.root / "tuf"
        self._disk.make_folder(folder)
        return SignedRepository(folder, self._disk, self._robot.root, self._link, self._clock, now_s)

    def _chooser(self) -> Chooser:
        return Chooser(self._store, self._factory, self._robot)

    def _withdrawn(self, state: State, channel: Channel) -> tuple[tuple[str, str], ...]:
        return tuple(
            (model_id, name)
            for model_id, offering in channel.models.items()
            for name in (state.slots(model_id).trial, state.slots(model_id).current)
            if name and version_of(name) in offering.withdrawn
        )

    def _take(self, offer: Offer, progress: Progress | None) -> None:
        """Fetch, place and test one offer, and make it the candidate."""
        bundle, shelf = offer.bundle, self._store.shelf
        missing = {e.sha256: e.length for e in bundle.files.values() if not shelf.has_blob(e.sha256)}
        self._downloader.check_space(self._store.root, sum(missing.values()))
        come = 0
        for sha256, length in sorted(missing.items()):
            tell = partial(_further, progress, come, sum(missing.values())) if progress else None
            self._downloader.fetch(f"targets/blobs/{sha256}", shelf.part(sha256), sha256, length, tell)
            shelf.adopt(sha256)
            come += length
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


def _further(progress: Progress, come: int, total: int, done: int, _: int) -> None:
    """Tell how far a whole version is, `done` bytes into one of its files."""
    progress(come + done, total)


def clock_fault(wall_s: float, signed_s: int) -> str:
    """What is wrong with a clock that says `wall_s` where something was signed at `signed_s`; empty if nothing is."""
    if wall_s >= signed_s - CLOCK_SLACK_S:
        return ""
    says, signed = (datetime.fromtimestamp(seconds, UTC) for seconds in (wall_s, signed_s))
    return (
        f"the clock says {says:%Y-%m-%d}, and something was signed on {signed:%Y-%m-%d}, which counts instead; "
        "set the clock"
    )
