"""What the running robot says of its models, for `rapport models status`: a small file in memory that goes with it."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from robot.care.places import put_whole
from robot.messages import Message

NAME = "models.json"
WRITE_EVERY_S = 5.0


class Running(msgspec.Struct, frozen=True):
    """One model as the robot uses it now. The counts are a candidate's: those of its trial so far."""

    set: str
    source: str
    answers: int = 0
    failures: int = 0
    used_s: float = 0.0
    needs_s: float = 0.0
    needs_answers: int = 0
    p95_ms: float = 0.0


class Note(msgspec.Struct, frozen=True):
    """All of the file. `store` is the folder of the store that the models come from."""

    pid: int
    store: str
    models: dict[str, Running]


class ModelNote:
    """Listens to the robot's messages for the time, and writes what `running` gives when it has changed.

    A place that cannot be written costs the note, never the robot.
    """

    def __init__(self, folder: Path, store: Path, running: Callable[[], Mapping[str, Running]]) -> None:
        self._path = folder / NAME
        self._store = store
        self._running = running
        self._written = b""
        self._due_s = 0.0

    def note(self, message: Message) -> None:
        """Take in one message; writes the file if it is time and there is news."""
        if message.t_s < self._due_s:
            return
        self._due_s = message.t_s + WRITE_EVERY_S
        content = msgspec.json.encode(Note(os.getpid(), str(self._store), dict(self._running())))
        if content != self._written:
            self._write(content)

    def close(self) -> None:
        """Take the note away."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return

    def _write(self, content: bytes) -> None:
        try:
            put_whole(self._path, content, 0o644)
        except OSError:
            return
        self._written = content


def read_note(folders: Iterable[Path], store: Path) -> dict[str, Running]:
    """What the robot that runs now on `store` says, in the first of the folders where one does; empty if none does."""
    for folder in folders:
        try:
            note = msgspec.json.decode((folder / NAME).read_bytes(), type=Note)
        except (OSError, msgspec.DecodeError):
            continue
        if note.store == str(store) and Path(f"/proc/{note.pid}").exists():
            return note.models
    return {}
