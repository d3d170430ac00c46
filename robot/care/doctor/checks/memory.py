"""Is there memory to live in."""

import re
from collections.abc import Iterator

from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject, read_text

NAME = "memory"
NEEDED_MB, TIGHT_MB = 150, 300
"""The robot takes about 250 MB with page and voice; on a Zero 2 W with 512 MB some of that is swapped."""

CONTROLLERS = "sys/fs/cgroup/cgroup.controllers"
"""What control groups can limit. Raspberry Pi OS leaves memory out unless its command line asks for it."""

FREE = "close other programs; on a Pi without a screen: sudo systemctl set-default multi-user.target"


def examine(subject: Subject) -> Iterator[Finding]:
    """Read what the kernel says is available."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB", read_text(subject.root / "proc/meminfo"), re.MULTILINE)
    if found is None:
        yield Finding(NAME, "note", "this computer does not tell how much memory is free")
        return
    free_mb = int(found.group(1)) // 1024
    measured: dict[str, float | int | str | bool] = {"available_mb": free_mb}
    words = f"{free_mb} MB available"
    if free_mb < NEEDED_MB:
        yield Finding(NAME, "fault", f"only {words}: the robot may be ended by the kernel", FREE, measured)
    elif free_mb < TIGHT_MB:
        yield Finding(NAME, "warning", f"{words} is tight", FREE, measured)
    else:
        yield Finding(NAME, "ok", words, measured=measured)
    controllers = read_text(subject.root / CONTROLLERS)
    if controllers and "memory" not in controllers.split():
        yield Finding(
            NAME,
            "note",
            "the kernel heeds no limit of a service's memory, so one that leaks takes from all",
            "add cgroup_enable=memory to the one line of /boot/firmware/cmdline.txt, and start the computer again",
        )
