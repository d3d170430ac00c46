"""What a robot finds that looks at a repository: by the real metadata code, once for all robots that come alike.

What python-tuf makes of a repository depends on its cache, the repository and the day. Robots that looked last at the
same moment have the same cache, byte for byte, so the answer is worked out once for each such pair of moments. All that
differs from robot to robot (its floor, its place in the rollout, its store, its trial) is each robot's own.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from hardware.clock import Clock
from robot.updates.bundle import Bundle
from robot.updates.client import Client
from robot.updates.disk import RealDisk
from robot.updates.floors import Seen
from robot.updates.link import FolderLink
from robot.updates.metadata import SignedRepository
from robot.updates.offers import Chooser

NEVER = -1
"""The moment of the last look of a robot that never looked."""


class SharedLook(SignedRepository):
    """One look, whose answers are kept for the next robot that comes from the same moment."""

    _refreshed = False
    _seen: Seen | None = None

    def refresh(self) -> None:
        """Fetch and verify what is new, once."""
        if not self._refreshed:
            super().refresh()
            self._files: dict[str, bytes] = {}
            self._refreshed = True

    def file(self, path: str, most_bytes: int) -> bytes:
        """The bytes of a signed file, checked once."""
        if path not in self._files:
            self._files[path] = super().file(path, most_bytes)
        return self._files[path]

    def seen(self) -> Seen:
        """The versions and keys that count; asked for after the channel was read."""
        if self._seen is None:
            self._seen = super().seen()
        return self._seen


class Looks:
    """Looks at the repository in `public`, with caches below `folder`. Moments are numbers that only grow."""

    def __init__(self, public: Path, folder: Path, root: bytes, clock: Clock) -> None:
        self._public = public
        self._folder = folder
        self._root = root
        self._clock = clock
        self._pairs: dict[tuple[int, int], SharedLook] = {}

    def at(self, before: int, now: int, now_s: float) -> SharedLook:
        """The look, at moment `now`, of a robot whose cache is that of moment `before`."""
        if (before, now) not in self._pairs:
            cache = self._folder / f"{before}-{now}"
            kept = next(iter(sorted(self._folder.glob(f"*-{before}"))), None)
            if kept is not None:
                shutil.copytree(kept, cache)
            else:
                cache.mkdir(parents=True)
            link = FolderLink(self._public)
            self._pairs[before, now] = SharedLook(cache, RealDisk(), self._root, link, self._clock, now_s)
        return self._pairs[before, now]


@dataclass(slots=True)
class Alike:
    """What is the same for all robots of a fleet, and found once: what shipped, and what is made for them."""

    shipped: dict[str, str] = field(default_factory=dict)
    fitting: set[str] = field(default_factory=set)


class FleetChooser(Chooser):
    """Decides what one robot of a fleet should have."""

    alike: Alike

    def running_version(self, model_id: str) -> str:
        """As on a robot; what shipped is looked up once for all of them."""
        if self._store.state.slots(model_id).current:
            return super().running_version(model_id)
        if model_id not in self.alike.shipped:
            self.alike.shipped[model_id] = super().running_version(model_id)
        return self.alike.shipped[model_id]

    def _refuse_incompatible(self, bundle: Bundle) -> None:
        if bundle.version not in self.alike.fitting:
            super()._refuse_incompatible(bundle)
            self.alike.fitting.add(bundle.version)


class FleetClient(Client):
    """A robot's client whose look may be shared. `last` is the moment of its last look, `now` the present one."""

    looks: Looks
    alike: Alike
    last = NEVER
    now = 0

    def running_version(self, model_id: str) -> str:
        """What the robot runs when it is left alone."""
        return self._chooser().running_version(model_id)

    def _repository(self, now_s: float) -> SignedRepository:
        look = self.looks.at(self.last, self.now, now_s)
        self.last = self.now
        return look

    def _chooser(self) -> FleetChooser:
        chooser = FleetChooser(self._store, self._factory, self._robot)
        chooser.alike = self.alike
        return chooser
