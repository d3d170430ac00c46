"""Where the bytes of models lie: blobs named by their hash, and sets, which are folders of names for blobs.

    blobs/<sha256>                  written once, never changed
    staging/<sha256>.part           on the way
    sets/<id>/<version>-<hash8>/    bundle.json and the files of the model; appears whole or not at all

Nothing here counts until the state record names it.
"""

import hashlib
from pathlib import Path

from robot.errors import ModelRefused, UpdateRefused
from robot.updates.bundle import BUNDLE_FILE, Bundle, folder_name, parse_bundle
from robot.updates.disk import Disk

PART = ".part"


class Shelf:
    """Blobs, staging and sets under `root`."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self.blobs = root / "blobs"
        self.staging = root / "staging"
        self.sets = root / "sets"
        self._root = root
        self._disk = disk

    def prepare(self) -> None:
        """Make the folders that are missing."""
        missing = [folder for folder in (self.blobs, self.staging, self.sets) if folder.name not in self._names()]
        for folder in missing:
            self._disk.make_folder(folder)
        if missing:
            self._disk.sync_folder(self._root)

    def _names(self) -> list[str]:
        return self._disk.names(self._root)

    def part(self, sha256: str) -> Path:
        """Where a blob is gathered before its hash is known to be right."""
        return self.staging / f"{sha256}{PART}"

    def has_blob(self, sha256: str) -> bool:
        """True if the blob is there and its bytes are those of its name."""
        found = self._disk.digest(self.blobs / sha256)
        return found is not None and found[0] == sha256

    def adopt(self, sha256: str) -> None:
        """Take the finished part in as a blob: durable first, then under its name.

        Raises:
            UpdateRefused: its bytes are not those of the hash; the part is removed, never to be resumed.
        """
        part = self.part(sha256)
        found = self._disk.digest(part)
        if found is None or found[0] != sha256:
            self._disk.remove(part)
            raise UpdateRefused(f"{sha256[:12]}: security: the bytes are not those that were signed; try again")
        self._disk.sync(part)
        self._disk.move(part, self.blobs / sha256)
        self._disk.sync_folder(self.blobs)

    def add_blob(self, content: bytes) -> str:
        """Take in bytes that are at hand (a USB stick, a test); gives their hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.has_blob(sha256):
            self._disk.write(self.part(sha256), content)
            self.adopt(sha256)
        return sha256

    def place(self, content: bytes) -> str:
        """Make the set of the bundle with the bytes `content`, all of whose blobs are there. Gives its folder's name.

        Raises:
            UpdateRefused: a blob is missing or rotten.
        """
        bundle = parse_bundle(content, "the bundle")
        name = folder_name(bundle, content)
        target = self.sets / bundle.id / name
        if self.fault(bundle.id, name) == "":
            return name
        for file, entry in sorted(bundle.files.items()):
            if not self.has_blob(entry.sha256):
                self._disk.remove(self.blobs / entry.sha256)
                raise UpdateRefused(f"{bundle.id} {bundle.version}: {file} is not there whole; fetch it again")
        building = self.staging / f"{bundle.id}.{name}.set"
        self._remove_tree(building)
        self._disk.make_folder(building)
        for file, entry in sorted(bundle.files.items()):
            self._disk.link(self.blobs / entry.sha256, building / file)
        self._disk.write(building / BUNDLE_FILE, content)
        self._disk.sync(building / BUNDLE_FILE)
        self._disk.sync_folder(building)
        if bundle.id not in self._disk.names(self.sets):
            self._disk.make_folder(target.parent)
            self._disk.sync_folder(self.sets)
        if name in self._disk.names(target.parent):
            rotten = self.staging / f"{bundle.id}.{name}.rotten"
            self._remove_tree(rotten)
            self._disk.move(target, rotten)
        self._disk.move(building, target)
        self._disk.sync_folder(target.parent)
        return name

    def bundle(self, model_id: str, name: str) -> Bundle:
        """The bundle of a set.

        Raises:
            ModelRefused: it is missing or altered.
        """
        where = self.sets / model_id / name / BUNDLE_FILE
        content = self._disk.read(where)
        if content is None:
            raise ModelRefused(f"{where}: missing; run `rapport models update`")
        try:
            bundle = parse_bundle(content, str(where))
        except UpdateRefused as error:
            raise ModelRefused(str(error)) from None
        if folder_name(bundle, content) != name or bundle.id != model_id:
            raise ModelRefused(f"{where}: altered; run `rapport models update`")
        return bundle

    def fault(self, model_id: str, name: str) -> str:
        """What is wrong with a set, every byte read; empty if it is whole: no file missing, altered or too many."""
        try:
            bundle = self.bundle(model_id, name)
        except ModelRefused as error:
            return str(error)
        folder = self.sets / model_id / name
        strays = set(self._disk.names(folder)) - {*bundle.files, BUNDLE_FILE}
        if strays:
            return f"{folder}: holds {', '.join(sorted(strays))}, which the bundle does not name"
        for file, entry in bundle.files.items():
            if self._disk.digest(folder / file) != (entry.sha256, entry.length):
                return f"{folder / file}: missing or altered; run `rapport models update`"
        return ""

    def known(self, model_id: str) -> list[str]:
        """The sets of a model that lie here, whole or not."""
        return self._disk.names(self.sets / model_id)

    def clear(self, kept: dict[str, set[str]], parts: frozenset[str]) -> int:
        """Remove all sets but `kept` (model to names), and all blobs and parts that neither these nor `parts` name.

        Gives how many things were removed. Safe to stop anywhere: what goes, nothing names.
        """
        removed = 0
        needed: set[str] = set()
        for model_id in self._disk.names(self.sets):
            for name in self._disk.names(self.sets / model_id):
                if name in kept.get(model_id, set()):
                    needed |= self._blobs_of(model_id, name)
                    continue
                self._remove_tree(self.sets / model_id / name)
                removed += 1
        for blob in self._disk.names(self.blobs):
            if blob not in needed and blob not in parts:
                self._disk.remove(self.blobs / blob)
                removed += 1
        for left in self._disk.names(self.staging):
            if left.removesuffix(PART) not in parts:
                self._remove_tree(self.staging / left)
                removed += 1
        return removed

    def _blobs_of(self, model_id: str, name: str) -> set[str]:
        try:
            return {entry.sha256 for entry in self.bundle(model_id, name).files.values()}
        except ModelRefused:
            return set()

    def _remove_tree(self, path: Path) -> None:
        """Remove a file, or a folder of files: nothing here is deeper."""
        for name in self._disk.names(path):
            self._disk.remove(path / name)
        if self._disk.size(path) is not None:
            self._disk.remove(path)
        else:
            self._disk.remove_folder(path)
