"""The static files that a web server, a CDN or a USB stick carries: where each lies, written whole and durably.

metadata/  N.root.json N.targets.json N.release.json N.snapshot.json timestamp.json
targets/   channels/HASH.NAME.json   models/ID/VERSION/HASH.bundle.json   blobs/HASH
"""

from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, TargetFile
from tuf.api.serialization.json import JSONSerializer

from robot.errors import UpdateError
from robot.updates.disk import Disk, storage_error

FILE_MODE, FOLDER_MODE = 0o644, 0o755
"""A web server reads these files as another user."""


class RepositoryFiles:
    """The static files below `folder`."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self._disk = disk

    @property
    def metadata(self) -> Path:
        """Where the signed metadata lies."""
        return self.folder / "metadata"

    def versions(self, role: str) -> list[int]:
        """The versions of a role's metadata that are there, ascending. Those of the timestamp are all called one."""
        if role == "timestamp":
            return [1] if "timestamp.json" in self._disk.names(self.metadata) else []
        names = [name.split(".") for name in self._disk.names(self.metadata)]
        return sorted(int(parts[0]) for parts in names if parts[1:] == [role, "json"] and parts[0].isdigit())

    def newest(self, role: str) -> Metadata[Any] | None:
        """The newest metadata of a role; None if there is none."""
        versions = self.versions(role)
        return self.load(role, versions[-1]) if versions else None

    def load(self, role: str, version: int = 0) -> Metadata[Any]:
        """The metadata of a role, which must be there.

        Raises:
            UpdateError: it is not, or it is damaged.
        """
        path = self.metadata / metadata_name(role, version)
        content = self._disk.read(path)
        if content is None:
            raise UpdateError(f"{path}: missing; restore it from a copy of the repository")
        return decode_metadata(content, path)

    def write_metadata(self, role: str, metadata: Metadata[Any]) -> None:
        """Put metadata where robots look for it."""
        self.write(self.metadata / metadata_name(role, metadata.signed.version), encode_metadata(metadata))

    def write_target(self, path: str, content: bytes) -> TargetFile:
        """Put a file that is to be signed where robots look for it; gives what will be signed."""
        info = TargetFile.from_data(path, content, ["sha256"])
        self.write(self.target_file(path, info.hashes["sha256"]), content)
        return info

    def read_target(self, path: str, info: TargetFile) -> bytes | None:
        """The bytes of a signed file; None if they are not there."""
        return self._disk.read(self.target_file(path, info.hashes["sha256"]))

    def target_file(self, path: str, sha256: str) -> Path:
        """Where a signed file lies."""
        folder, _, name = path.rpartition("/")
        return self.folder / "targets" / folder / f"{sha256}.{name}"

    def blob(self, sha256: str) -> Path:
        """Where the content of a model's file lies."""
        return self.folder / "targets" / "blobs" / sha256

    def digest(self, path: Path) -> tuple[str, int] | None:
        """SHA-256 and length of a file; None if there is none."""
        return self._disk.digest(path)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file whole and durably, for everyone to read; its folders too."""
        for folder in reversed(path.parents):
            if folder.is_relative_to(self.folder) and not folder.is_dir():
                self._disk.make_folder(folder)
                _let_read(folder, FOLDER_MODE)
        fresh = path.with_name(f".{path.name}.new")
        self._disk.write(fresh, content)
        _let_read(fresh, FILE_MODE)
        self._disk.sync(fresh)
        self._disk.move(fresh, path)
        self._disk.sync_folder(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file; nothing if it is missing."""
        self._disk.remove(path)


def metadata_name(role: str, version: int) -> str:
    """The name of a metadata file."""
    return "timestamp.json" if role == "timestamp" else f"{version}.{role}.json"


def encode_metadata(metadata: Metadata[Any]) -> bytes:
    """The bytes of metadata, in a form that people can read too."""
    return metadata.to_bytes(JSONSerializer(compact=False))


def decode_metadata(content: bytes, path: Path) -> Metadata[Any]:
    """Read metadata. Raises UpdateError if it is none."""
    try:
        return Metadata.from_bytes(content)
    except (RepositoryError, ValueError) as error:
        raise UpdateError(f"{path}: damaged ({error}); restore it from a copy of the repository") from None


def _let_read(path: Path, mode: int) -> None:
    try:
        path.chmod(mode)
    except OSError as error:
        raise storage_error(error, path) from None
