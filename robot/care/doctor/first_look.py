"""How the examination of a device begins: is it asked for, does it open, does it deliver anything at all."""

from collections.abc import Callable, Generator
from typing import TypeVar

from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Closable, opened
from robot.errors import DeviceError

Device = TypeVar("Device", bound=Closable)
Seen = TypeVar("Seen")
Looking = Generator[Finding, None, Seen | None]
"""Gives findings, and returns what was seen; None after a finding that says why nothing was."""


def first_look(
    name: str,
    build: Callable[[], Device] | None,
    look: Callable[[Device], Seen | None],
    *,
    not_asked: Finding,
    nothing: Finding,
    free_it: str,
) -> Looking[Seen]:
    """Open the device and `look`. One that was not named, cannot be opened, goes, or sends nothing, is the finding."""
    if build is None:
        yield not_asked
        return None
    try:
        with opened(build) as device:
            seen = look(device)
    except DeviceError as error:
        yield Finding(name, "fault", str(error), free_it)
        return None
    if seen is None:
        yield nothing
    return seen
