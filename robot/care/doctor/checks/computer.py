"""What computer and system this is, and whether the robot's own parts are installed."""

import platform
import sys
from collections.abc import Iterator
from importlib import metadata

from robot.care.boots import BOOK_FOLDER, hangs_in_the_last_hour, in_words, read_book
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject, read_text
from robot.errors import EngineMissing
from robot.inference.engine import find_engine

NAME = "computer"
BITS = 64


def examine(subject: Subject) -> Iterator[Finding]:
    """Name them, and what is missing."""
    release = read_text(subject.root / "etc/os-release")
    system = next((line[13:-1] for line in release.splitlines() if line.startswith('PRETTY_NAME="')), "unknown system")
    computer = subject.computer or platform.machine()
    measured: dict[str, float | int | str | bool] = {
        "computer": computer,
        "system": system,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "rapport": metadata.version("rapport-robot"),
    }
    if sys.maxsize <= 2**32:
        yield Finding(NAME, "fault", "the system is a 32-bit one", "install the 64-bit Raspberry Pi OS", measured)
    book = read_book(subject.root / BOOK_FOLDER.relative_to("/"))
    hangs = hangs_in_the_last_hour(book.boots)
    if hangs:
        yield Finding(
            NAME,
            "fault" if book.held else "warning",
            in_words(book) or f"it went down {hangs} times within its last hour without being shut down",
            "a hang or a power cut: look at the supply, the card and the temperature; shut down with `sudo poweroff`",
            {"sudden_ends": hangs, "watchdog_held": book.held},
        )
    try:
        engine = find_engine(subject.config.inference.interpreter)
    except EngineMissing as error:
        yield Finding(NAME, "fault", str(error), "run `bash tools/setup` again", measured)
        return
    yield Finding(NAME, "ok", f"{computer}, {system}, Python {platform.python_version()}, {engine.name}", "", measured)
