"""The robot's log: few lines, bounded in number and size, so that months of them fill no card.

As a service the lines go to systemd's journal, which bounds and turns them over (tools/kiosk/journald.conf); elsewhere
`--log FILE` keeps them in a file that is turned over at a megabyte.
"""

import contextlib
import logging
from collections.abc import Callable, Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from hardware.clock import Clock
from robot.allowance import Allowance
from robot.errors import ConfigError

LINES_PER_S = 0.2
BURST_LINES = 60
"""Twelve lines a minute in the long run, sixty at once: more than a healthy robot writes in a week."""

MOST_BYTES = 1_000_000
OLDER_FILES = 2
LONGEST_LINE = 500

SEVERITIES: Mapping[str, int] = {"info": 6, "warning": 4, "error": 3}
"""Severity and its number in syslog, which the journal takes from the beginning of a line (sd-daemon(3))."""


class Logbook:
    """Takes notes and lets a bounded number through; what was left out is counted, and said once there is room."""

    def __init__(self, write: Callable[[str, str], None], clock: Clock) -> None:
        self._write = write
        self._clock = clock
        self._allowance = Allowance(LINES_PER_S, BURST_LINES)
        self._unsaid = 0

    @property
    def left_out(self) -> int:
        """How many lines were left out so far."""
        return self._allowance.refused

    def note(self, severity: str, line: str) -> None:
        """Write a line of that severity (`info`, `warning`, `error`), if there is room for it."""
        if not self._allowance.take(self._clock.now_s()):
            self._unsaid += 1
            return
        if self._unsaid:
            self._write("warning", f"{self._unsaid} lines were left out: there were too many")
            self._unsaid = 0
        line = " ".join(line.splitlines())
        self._write(severity, line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + " ...")


class JournalLines:
    """Writes lines to a stream that systemd's journal reads."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, severity: str, line: str) -> None:
        """One line. A stream that is gone costs the line, never the robot."""
        try:
            self._out.write(f"<{SEVERITIES[severity]}>{line}\n")
            self._out.flush()
        except (OSError, ValueError):
            return


class _QuietHandler(RotatingFileHandler):
    """A full disk costs lines; it must not print a traceback for each of them."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging calls it so
        """Count nothing, say nothing: the next line tries again."""


class FileLines:
    """Writes lines with the time of day to a file that is turned over: at most three megabytes in all.

    Raises:
        ConfigError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._handler = _QuietHandler(path, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"--log {path}: cannot be written ({error.strerror}); choose another file") from None
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    def write(self, severity: str, line: str) -> None:
        """One line."""
        level = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}[severity]
        self._handler.handle(logging.LogRecord("rapport", level, "", 0, line, (), None))

    def close(self) -> None:
        """Close the file. What a full disk would not take is lost."""
        with contextlib.suppress(OSError):
            self._handler.close()
