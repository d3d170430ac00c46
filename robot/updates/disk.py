"""The few file operations that the store is made of, as a port, so that a test can stop or fail every one of them.

Nothing here is durable until it is synced: `write`, `append` and the names that `move`, `link` and `remove` change live
in memory until `sync` (the content of a file) or `sync_folder` (the names in a folder) has returned.
"""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from robot.errors import NoSpace, StorageFailed, StoreBusy, UpdateError


class Disk(Protocol):
    """File operations. All of them raise `NoSpace` or `StorageFailed` when the disk says no."""

    def read(self, path: Path) -> bytes | None:
        """The whole file; None if there is none."""
        ...

    def digest(self, path: Path) -> tuple[str, int] | None:
        """SHA-256 (hex) and length in bytes of a file, read piece by piece; None if there is none."""
        ...

    def size(self, path: Path) -> int | None:
        """Length of a plain file in bytes; None if there is none."""
        ...

    def names(self, folder: Path) -> list[str]:
        """What lies in a folder, sorted; empty if there is no such folder."""
        ...

    def make_folder(self, folder: Path) -> None:
        """Make a folder (its parent exists); nothing if it is there."""
        ...

    def write(self, path: Path, content: bytes) -> None:
        """Create or replace a file."""
        ...

    def append(self, path: Path, content: bytes) -> None:
        """Add to the end of a file, which is created if it is missing."""
        ...

    def sync(self, path: Path) -> None:
        """Make the content of a file durable. After an error it is not, whatever a second call says."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable."""
        ...

    def move(self, source: Path, target: Path) -> None:
        """Give a file or folder another name at once; a file of that name is replaced."""
        ...

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file; nothing if it is missing."""
        ...

    def remove_folder(self, folder: Path) -> None:
        """Remove an empty folder; nothing if it is missing."""
        ...

    def free_bytes(self, folder: Path) -> tuple[int, int]:
        """Free and total bytes of the file system that holds `folder`."""
        ...

    def lock(self, path: Path, wait: bool) -> AbstractContextManager[None]:
        """Keep other processes out while the context lasts.

        Raises:
            StoreBusy: another process holds it, and `wait` is False.
        """
        ...


class RealDisk:
    """The machine's own file system. `before` hears of each change, (operation, path): a test may stop it there."""

    def __init__(self, before: Callable[[str, Path], None] | None = None) -> None:
        self._before = before

    def read(self, path: Path) -> bytes | None:
        """The whole file; None if there is none."""
        try:
            return path.read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError as error:
            raise storage_error(error, path) from None

    def digest(self, path: Path) -> tuple[str, int] | None:
        """SHA-256 and length of a file; None if there is none."""
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError as error:
            raise storage_error(error, path) from None

    def size(self, path: Path) -> int | None:
        """Length of a plain file; None if there is none."""
        return path.stat().st_size if path.is_file() else None

    def names(self, folder: Path) -> list[str]:
        """What lies in a folder."""
        return sorted(os.listdir(folder)) if folder.is_dir() else []  # noqa: PTH208 - names, not paths

    def make_folder(self, folder: Path) -> None:
        """Make a folder, and those above it."""
        if not folder.is_dir():
            self._change("make_folder", folder, lambda: folder.mkdir(mode=0o750, parents=True))

    def write(self, path: Path, content: bytes) -> None:
        """Create or replace a file."""
        self._change("write", path, lambda: _write(path, content, os.O_TRUNC))

    def append(self, path: Path, content: bytes) -> None:
        """Add to the end of a file."""
        self._change("append", path, lambda: _write(path, content, os.O_APPEND))

    def sync(self, path: Path) -> None:
        """By fsync(2)."""
        self._change("sync", path, lambda: _sync(path, os.O_RDONLY))

    def sync_folder(self, folder: Path) -> None:
        """By fsync(2) on the folder."""
        self._change("sync_folder", folder, lambda: _sync(folder, os.O_RDONLY | os.O_DIRECTORY))

    def move(self, source: Path, target: Path) -> None:
        """By rename(2)."""
        self._change("move", target, lambda: os.replace(source, target))  # noqa: PTH105 - the system call, by its name

    def link(self, source: Path, target: Path) -> None:
        """A hard link."""
        self._change("link", target, lambda: target.hardlink_to(source))

    def remove(self, path: Path) -> None:
        """By unlink(2)."""
        self._change("remove", path, lambda: path.unlink(missing_ok=True))

    def remove_folder(self, folder: Path) -> None:
        """By rmdir(2)."""
        if folder.is_dir():
            self._change("remove_folder", folder, folder.rmdir)

    def free_bytes(self, folder: Path) -> tuple[int, int]:
        """Free and total bytes of the file system that holds `folder`."""
        usage = shutil.disk_usage(folder)
        return usage.free, usage.total

    @contextmanager
    def lock(self, path: Path, wait: bool) -> Iterator[None]:
        """By flock(2), which a process that dies lets go of."""
        try:
            descriptor = _open_lock(path)
        except OSError as error:
            raise storage_error(error, path) from None
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise StoreBusy(f"{path}: another update is under way; wait for it to end") from None
            yield
        finally:
            os.close(descriptor)

    def _change(self, operation: str, path: Path, change: Callable[[], object]) -> None:
        try:
            if self._before is not None:
                self._before(operation, path)
            change()
        except OSError as error:
            raise storage_error(error, path) from error


def storage_error(error: OSError, path: Path) -> UpdateError:
    """What the operating system's refusal means to a person."""
    reason = error.strerror or str(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NoSpace(f"{path}: the disk is full ({reason}); free some space, the models in use are not touched")
    if error.errno == errno.EROFS:
        return StorageFailed(f"{path}: the disk is read-only ({reason}); check or replace the memory card")
    if error.errno in {errno.EACCES, errno.EPERM}:
        return StorageFailed(f"{path}: no permission ({reason}); run as the user that owns the model store")
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return StorageFailed(f"{path}: too many open files ({reason}); try again later")
    return StorageFailed(f"{path}: the disk failed ({reason}); check or replace the memory card")


def _open_lock(path: Path) -> int:
    """A descriptor to lock: a lock that is there can be taken on a read-only disk too."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        if error.errno not in {errno.EROFS, errno.EACCES}:
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _write(path: Path, content: bytes, how: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o640)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _sync(path: Path, how: int) -> None:
    descriptor = os.open(path, how)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
