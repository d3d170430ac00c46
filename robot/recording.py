"""Reads a report back: the run it tells of, its messages in order, and the moments in which the robot acted."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from robot import __version__
from robot.errors import ReportError
from robot.messages import BodyPose, Health, Heard, Hearing, Message, Reason, Request, Sighting, Signal
from robot.report import Run

LONGEST_LINE = 1 << 20
"""A message is a few kilobytes at most; what has no line end within 1 MiB is no report."""

_MESSAGES = msgspec.json.Decoder(Message)
_RUNS = msgspec.json.Decoder(Run)


class Line(NamedTuple):
    """One message of a report, with the bytes that it was read from (without the line end) and its line number."""

    number: int
    raw: bytes
    message: Message


class Moment(NamedTuple):
    """One step of the robot: what came in, and every line that stands in the report for it, in order.

    `parts` is the health that became known in this step, None where it had not changed.
    """

    t_s: float
    sighting: Sighting | None
    hearings: tuple[Hearing, ...]
    signals: tuple[Signal, ...]
    parts: dict[str, str] | None
    pose: BodyPose
    lines: tuple[Line, ...]


class Recording:
    """A report on disk. It is read as it is asked for: a day of it needs no more memory than a minute.

    Raises:
        ReportError: from every method: the file is missing, damaged, cut off, no report, or newer than this robot.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as raw_lines:
            self.run = self._read_run(next(raw_lines, b""))

    def lines(self) -> Iterator[Line]:
        """Every message, in order."""
        with self._open() as raw_lines:
            next(raw_lines, None)
            for number, raw in enumerate(raw_lines, start=2):
                if not raw.endswith(b"\n"):
                    raise ReportError(
                        f"{self.path}, line {number}: cut off; the report was not finished, record it again"
                    )
                yield Line(number, raw[:-1], self._read_message(number, raw))

    def moments(self) -> Iterator[Moment]:
        """The robot's steps, each ended by the pose of its body and the reasons for it.

        The last step counts only when it is whole.
        """
        gathered: list[Line] = []
        posed = False
        for line in self.lines():
            if posed and not isinstance(line.message, Reason):
                yield _moment(gathered)
                gathered, posed = [], False
            gathered.append(line)
            posed = posed or isinstance(line.message, BodyPose)
        if posed:
            yield _moment(gathered)
        elif gathered:
            raise ReportError(f"{self.path}, line {gathered[-1].number}: ends in the middle of a step; record it again")

    def check(self) -> None:
        """Read everything once, so that a damaged report is refused before anything is made from it."""
        for _ in self.moments():
            pass

    def _open(self) -> "_Lines":
        return _Lines(self.path)

    def _read_run(self, raw: bytes) -> Run:
        try:
            table = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            table = None
        if not isinstance(table, dict) or table.get("type") != "Run":
            raise ReportError(f"{self.path}: no report of a run; write one with `rapport run ... --report FILE`")
        newer = _newer(str(table.get("version", "")))
        if newer:
            raise ReportError(f"{self.path}: {newer}")
        try:
            return _RUNS.decode(raw)
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ReportError(f"{self.path}, line 1: {error}; the report is damaged, record it again") from None

    def _read_message(self, number: int, raw: bytes) -> Message:
        try:
            message: Message = _MESSAGES.decode(raw)
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ReportError(f"{self.path}, line {number}: {error}; the report is damaged, record it again") from None
        return message


class _Lines:
    """The lines of a file as a context and an iterator, with every failure as one error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise ReportError(f"{path}: cannot read the report ({error.strerror}); name one that exists") from None

    def __enter__(self) -> Iterator[bytes]:
        return self._each()

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _each(self) -> Iterator[bytes]:
        try:
            while line := self._file.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise ReportError(f"{self._path}: a line longer than 1 MiB; this is no report")
                yield line
        except OSError as error:
            raise ReportError(f"{self._path}: cannot read the report ({error.strerror})") from None


def _moment(lines: list[Line]) -> Moment:
    messages = [line.message for line in lines]
    health = [message.parts for message in messages if isinstance(message, Health)]
    sightings = [message for message in messages if isinstance(message, Sighting)]
    pose = next(message for message in messages if isinstance(message, BodyPose))
    return Moment(
        t_s=pose.t_s,
        sighting=sightings[-1] if sightings else None,
        hearings=tuple(message for message in messages if isinstance(message, Hearing)),
        signals=tuple(message for message in messages if isinstance(message, Heard | Request)),
        parts=health[-1] if health else None,
        pose=pose,
        lines=tuple(lines),
    )


def _newer(version: str) -> str:
    """Why a report of this version cannot be read; empty if it can."""
    ours = __version__
    if _numbers(version) is None:
        return f"version {version!r} is none; the report is damaged, record it again"
    if (_numbers(version) or ()) > (_numbers(ours) or ()):
        return f"written by rapport {version}, and this is {ours}; update this robot to read it"
    return ""


def _numbers(version: str) -> tuple[int, ...] | None:
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else None
