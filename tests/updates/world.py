"""A publisher and a robot in one folder, with real keys and a clock that stands where a test puts it."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.clock import SteppedClock
from robot.updates.channel import bundle_path
from robot.updates.client import Client
from robot.updates.disk import RealDisk
from robot.updates.download import Patience
from robot.updates.link import FolderLink, Link
from robot.updates.offers import Robot
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.repository.keys import KeyFolder
from robot.updates.repository.publisher import Publisher
from robot.updates.selftest_child import Answer
from robot.updates.store import Store
from tests.updates.bundles import SMALL_MODELS, model_files, write_model

NOW_S = 1_795_000_000
DAY_S = 86_400
PATIENT = Patience(first_wait_s=0.0, reserve_bytes=0, reserve_most_bytes=0)


def passes(directory: Path, budget_ms: float) -> Answer:
    """A self-test that believes everything: the real one has tests of its own."""
    return Answer("")


class World:
    """`repository` is what the publisher made, `now_s` what every clock says."""

    def __init__(self, folder: Path, now_s: int = NOW_S) -> None:
        self.folder = folder
        self.now_s = now_s
        self.repository = folder / "public"
        self.keys = KeyFolder(folder / "keys")
        self.publisher = Publisher(folder, self.keys, RealDisk(), lambda: self.now_s)
        self.publisher.init()
        self.root = (self.repository / "metadata" / "1.root.json").read_bytes()

    def fresh_publisher(self, *folders: Path) -> Publisher:
        """The publisher as a new process finds it, with the keys in `folders`, or else all of them."""
        keys = KeyFolder(*folders) if folders else KeyFolder(self.folder / "keys")
        return Publisher(self.folder, keys, RealDisk(), lambda: self.now_s)

    def publish(self, version: str, percent: float = 100, model: Path | None = None, **conditions: Any) -> str:
        """Publish and stage a version of the small model."""
        directory = model or write_model(self.folder / f"made-{version}", version, model_files(version))
        made = bundle_model(directory, self.now_s, Conditions(**conditions))
        self.publisher.add(made)
        self.publisher.sign()
        self.publisher.stage(made.bundle.id, version, percent)
        return bundle_path(made.bundle.id, version)

    def store(self, name: str = "robot") -> Store:
        return Store(self.folder / name, SMALL_MODELS, RealDisk(), lambda: self.now_s)

    def client(
        self,
        name: str = "robot",
        link: Link | None = None,
        test: Callable[[Path, float], Answer] = passes,
        now_s: float | None = None,
        patience: Patience = PATIENT,
        disk: RealDisk | None = None,
        **robot: Any,
    ) -> Client:
        """A robot with a store of its own."""
        described = {"root": self.root, "device_id": name, "app_version": "0.1.0", **robot}
        used = disk or RealDisk()
        return Client(
            Store(self.folder / name, SMALL_MODELS, used, lambda: self.now_s),
            used,
            SMALL_MODELS,
            link or FolderLink(self.repository),
            Robot(**described),
            SteppedClock(),
            (lambda: self.now_s) if now_s is None else (lambda: now_s),
            patience=patience,
            chance=random.Random(0),
            test=test,
        )
