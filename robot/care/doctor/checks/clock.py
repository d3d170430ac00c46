"""Does the computer know what time it is: updates are signed for a time, and quiet hours are hours of a day."""

import time
from collections.abc import Iterator

from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject, read_text

NAME = "clock"
SYNCHRONISED = "run/systemd/timesync/synchronized"
OTHER_KEEPERS = ("run/chrony", "var/lib/ntp", "run/ntpd.pid")
FIRST_YEAR, LAST_YEAR = 2025, 2045
"""A Pi without a battery starts in 1970, or at the time of its last shutdown."""


def examine(subject: Subject) -> Iterator[Finding]:
    """Look at the year and at whoever keeps the time."""
    year = time.localtime().tm_year
    yield from judge(
        year,
        synchronised=(subject.root / SYNCHRONISED).exists(),
        kept=any((subject.root / path).exists() for path in OTHER_KEEPERS),
        on_pi=subject.pi is not None,
        battery=bool(read_text(subject.root / "sys/class/rtc/rtc0/name")),
    )


def judge(year: int, *, synchronised: bool, kept: bool, on_pi: bool, battery: bool) -> Iterator[Finding]:
    """What is wrong with a clock that shows `year` and is kept so."""
    measured: dict[str, float | int | str | bool] = {"year": year, "synchronised": synchronised or kept}
    if not FIRST_YEAR <= year <= LAST_YEAR:
        fix = "connect it to the network for a minute; `timedatectl set-ntp true`; or set it: `sudo date -s ...`"
        yield Finding(NAME, "fault", f"the clock says it is {year}", fix, measured)
    elif synchronised or kept:
        yield Finding(NAME, "ok", "the time is kept by the network", measured=measured)
    elif on_pi and not battery:
        fix = "`timedatectl set-ntp true`; without a network, a Pi 5 takes a battery, others a clock module (DS3231)"
        yield Finding(NAME, "warning", "nobody keeps the time, and this Pi forgets it without power", fix, measured)
    else:
        yield Finding(NAME, "note", "nobody keeps the time by the network", "`timedatectl set-ntp true`", measured)
