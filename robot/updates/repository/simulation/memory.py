"""A disk and a link in memory, so that ten thousand stores fit into one process."""

import hashlib
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from robot.updates.link import CHUNK_BYTES, FolderLink, Reply


class MemoryDisk:
    """Implements `robot.updates.disk.Disk` for one robot. Content that was hashed once is kept once for all robots.

    Keyed by the text of paths, which is made faster than their hash.
    """

    def __init__(self, known: dict[bytes, tuple[bytes, str]]) -> None:
        self._known = known
        self._files: dict[str, bytes] = {}
        self._growing: dict[str, list[bytes]] = {}
        self._folders: dict[str, set[str]] = {}

    def read(self, path: Path) -> bytes | None:
        """The whole file; None if there is none."""
        where = str(path)
        if where in self._growing:
            self._files[where] = b"".join([self._files.get(where, b""), *self._growing.pop(where)])
        return self._files.get(where)

    def digest(self, path: Path) -> tuple[str, int] | None:
        """SHA-256 and length of a file; None if there is none."""
        content = self.read(path)
        if content is None:
            return None
        found = self._known.get(content)
        if found is None:
            found = self._known[content] = (content, hashlib.sha256(content).hexdigest())
        self._files[str(path)] = found[0]
        return found[1], len(content)

    def size(self, path: Path) -> int | None:
        """Length of a file in bytes; None if there is none."""
        content = self.read(path)
        return None if content is None else len(content)

    def names(self, folder: Path) -> list[str]:
        """What lies in a folder, sorted."""
        return sorted(self._folders.get(str(folder), ()))

    def make_folder(self, folder: Path) -> None:
        """Make a folder."""
        if str(folder) not in self._folders:
            self._folders[str(folder)] = set()
            self._folders.setdefault(str(folder.parent), set()).add(folder.name)

    def write(self, path: Path, content: bytes) -> None:
        """Create or replace a file."""
        self._growing.pop(str(path), None)
        self._put(path, content)

    def append(self, path: Path, content: bytes) -> None:
        """Add to the end of a file."""
        if str(path) not in self._files:
            self._put(path, b"")
        self._growing.setdefault(str(path), []).append(content)

    def sync(self, path: Path) -> None:
        """Nothing is lost in memory."""

    def sync_folder(self, folder: Path) -> None:
        """Nothing is lost in memory."""

    def move(self, source: Path, target: Path) -> None:
        """Give a file, or a folder of files, another name."""
        if str(source) in self._folders:
            self.make_folder(target)
            for name in self.names(source):
                self.move(source / name, target / name)
            self.remove_folder(source)
            return
        content = self.read(source)
        self.remove(source)
        self._put(target, content or b"")

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name."""
        self._put(target, self.read(source) or b"")

    def remove(self, path: Path) -> None:
        """Remove a file."""
        self._growing.pop(str(path), None)
        if self._files.pop(str(path), None) is not None:
            self._folders[str(path.parent)].discard(path.name)

    def remove_folder(self, folder: Path) -> None:
        """Remove an empty folder."""
        if self._folders.pop(str(folder), None) is not None:
            self._folders[str(folder.parent)].discard(folder.name)

    def free_bytes(self, _: Path) -> tuple[int, int]:
        """A memory card with room."""
        return 2**35, 2**35

    def lock(self, path: Path, wait: bool) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's names
        """Each robot has its own disk."""
        return nullcontext()

    def _put(self, path: Path, content: bytes) -> None:
        where = str(path)
        if where not in self._files:
            self._folders[str(path.parent)].add(path.name)
        self._files[where] = content


class RememberingLink:
    """A folder's files, each read once: what thousands of robots fetch one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = FolderLink(folder)
        self._kept: dict[str, bytes] = {}

    def open(self, path: str, start: int = 0) -> Reply:
        """The file at `path`, from byte `start` on."""
        if path not in self._kept:
            reply = self._folder.open(path)
            if reply.status != 200:
                return reply
            content = b""
            while chunk := reply.body.read():
                content += chunk
            reply.body.close()
            self._kept[path] = content
        return Reply(206 if start else 200, start, _Body(self._kept[path], start))


class _Body:
    def __init__(self, content: bytes, start: int) -> None:
        self._content = content
        self._at = start

    def read(self) -> bytes:
        chunk = self._content[self._at : self._at + CHUNK_BYTES]
        self._at += len(chunk)
        return chunk

    def close(self) -> None:
        return
