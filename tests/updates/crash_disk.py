"""A file system in memory that can lose power: what was not synced may be there, in part, or not at all.

The model is that of ALICE (Pillai et al., OSDI 2014) and of POSIX at its word: the content of a file and the names in a
folder become durable apart from each other. After a cut any subset of the names changed since may have reached the
disk, and a file's unsynced content may be the old one, the new one, half of it, or zeros of its length.
"""

import hashlib
import itertools
import random
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path


class Killed(BaseException):
    """The process ends here, as if by kill -9 or a power cut."""


class CrashDisk:
    """Implements `robot.updates.disk.Disk`. `stop_at` ends the process before its n-th change (0 the first).

    `fsync` and `folder_sync` False make the mutants: the calls return and do nothing.
    """

    def __init__(self, *, fsync: bool = True, folder_sync: bool = True) -> None:
        self.fsync, self.folder_sync = fsync, folder_sync
        self.stop_at: int | None = None
        self.count = 0
        self.durable_content: dict[int, bytes] = {}
        self.content: dict[int, bytes] = {}
        self.durable_names: dict[int, dict[str, int]] = {0: {}}
        self.seen_names: dict[int, dict[str, int]] = {0: {}}
        self.pending: list[list[tuple[int, str, int | None]]] = []
        self._inode = itertools.count(1)

    def _change(self, change: list[tuple[int, str, int | None]]) -> None:
        self.pending.append(change)
        _apply(self.seen_names, change)

    def _find(self, path: Path) -> int | None:
        inode = 0
        for part in path.parts[1:]:
            following = self.seen_names.get(inode, {}).get(part)
            if following is None:
                return None
            inode = following
        return inode

    def _parent(self, path: Path) -> int:
        inode = self._find(path.parent)
        assert inode is not None, f"no folder for {path}"
        return inode

    def _step(self) -> None:
        if self.stop_at is not None and self.count == self.stop_at:
            raise Killed
        self.count += 1

    def read(self, path: Path) -> bytes | None:
        inode = self._find(path)
        return self.content.get(inode) if inode is not None else None

    def digest(self, path: Path) -> tuple[str, int] | None:
        content = self.read(path)
        return None if content is None else (hashlib.sha256(content).hexdigest(), len(content))

    def size(self, path: Path) -> int | None:
        content = self.read(path)
        return None if content is None else len(content)

    def names(self, folder: Path) -> list[str]:
        inode = self._find(folder)
        return sorted(self.seen_names.get(inode, {})) if inode is not None else []

    def make_folder(self, folder: Path) -> None:
        if self._find(folder) is not None:
            return
        self._step()
        inode = next(self._inode)
        self.durable_names[inode], self.seen_names[inode] = {}, {}
        self._change([(self._parent(folder), folder.name, inode)])

    def write(self, path: Path, content: bytes) -> None:
        self._step()
        inode = self._find(path)
        if inode is None:
            inode = next(self._inode)
            self.durable_content[inode] = b""
            self._change([(self._parent(path), path.name, inode)])
        self.content[inode] = content

    def append(self, path: Path, content: bytes) -> None:
        self.write(path, (self.read(path) or b"") + content)

    def sync(self, path: Path) -> None:
        self._step()
        inode = self._find(path)
        if self.fsync and inode in self.content:
            self.durable_content[inode] = self.content[inode]

    def sync_folder(self, folder: Path) -> None:
        self._step()
        if not self.folder_sync:
            return
        inode = self._find(folder)
        needed = _with_what_came_before(
            self.pending,
            [index for index, change in enumerate(self.pending) if any(at == inode for at, _, _ in change)],
        )
        for index in needed:
            _apply(self.durable_names, self.pending[index])
        self.pending = [change for index, change in enumerate(self.pending) if index not in needed]

    def move(self, source: Path, target: Path) -> None:
        self._step()
        inode = self._find(source)
        assert inode is not None, f"{source} is not there"
        self._change([(self._parent(target), target.name, inode), (self._parent(source), source.name, None)])

    def link(self, source: Path, target: Path) -> None:
        self._step()
        inode = self._find(source)
        assert inode is not None, f"{source} is not there"
        self._change([(self._parent(target), target.name, inode)])

    def remove(self, path: Path) -> None:
        if self._find(path) is None:
            return
        self._step()
        self._change([(self._parent(path), path.name, None)])

    def remove_folder(self, folder: Path) -> None:
        self.remove(folder)

    def free_bytes(self, folder: Path) -> tuple[int, int]:
        return 1 << 30, 1 << 31

    def lock(self, path: Path, wait: bool) -> AbstractContextManager[None]:
        return nullcontext()

    def after_kill(self) -> "CrashDisk":
        """What the next process finds when only the process died: everything."""
        return self._copy({inode: dict(names) for inode, names in self.seen_names.items()}, dict(self.content))

    def after_power_cuts(self, most: int, seed: int = 0) -> Iterator["CrashDisk"]:
        """What the next start may find: every combination if there are at most `most`, else a seeded choice of them."""
        dirty = [inode for inode, content in self.content.items() if content != self.durable_content[inode]]
        survivals = [_survivals(self.durable_content[inode], self.content[inode]) for inode in dirty]
        kept_names = _subsets(len(self.pending))
        total = len(kept_names) * _product(len(options) for options in survivals)
        chance = random.Random(seed)
        combinations: Iterator[tuple[tuple[int, ...], tuple[bytes, ...]]]
        if total <= most:
            combinations = itertools.product(kept_names, itertools.product(*survivals))
        else:
            combinations = (
                (chance.choice(kept_names), tuple(chance.choice(options) for options in survivals)) for _ in range(most)
            )
        for kept, contents in combinations:
            folders = {inode: dict(names) for inode, names in self.durable_names.items()}
            for index in _with_what_came_before(self.pending, list(kept)):
                _apply(folders, self.pending[index])
            yield self._copy(folders, {**self.durable_content, **dict(zip(dirty, contents, strict=True))})

    def _copy(self, folders: dict[int, dict[str, int]], content: dict[int, bytes]) -> "CrashDisk":
        copy = CrashDisk(fsync=self.fsync, folder_sync=self.folder_sync)
        reached, waiting = {0}, [0]
        while waiting:
            inside = set(folders.get(waiting.pop(), {}).values()) - reached
            reached |= inside
            waiting += inside
        copy.durable_names = {inode: names for inode, names in folders.items() if inode in reached}
        copy.seen_names = {inode: dict(names) for inode, names in copy.durable_names.items()}
        copy.content = {inode: content[inode] for inode in reached if inode in content}
        copy.durable_content = dict(copy.content)
        copy._inode = itertools.count(1 + max(reached))
        return copy


