"""Is the disk well: space, inodes, read-only or not, errors that were counted, and how long a safe write takes."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hardware.clock import Clock
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject, read_text

NAME = "disk"
FULL_MB, TIGHT_MB = 100, 500
SLOW_WRITE_S = 2.0
"""A worn card takes seconds for what a good one does in tens of milliseconds."""

FREE = "free some: `sudo apt clean`, `journalctl --vacuum-size=50M`, old downloads"
WORN = "save what you need and change the card; a card for cameras or a USB disk lasts longer"


def examine(subject: Subject) -> Iterator[Finding]:
    """Look at the file system that the robot keeps its things on."""
    folder = _existing(subject.state)
    found = [*_space(folder), *_errors(subject.root)]
    written = _write(folder, subject.clock)
    if isinstance(written, OSError):
        found.append(
            Finding(
                NAME,
                "fault",
                f"nothing can be written where the robot keeps its things ({written.strerror})",
                "a card that turned read-only is worn or was pulled: see `dmesg`, change it; else mend the rights",
            )
        )
    elif written > SLOW_WRITE_S:
        found.append(Finding(NAME, "warning", f"a safe write of 64 kB took {written:.1f} s", WORN))
    yield from found
    if not found:
        stats = os.statvfs(folder)
        free_mb = stats.f_bavail * stats.f_frsize // 1_000_000
        ms = round(1000 * written) if isinstance(written, float) else 0
        yield Finding(
            NAME, "ok", f"{free_mb} MB free, a safe write takes {ms} ms", "", {"free_mb": free_mb, "write_ms": ms}
        )


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def _space(folder: Path) -> Iterator[Finding]:
    stats = os.statvfs(folder)
    free_mb = stats.f_bavail * stats.f_frsize // 1_000_000
    if free_mb < FULL_MB:
        yield Finding(NAME, "fault", f"the disk is full: {free_mb} MB are left", FREE, {"free_mb": free_mb})
    elif free_mb < TIGHT_MB:
        yield Finding(NAME, "warning", f"{free_mb} MB are left on the disk", FREE, {"free_mb": free_mb})
    # Some file systems (btrfs, overlay) have no inodes to run out of and say 0 of 0.
    if stats.f_files and stats.f_favail < 1000:
        yield Finding(
            NAME, "fault", f"the disk has room for {stats.f_favail} more files only", "delete small old files"
        )


def _errors(root: Path) -> Iterator[Finding]:
    """What ext4 counted, and what an eMMC says of its own wear (steps of a tenth; JEDEC JESD84-B51)."""
    for path in sorted(root.glob("sys/fs/ext4/*/errors_count")):
        count = read_text(path).strip()
        if count not in {"", "0"}:
            what = f"the file system on {path.parent.name} has counted {count} errors"
            yield Finding(NAME, "fault", what, f"check it with `fsck` from another computer; {WORN}")
    for path in sorted(root.glob("sys/block/mmcblk*/device/life_time")):
        worn = [int(part, 16) for part in read_text(path).split() if part.startswith("0x")]
        if worn and max(worn) >= 9:
            what = f"the flash memory has used up {10 * min(max(worn), 10)} % of its life"
            yield Finding(NAME, "warning", what, WORN)


def _write(folder: Path, clock: Clock) -> float | OSError:
    """Seconds that a write takes until it is safe on the disk; the error if there was one."""
    began_s = clock.now_s()
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(os.urandom(65_536))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return clock.now_s() - began_s
