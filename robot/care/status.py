"""How the running robot is, for `rapport status`: a small file in memory, brought up to date every few seconds.

It says what works and what was mended, never what was seen, heard or felt, so everybody on the computer may read it.
"""

import os
from pathlib import Path

import msgspec

from robot.care.places import put_whole, readable_folders

FILE = "status.json"
WRITE_EVERY_S = 2.0
STALE_S = 10.0
"""A robot whose file is older than this hangs, or could not write it."""


class PartStatus(msgspec.Struct, frozen=True):
    """One watched part: how often it was made anew, why last, and for how many seconds it still rests."""

    name: str
    renewals: int
    fault: str
    rests_s: float


class Status(msgspec.Struct, frozen=True):
    """How the robot was at `monotonic_s` (CLOCK_MONOTONIC, the same for every process until the next boot).

    `parts` are as in `Health`, `faults` what each broken device said last. `kind` is `robot`, or `safe face` while the
    robot rests after too many failures.
    """

    version: str
    pid: int
    kind: str
    monotonic_s: float
    up_s: float
    parts: dict[str, str]
    faults: dict[str, str]
    watched: list[PartStatus]
    body_idle_s: float
    models: dict[str, str]
    camera: str
    microphone: str
    body: str
    memory_mb: float
    log_lines_left_out: int
    warnings: list[str] = []

    @property
    def ailing(self) -> dict[str, str]:
        """The parts that do not work though they should."""
        return {part: state for part, state in self.parts.items() if state not in {"ok", "off"}}


def write_status(folder: Path, status: Status) -> str:
    """Write the file; returns why it could not be, or nothing. A status that cannot be written stops no robot."""
    try:
        put_whole(folder / FILE, msgspec.json.encode(status) + b"\n", 0o644)
    except OSError as error:
        return f"{folder / FILE}: {error.strerror}"
    return ""


def read_status() -> Status | None:
    """The status of a robot that runs on this computer, this user's own first; None if there is none."""
    for folder in readable_folders():
        status = _read(folder / FILE)
        if status is not None and _lives(status.pid):
            return status
    return None


def forget_status(folder: Path) -> None:
    """The robot ends: its status goes."""
    (folder / FILE).unlink(missing_ok=True)


def memory_mb() -> float:
    """Resident memory of this process in MB (10^6 bytes), from proc(5); 0 where there is no /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _read(path: Path) -> Status | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        # None there, cut off by a full disk, or of another version: as good as none.
        return None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
