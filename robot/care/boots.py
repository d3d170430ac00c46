"""How often the computer started again without having been shut down: its watchdog may do so three times an hour.

A computer that hangs again and again would start all day. Time is counted in hours that it was up, never by the wall
clock: a Pi has no clock of its own. A power cut looks like a hang from here and counts as one; three of them in an hour
of life cost the computer its watchdog until the next start, and no robot its life.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from hardware.whole_file import write_whole

MOST_AN_HOUR = 3
HOUR_S = 3600.0
NOTE_EVERY_S = 300.0
"""How often the robot notes that the computer is still up: a write of some bytes to the card."""

KEPT = 8
BOOK, UP = "boots.json", "up.json"
HELD = "held"
"""The file beside which systemd takes the watchdog away, see tools/kiosk/units/rapport-boots.service."""

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BOOK_FOLDER = Path("/var/lib/rapport-boots")


class Boot(msgspec.Struct, frozen=True):
    """One start of the computer: its id, for how long (s) it was up at least, whether it was shut down in the end."""

    id: str
    up_s: float = 0.0
    shut_down: bool = False


class Book(msgspec.Struct, frozen=True):
    """The last starts, oldest first. `held`: the watchdog is off until the next start."""

    boots: tuple[Boot, ...] = ()
    held: bool = False


def begun(book: Book, boot: str, up_s: float, noted: Boot | None) -> Book:
    """The book once the computer started as `boot`, `up_s` ago; `noted` is the robot's last note."""
    before = tuple(_at_least(one, noted) for one in book.boots if one.id != boot)
    boots = (*before, Boot(boot, up_s))[-KEPT:]
    return Book(boots, hangs_in_the_last_hour(boots) >= MOST_AN_HOUR)


def ended(book: Book, boot: str, up_s: float) -> Book:
    """The book once the computer is shut down in good order."""
    boots = tuple(Boot(one.id, up_s, shut_down=True) if one.id == boot else one for one in book.boots)
    return Book(boots, book.held)


def hangs_in_the_last_hour(boots: Sequence[Boot]) -> int:
    """How many of the starts before the last one ended without a shutdown, within the last hour of being up."""
    since_s, hangs = boots[-1].up_s if boots else 0.0, 0
    for boot in reversed(boots[:-1]):
        if since_s >= HOUR_S:
            break
        hangs += not boot.shut_down
        since_s += boot.up_s
    return hangs


def read_book(folder: Path = BOOK_FOLDER) -> Book:
    """The book in `folder`; an empty one where there is none, or it cannot be read."""
    try:
        return msgspec.json.decode((folder / BOOK).read_bytes(), type=Book)
    except (OSError, msgspec.DecodeError):
        return Book()


def read_noted(folder: Path) -> Boot | None:
    """What the robot last wrote of the computer's being up."""
    try:
        return msgspec.json.decode((folder / UP).read_bytes(), type=Boot)
    except (OSError, msgspec.DecodeError):
        return None


def write_book(folder: Path, book: Book) -> None:
    """Keep the book.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(folder / BOOK, msgspec.json.encode(book), 0o644)


def _at_least(boot: Boot, noted: Boot | None) -> Boot:
    if noted is None or noted.id != boot.id or noted.up_s <= boot.up_s:
        return boot
    return msgspec.structs.replace(boot, up_s=noted.up_s)


def boot_id() -> str:
    """What this start of the computer is called."""
    return BOOT_ID.read_text(encoding="ascii").strip()


def in_words(book: Book) -> str:
    """What a person should know of it; empty where there is nothing."""
    hangs = hangs_in_the_last_hour(book.boots)
    if book.held:
        return (
            f"this computer went down {hangs} times in an hour without being shut down, so its watchdog is off until "
            "the next start; look at its supply and its card (`rapport doctor`)"
        )
    return ""


class UpNote:
    """The robot's note, in `folder`, that the computer is still up; `write` is called every few seconds."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / UP
        self._written_s = float("-inf")

    def write(self, up_s: float) -> None:
        """Write it if it is time. A disk that takes no note makes the next start count more cautiously, no more."""
        if up_s - self._written_s < NOTE_EVERY_S:
            return
        self._written_s = up_s
        try:
            write_whole(self._path, msgspec.json.encode(Boot(boot_id(), up_s)), 0o644)
        except OSError:
            return
