"""A short note of why the running robot did what it did, for `rapport why` from another terminal.

It is a report cut down to the last decisions and what they rest on: numbers and words, never a picture or a sound. It
is bounded, only its owner can read it, lies in memory and never on a disk, and goes when the robot stops: the rung
`feelings` remembers nothing. It exists only where feelings may be read at all: below that rung of consent, and in
workplaces and schools, nothing is written and what a run that was killed left is deleted.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from robot.care.places import put_whole, readable_folders, runtime_folder
from robot.config import RobotSettings
from robot.consent import lowered
from robot.errors import ReportError
from robot.messages import (
    Consent,
    Heard,
    HeardCommand,
    HeardTone,
    HeardWords,
    Hearing,
    Message,
    Mood,
    Reason,
    Request,
    Rung,
    Sighting,
)
from robot.policy import permission_for
from robot.report import Run

TRACE_FILE = "trace.jsonl"
MOST_REASONS = 200
MOST_MOODS = 200
MOST_CITED = 400
Percept = Sighting | Hearing | Heard | Request

MOST_RECENT = 512
"""Percepts that may still be cited: some ten seconds of them."""

WRITE_EVERY_S = 5.0
"""Not oftener than this, and only when there is a new reason: writing takes milliseconds of the body's loop."""


def trace_path() -> Path:
    """Where the trace of a robot that this user runs lies, in memory; see `robot.care.places`."""
    return runtime_folder() / TRACE_FILE


def running_trace() -> Path | None:
    """The trace of a robot that runs on this computer, this user's own first; None if there is none."""
    return next((path for folder in readable_folders() if (path := folder / TRACE_FILE).exists()), None)


def may_trace(robot: RobotSettings, rung: Rung | None = None) -> bool:
    """True where consent and place let feelings be read: what the robot did follows from them."""
    allowed = permission_for(robot, rung)
    return allowed.expression and allowed.tone


def forget_trace(path: Path) -> bool:
    """Delete the trace; False if there was none.

    Raises:
        ReportError: it cannot be deleted.
    """
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise ReportError(f"{path}: cannot be deleted ({error.strerror}); delete it by hand") from None
    return True


class Trace:
    """Listens to every message and keeps the file up to date; as a context manager it deletes it at the end.

    `describe` gives its first line: the models in use change. A place that cannot be written costs the trace, never the
    robot.
    """

    def __init__(self, path: Path, describe: Callable[[], Run]) -> None:
        self._path = path
        self._describe = describe
        self._robot = describe().config.robot
        self._reasons: deque[Reason] = deque(maxlen=MOST_REASONS)
        self._moods: deque[Mood] = deque(maxlen=MOST_MOODS)
        self._recent: OrderedDict[str, Percept] = OrderedDict()
        self._cited: OrderedDict[str, Percept] = OrderedDict()
        self._written_s = 0.0
        self._news = False
        self._may = may_trace(self._robot)
        self.fault = ""
        """Why the file could not be written the last time; empty when it was."""

    def note(self, message: Message) -> None:
        """Take in one message; writes the file when there is news and it is time.

        Below the rung of feelings nothing is kept, and what there was goes in the very moment.
        """
        if isinstance(message, Consent):
            self._follow(message)
        if not self._may:
            return
        match message:
            case Sighting() | Hearing() | HeardWords() | HeardCommand() | HeardTone() | Request():
                self._recent[message.id] = message
                if len(self._recent) > MOST_RECENT:
                    self._recent.popitem(last=False)
            case Mood():
                self._moods.append(message)
                self._cite(message.because)
            case Reason():
                self._reasons.append(message)
                self._cite(message.because)
                self._news = True
        if self._news and message.t_s - self._written_s >= WRITE_EVERY_S:
            self._written_s = message.t_s
            self.write()

    def _follow(self, consent: Consent) -> None:
        self._may = may_trace(self._robot, consent.rung)
        if not self._may or lowered((consent,)):
            for kept in (self._reasons, self._moods, self._recent, self._cited):
                kept.clear()
            forget_trace(self._path)

    def write(self) -> None:
        """Write the file now: whole or not at all, readable by its owner only."""
        changes: list[Mood | Reason] = sorted([*self._moods, *self._reasons], key=_when)
        encode = msgspec.json.encode
        lines = [encode(message) + b"\n" for message in (self._describe(), *self._cited.values(), *changes)]
        try:
            put_whole(self._path, b"".join(lines), 0o600)
        except OSError as error:
            self.fault = f"{self._path}: {error.strerror}"
        else:
            self.fault = ""
        self._news = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        forget_trace(self._path)

    def _cite(self, because: tuple[str, ...]) -> None:
        for link in because:
            message = self._recent.get(link)
            if message is not None:
                self._cited[link] = message
                self._cited.move_to_end(link)
        while len(self._cited) > MOST_CITED:
            self._cited.popitem(last=False)


def _when(message: Mood | Reason) -> float:
    return message.t_s