def _apply(folders: dict[int, dict[str, int]], change: list[tuple[int, str, int | None]]) -> None:
    for folder, name, inode in change:
        if inode is None:
            folders[folder].pop(name, None)
        else:
            folders[folder][name] = inode


def _with_what_came_before(changes: list[list[tuple[int, str, int | None]]], wanted: list[int]) -> list[int]:
    """`wanted` and every earlier change of the same names: a file is not moved before it has its first name."""
    touched: set[tuple[int, str]] = set()
    kept = []
    for index in range(len(changes) - 1, -1, -1):
        names = {(folder, name) for folder, name, _ in changes[index]}
        if index in wanted or names & touched:
            kept.append(index)
            touched |= names
    return kept[::-1]


def _survivals(old: bytes, new: bytes) -> list[bytes]:
    if new.startswith(old):
        tail = new[len(old) :]
        return list(dict.fromkeys([old, new, old + tail[: len(tail) // 2], old + bytes(len(tail))]))
    return list(dict.fromkeys([old, new, new[: len(new) // 2], bytes(len(new))]))


def _subsets(count: int) -> list[tuple[int, ...]]:
    if count <= 6:
        return [kept for size in range(count + 1) for kept in itertools.combinations(range(count), size)]
    prefixes = [tuple(range(length)) for length in range(count + 1)]
    without_one = [tuple(index for index in range(count) if index != gone) for gone in range(count)]
    return prefixes + without_one


def _product(numbers: Iterator[int]) -> int:
    product = 1
    for number in numbers:
        product *= number
    return product
