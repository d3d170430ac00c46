"""A repository for robots without a network, made from what this robot has: signed metadata, bundles and blobs.

Nothing is signed here and nothing has to be believed: what is written is what the publisher signed, and a robot that
imports it checks it as if it had come from the publisher's own server. Neither a key nor this robot's number is in it.
"""

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import msgspec

from hardware.clock import Clock
from robot.errors import UpdateError
from robot.updates.bundle import BUNDLE_FILE, MAX_BUNDLE_BYTES, parse_bundle, version_of
from robot.updates.channel import MAX_CHANNEL_BYTES, bundle_path, channel_path
from robot.updates.disk import Disk
from robot.updates.download import Progress
from robot.updates.link import FolderLink
from robot.updates.metadata import SignedRepository
from robot.updates.store import Store

SINGLE_ROLES = ("snapshot", "targets", "release")
ROOT_NAME = re.compile(r"^\d{1,9}\.root\.json$")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: (model, version) of each set, and how many bytes in all."""

    models: tuple[tuple[str, str], ...]
    size_bytes: int


class _Hashes(msgspec.Struct):
    hashes: dict[str, str]


class _Role(msgspec.Struct):
    version: int
    targets: dict[str, _Hashes] = {}


class _Signed(msgspec.Struct):
    """As much of a metadata file as has to be known here."""

    signed: _Role


class Exporter:
    """Writes a repository into a folder, from `store`. `root` is what this robot trusts to begin with."""

    def __init__(self, store: Store, disk: Disk, channel: str, root: bytes, clock: Clock) -> None:
        self._store = store
        self._disk = disk
        self._channel = channel
        self._root = root
        self._clock = clock

    def export(self, folder: Path, progress: Progress | None = None) -> Exported:
        """Write everything this robot has into `folder`; what lay there before is replaced only by what is whole.

        Raises:
            UpdateError: this robot has never looked at a repository, or has no whole set of it.
            NoSpace, StorageFailed: the medium said no; what was on it before still counts.
        """
        with self._store.updating():
            metadata, sets = self._metadata(), self._sets()
            if not sets:
                raise UpdateError("this robot holds no updated model to export; run `rapport models update` first")
            files = self._files(sets)
            total, done = sum(len(content) for _, content in files), 0
            for path, content in files:
                self._write(folder / path, content)
                done += len(content)
                if progress:
                    progress(done, total)
            for path, content in metadata:
                self._write(folder / path, content)
            self._check(folder, sets)
            shown = tuple((model_id, version_of(name)) for model_id, name in sets)
            return Exported(shown, total + sum(len(content) for _, content in metadata))

    def _check(self, folder: Path, sets: list[tuple[str, str]]) -> None:
        """Look at what was written as a robot would that has never seen this repository: read back, not remembered."""
        now_s = float(self._store.state.floor.time_s)
        with tempfile.TemporaryDirectory() as cache:
            link = FolderLink(folder)
            repository = SignedRepository(Path(cache), self._disk, self._root, link, self._clock, now_s)
            repository.refresh()
            repository.file(channel_path(self._channel), MAX_CHANNEL_BYTES)
            for model_id, name in sets:
                where = bundle_path(model_id, version_of(name))
                bundle = parse_bundle(repository.file(where, MAX_BUNDLE_BYTES), where)
                for entry in bundle.files.values():
                    blob = folder / "targets" / "blobs" / entry.sha256
                    if self._disk.digest(blob) != (entry.sha256, entry.length):
                        raise UpdateError(f"{blob}: not what was written; use another medium")

    def _metadata(self) -> list[tuple[str, bytes]]:
        """The signed metadata under the names of a repository, the timestamp last: it makes the rest count."""
        cache = self._store.root / "tuf"
        found = {
            name: self._disk.read(cache / "root_history" / name)
            for name in self._disk.names(cache / "root_history")
            if ROOT_NAME.match(name)
        }
        for role in SINGLE_ROLES:
            content = self._disk.read(cache / f"{role}.json")
            if content is not None:
                found[f"{_signed(content, role).version}.{role}.json"] = content
        timestamp = self._disk.read(cache / "timestamp.json")
        if timestamp is None or len(found) <= len(SINGLE_ROLES):
            raise UpdateError("this robot has never looked at a repository; run `rapport models check` first")
        return [(f"metadata/{name}", content) for name, content in found.items() if content] + [
            ("metadata/timestamp.json", timestamp)
        ]

    def _sets(self) -> list[tuple[str, str]]:
        """The sets that count here, are whole, and are what the publisher signs under their version now."""
        content = self._disk.read(self._store.root / "tuf" / "targets.json") or b""
        signed = {path: info.hashes.get("sha256", "") for path, info in _signed(content, "targets").targets.items()}
        return [
            (model_id, name)
            for model_id, slots in sorted(self._store.read().models.items())
            for name in dict.fromkeys((slots.previous, slots.current, slots.trial))
            if name
            and not self._store.shelf.fault(model_id, name)
            and signed.get(bundle_path(model_id, version_of(name)), "")[:8] == name[-8:]
        ]

    def _files(self, sets: list[tuple[str, str]]) -> list[tuple[str, bytes]]:
        """Blobs, bundles and the channel, under the names of a repository."""
        blobs: dict[str, bytes] = {}
        bundles: dict[str, bytes] = {}
        for model_id, name in sets:
            folder = self._store.shelf.sets / model_id / name
            content = self._read(folder / BUNDLE_FILE)
            bundles[_named_by_hash(bundle_path(model_id, version_of(name)), content)] = content
            for file, entry in self._store.shelf.bundle(model_id, name).files.items():
                blobs[f"targets/blobs/{entry.sha256}"] = self._read(folder / file)
        path = channel_path(self._channel)
        offered = self._disk.read(self._store.root / "tuf" / "files" / quote(path, ""))
        if offered is None:
            raise UpdateError(f"this robot has never seen channel {self._channel}; run `rapport models check` first")
        return [*blobs.items(), *bundles.items(), (_named_by_hash(path, offered), offered)]

    def _read(self, path: Path) -> bytes:
        content = self._disk.read(path)
        if content is None:
            raise UpdateError(f"{path}: gone while it was exported; run `rapport models verify`")
        return content

    def _write(self, path: Path, content: bytes) -> None:
        """Write a file whole and durably: sticks are pulled."""
        self._disk.make_folder(path.parent)
        fresh = path.with_name(f"{path.name}.new")
        self._disk.write(fresh, content)
        self._disk.sync(fresh)
        self._disk.move(fresh, path)
        self._disk.sync_folder(path.parent)


def _signed(content: bytes, role: str) -> _Role:
    try:
        return msgspec.json.decode(content, type=_Signed).signed
    except msgspec.DecodeError as error:
        raise UpdateError(f"{role} metadata: damaged ({error}); run `rapport models check`") from None


def _named_by_hash(path: str, content: bytes) -> str:
    """Where a signed file lies in a repository: `folder/<sha256>.name`, so that it never changes under its name."""
    folder, _, name = path.rpartition("/")
    return f"targets/{folder}/{hashlib.sha256(content).hexdigest()}.{name}"
