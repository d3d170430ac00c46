"""The report of a run: every message and reason as one JSON line. Numbers and words, never a picture or a sound."""

from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from robot.config import Config
from robot.errors import RapportError
from robot.messages import Message


class Run(msgspec.Struct, frozen=True, tag=True):
    """The first line of a report: what ran. `models` maps a task to `id version sha256`."""

    version: str
    seed: int
    camera: str
    microphone: str
    body: str
    models: dict[str, str]
    config: Config


class Report:
    """Writes messages to `path` as they come; the file takes its name only when the run ends.

    Until then it is `<path>.part`, so that a report never looks whole when it is not. Use it as a context manager: on
    leaving, also after Ctrl-C or an error, what was written is kept under the real name.

    Raises:
        RapportError: the file cannot be written, at opening or later.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._encode = msgspec.json.Encoder().encode
        try:
            self._file = self._part.open("wb")
        except OSError as error:
            raise RapportError(f"{path}: cannot write the report ({error.strerror}); choose another --report") from None

    def write(self, message: Message | Run) -> None:
        """Add one line."""
        try:
            self._file.write(self._encode(message) + b"\n")
        except OSError as error:
            raise RapportError(f"{self.path}: writing stopped ({error.strerror}); free some space") from None

    def close(self) -> None:
        """Finish the file and give it its name. May be called twice."""
        if self._file.closed:
            return
        try:
            self._file.close()
            self._part.replace(self.path)
        except OSError as error:
            raise RapportError(f"{self.path}: cannot finish the report ({error.strerror})") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
