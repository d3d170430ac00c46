"""Is the supply strong enough: under-voltage now or since the start, and what a Pi 5 gives its USB ports."""

from collections.abc import Iterator
from pathlib import Path

from hardware.boards.header import PI_5
from hardware.pi.vitals import read_vitals
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject

NAME = "power"
USB_CURRENT_5 = "proc/device-tree/chosen/power/usb_max_current_enable"
STRONGER = "use the maker's own supply (Pi 4: 5.1 V 3 A, Pi 5: 5.1 V 5 A) and a short cable; servos on their own supply"


def examine(subject: Subject) -> Iterator[Finding]:
    """Read what the board says about its supply."""
    vitals = read_vitals(subject.root)
    if vitals.under_voltage is None:
        yield Finding(NAME, "note", "this computer does not tell its supply's voltage")
        return
    if vitals.under_voltage:
        yield Finding(NAME, "fault", "the supply's voltage is too low now", STRONGER)
    elif vitals.ever_under_voltage:
        yield Finding(NAME, "warning", "the supply's voltage was too low at some time since the start", STRONGER)
    if subject.pi is PI_5 and _small_supply(subject.root):
        yield Finding(
            NAME,
            "warning",
            "this Pi 5 has a supply below 5 A: its USB ports share 600 mA",
            "a 5.1 V 5 A supply; or, if yours bears it, usb_max_current_enable=1 in /boot/firmware/config.txt",
        )
    if not vitals.under_voltage and not vitals.ever_under_voltage:
        yield Finding(NAME, "ok", "the supply's voltage has been right since the start")


def _small_supply(root: Path) -> bool:
    """Whether the Pi 5 found that its supply cannot give 5 A: a 32-bit big-endian number, 0 for so."""
    try:
        return int.from_bytes((root / USB_CURRENT_5).read_bytes(), "big") == 0
    except OSError:
        return False
