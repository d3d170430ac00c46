"""The store and the repository that a `rapport models` command works on, from the configuration and its options."""

import argparse
import json
import os
import random
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hardware.clock import MonotonicClock
from hardware.coral import edge_tpu_runtime
from hardware.whole_file import write_whole
from robot import __version__
from robot.config import Config, load_config
from robot.errors import ConfigError
from robot.inference.store import MANIFEST_FILE, factory_models, ids_in
from robot.policy import permission_for

if TYPE_CHECKING:
    from robot.updates.client import Client
    from robot.updates.export import Exporter
    from robot.updates.link import Link
    from robot.updates.selftest_child import Answer
    from robot.updates.store import Store

TIME_IS_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")


def add_store_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command on the store."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file; its section [updates] counts here")
    parser.add_argument("--store", type=Path, metavar="DIR", help="folder of updated models (default: in your home)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_repository_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the commands that look at a repository."""
    parser.add_argument("--repository", metavar="URL", help="address or folder of the repository")
    add_trust_options(parser)


def add_trust_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the commands that check signatures."""
    parser.add_argument("--root", type=Path, metavar="FILE", help="root metadata that the publisher gave out")
    parser.add_argument("--channel", metavar="NAME", help="which channel to follow (default stable)")


def settings_of(options: argparse.Namespace) -> Config:
    """The configuration that a command names, or the defaults."""
    return load_config(options.config)


def open_store(options: argparse.Namespace) -> "Store":
    """The store, which need not exist yet."""
    return store_in(store_place(options, settings_of(options)))


def unused_tasks(config: Config) -> dict[str, str]:
    """The tasks that consent or place forbid here, and why: no model of one is run, not even for a test."""
    allowed = permission_for(config.robot)
    why = f"reads feelings, which consent {config.robot.consent} at {config.robot.place} does not allow"
    tasks = (("face_expression", allowed.expression), ("voice_tone", allowed.tone))
    return {task: why for task, may in tasks if not may}


def unused_models(config: Config) -> dict[str, str]:
    """The models that shipped for such a task, and why they are not fetched."""
    unused = unused_tasks(config)
    tasks = {path.parent.parent.name: task_of(path.parent) for path in factory_models().glob(f"*/*/{MANIFEST_FILE}")}
    return {model_id: unused[task] for model_id, task in tasks.items() if task in unused}


def task_of(directory: Path) -> str:
    """What a model is for, as its manifest says; its id where that cannot be read."""
    try:
        return str(json.loads((directory / MANIFEST_FILE).read_bytes())["task"])
    except (OSError, ValueError, KeyError, TypeError):
        return directory.parent.name


def store_in(folder: Path) -> "Store":
    """The store in `folder`."""
    from robot.updates.disk import RealDisk  # noqa: PLC0415
    from robot.updates.store import Store  # noqa: PLC0415

    return Store(folder, factory_models(), RealDisk(), time.time)


def store_folder(config: Config) -> Path:
    """Where this robot's updated models lie: `store` in [updates] of the configuration, or in the user's home."""
    if config.updates.store:
        return Path(config.updates.store)
    data = os.environ.get("XDG_DATA_HOME", "")
    return (Path(data) if data else Path.home() / ".local" / "share") / "rapport" / "models"


def open_exporter(options: argparse.Namespace) -> "Exporter":
    """Everything that writing a repository for other robots needs.

    Raises:
        ConfigError: no root metadata is named.
    """
    from robot.updates.disk import RealDisk  # noqa: PLC0415
    from robot.updates.export import Exporter  # noqa: PLC0415

    config = settings_of(options)
    store = store_in(store_place(options, config))
    channel = options.channel or config.updates.channel
    return Exporter(store, RealDisk(), channel, _root(options, config), MonotonicClock())


def open_client(options: argparse.Namespace, test: "Callable[[Path, float], Answer] | None" = None) -> "Client":
    """Everything that a look at the repository needs; `test` stands in place of the self-test.

    Raises:
        ConfigError: no repository or no root metadata is named.
    """
    # Signatures, HTTP and their libraries are imported only by the commands that need them.
    from robot.updates.client import Client  # noqa: PLC0415
    from robot.updates.disk import RealDisk  # noqa: PLC0415
    from robot.updates.download import Patience  # noqa: PLC0415
    from robot.updates.offers import Robot  # noqa: PLC0415
    from robot.updates.selftest import self_test  # noqa: PLC0415

    config = settings_of(options)
    folder = store_place(options, config)
    address = options.repository or config.updates.repository
    if not address:
        raise ConfigError("no repository is named; give --repository, or repository in [updates] of the configuration")
    robot = Robot(
        root=_root(options, config),
        device_id=_device_id(folder),
        app_version=__version__,
        channel=options.channel or config.updates.channel,
        clock_trusted=TIME_IS_SYNCHRONISED.exists(),
        edgetpu_runtime="" if config.inference.accelerator == "cpu" else edge_tpu_runtime(),
        unused=unused_models(config),
    )
    store = store_in(folder)
    # A file that is not on a stick does not come by waiting.
    patience = Patience(attempts=5 if "://" in address else 1, most_bytes_per_s=config.updates.most_bytes_per_s)
    chance = random.Random(secrets.randbits(64))
    return Client(
        store,
        RealDisk(),
        factory_models(),
        _link(address),
        robot,
        MonotonicClock(),
        time.time,
        patience=patience,
        chance=chance,
        test=test or self_test,
    )


def progress(as_json: bool) -> "Progress":
    """Tells how a download goes, on standard error: JSON lines, or one line that changes."""
    return Progress(as_json, sys.stderr.isatty())


class Progress:
    """Called with bytes so far and bytes in all; says something for each twentieth part."""

    def __init__(self, as_json: bool, live: bool) -> None:
        self._as_json = as_json
        self._live = live
        self._said = -1

    def __call__(self, done: int, total: int) -> None:
        """Say so if another twentieth has come."""
        part = 20 * done // total
        if part == self._said:
            return
        self._said = part
        if self._as_json:
            print(f'{{"done_bytes": {done}, "total_bytes": {total}}}', file=sys.stderr, flush=True)
        elif self._live:
            self._line(f"{done / 1e6:7.1f} of {total / 1e6:.1f} MB", done >= total)

    def count(self, done: int, total: int, what: str) -> None:
        """Say how many of several things are done."""
        if self._as_json:
            print(f'{{"done": {done}, "total": {total}}}', file=sys.stderr, flush=True)
        elif self._live:
            self._line(f"{done:4d} of {total} {what}", done >= total)

    def _line(self, text: str, last: bool) -> None:
        print(f"\r{text}", end="\n" if last else "", file=sys.stderr, flush=True)


def store_place(options: argparse.Namespace, config: Config) -> Path:
    """Where the store that a command works on lies."""
    return Path(options.store) if options.store else store_folder(config)


def _root(options: argparse.Namespace, config: Config) -> bytes:
    where = options.root or (Path(config.updates.root) if config.updates.root else None)
    if where is None:
        raise ConfigError("no root metadata is named; give --root with the file that the publisher gave out")
    try:
        return Path(where).read_bytes()
    except OSError as error:
        raise ConfigError(f"{where}: cannot be read ({error.strerror}); get it from the publisher") from None


def _device_id(folder: Path) -> str:
    """This robot's random number, made once. It decides about rollouts, here, and is never sent."""
    from robot.updates.disk import storage_error  # noqa: PLC0415

    path = folder / "device_id"
    try:
        if not path.is_file() or not path.stat().st_size:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, secrets.token_hex(16).encode(), 0o600)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError):
            raise storage_error(error, path) from None
        raise ConfigError(f"{path}: damaged; remove it, a new one is made") from None


def _link(address: str) -> "Link":
    from robot.updates.link import FolderLink, HttpLink  # noqa: PLC0415

    return HttpLink(address) if "://" in address else FolderLink(Path(address))


def model_ids() -> list[str]:
    """The models that this robot knows, for Tab."""
    return ids_in(factory_models())


def shipped_versions() -> list[str]:
    """`id/version` of each model that shipped, for Tab."""
    return sorted(
        f"{path.parent.parent.name}/{path.parent.name}" for path in factory_models().glob("*/*/manifest.json")
    )


def stored_versions() -> list[str]:
    """The versions in the store of the default configuration, for Tab."""
    shelf = store_in(store_folder(Config())).shelf
    return sorted({name.split("-")[0] for model_id in model_ids() for name in shelf.known(model_id)})
