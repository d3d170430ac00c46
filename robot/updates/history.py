"""What happened to the models, as a chain: each line carries the hash of the line before.

Two files, the older one full and the newer one growing. The state record remembers how long the chain was and where its
head stood, so that cutting off the end shows as well.
"""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from robot.updates.disk import Disk

NEW_FILE = "history.jsonl"
OLD_FILE = "history.1.jsonl"
FULL_BYTES = 1024 * 1024
REPEAT_S = 3600
"""The same refusal is written once an hour: a hostile repository must not wear out the memory card."""


class Event(msgspec.Struct, frozen=True):
    """One line. `t_s` is wall time, seconds since 1970, and is only what the clock said; the order is `n`."""

    n: int
    t_s: int
    event: str
    prev: str
    model: str = ""
    version: str = ""
    reason: str = ""


class History:
    """The chain in `folder`. A last line cut by a power loss is dropped when the next one is written."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk
        self._last: tuple[Event, bytes] | None = None
        self._size, self._torn = 0, False
        for name in (OLD_FILE, NEW_FILE):
            content = disk.read(folder / name) or b""
            self._size, self._torn = len(content), not _ends_well(content)
            lines = self._lines(name) if self._torn else content[content[:-1].rfind(b"\n") + 1 :].splitlines()
            if lines:
                self._last = (msgspec.json.decode(lines[-1], type=Event), lines[-1])

    @property
    def lines(self) -> int:
        """How many events the chain holds, those forgotten with an old file included."""
        return self._last[0].n if self._last else 0

    @property
    def head(self) -> str:
        """The hash of the last line; empty before the first."""
        return _hash(self._last[1]) if self._last else ""

    def add(self, event: str, t_s: int, model: str = "", version: str = "", reason: str = "") -> None:
        """Write one event durably, unless it repeats the refusal before it.

        Raises:
            NoSpace, StorageFailed: it could not be written.
        """
        last = self._last[0] if self._last else None
        same = last is not None and (last.event, last.model, last.reason) == (event, model, reason)
        if same and last is not None and event == "refused" and 0 <= t_s - last.t_s < REPEAT_S:
            return
        entry = Event(self.lines + 1, t_s, event, self.head, model, version, reason[:300])
        line = msgspec.json.encode(entry)
        self._make_room()
        fresh = self._size == 0
        self._disk.append(self._folder / NEW_FILE, line + b"\n")
        self._disk.sync(self._folder / NEW_FILE)
        if fresh:
            self._disk.sync_folder(self._folder)
        self._last, self._size = (entry, line), self._size + len(line) + 1

    def events(self) -> list[Event]:
        """Every event that is kept, oldest first."""
        return [msgspec.json.decode(line, type=Event) for name in (OLD_FILE, NEW_FILE) for line in self._lines(name)]

    def fault(self, remembered_lines: int, remembered_head: str) -> str:
        """What is wrong with the chain, in plain words; empty if every link holds and the remembered head is on it."""
        previous, number, heads = None, 0, {0: ""}
        for name in (OLD_FILE, NEW_FILE):
            # What follows the last line end was being written when the power went: it was never an event.
            for line in (self._disk.read(self._folder / name) or b"").split(b"\n")[:-1]:
                try:
                    event = msgspec.json.decode(line, type=Event)
                except msgspec.DecodeError:
                    return f"{name}: the line after event {number} is damaged"
                if previous is not None and (event.prev != _hash(previous) or event.n != number + 1):
                    return f"{name}: event {event.n} does not follow event {number}: a line was changed or removed"
                previous, number = line, event.n
                heads[number] = _hash(line)
        if remembered_lines and heads.get(remembered_lines) != remembered_head:
            return f"event {remembered_lines}, which the state remembers, is missing or was changed"
        return ""

    def _lines(self, name: str) -> list[bytes]:
        """The whole lines of a file up to the first that is none."""
        whole = []
        for line in (self._disk.read(self._folder / name) or b"").split(b"\n")[:-1]:
            try:
                msgspec.json.decode(line, type=Event)
            except msgspec.DecodeError:
                break
            whole.append(line)
        return whole

    def _make_room(self) -> None:
        """Begin a new file when this one is full; write this one again without a torn last line."""
        path = self._folder / NEW_FILE
        if self._torn:
            fresh = path.with_suffix(".new")
            kept = b"".join(line + b"\n" for line in self._lines(NEW_FILE))
            self._disk.write(fresh, kept)
            self._disk.sync(fresh)
            self._disk.move(fresh, path)
            self._disk.sync_folder(self._folder)
            self._size, self._torn = len(kept), False
        if self._size >= FULL_BYTES:
            self._disk.move(path, self._folder / OLD_FILE)
            self._disk.sync_folder(self._folder)
            self._size = 0


def _ends_well(content: bytes) -> bool:
    """True if the last line is whole: only that one can have been cut by a power loss."""
    if not content.endswith(b"\n"):
        return not content
    try:
        msgspec.json.decode(content[content[:-1].rfind(b"\n") + 1 :], type=Event)
    except msgspec.DecodeError:
        return False
    return True


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def as_row(event: Event) -> dict[str, Any]:
    """An event as plain values for printing."""
    row: dict[str, Any] = msgspec.to_builtins(event)
    return row
