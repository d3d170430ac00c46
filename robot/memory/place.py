"""Where the memory lies, and how it is opened for a configuration."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hardware.wall import unix_s
from robot.config import MemorySettings
from robot.memory.remembrance import Remembrance
from robot.memory.seal import must_be_installed

if TYPE_CHECKING:
    from robot.memory.vault import Vault

DAY_S = 86_400


def memory_folder(settings: MemorySettings) -> Path:
    """`folder` of the settings, else `rapport/memory` in the user's state directory (XDG Base Directory)."""
    if settings.folder:
        return Path(settings.folder)
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "rapport" / "memory"


def today() -> int:
    """Days since 1970 by the machine's clock."""
    return int(unix_s() // DAY_S)


def open_vault(settings: MemorySettings) -> "Vault":
    """The vault of a configuration.

    Raises:
        MemoryFailed: it cannot be opened.
        EngineMissing: `cryptography` is not installed.
    """
    from robot.memory.vault import Vault  # noqa: PLC0415  its database is opened, and imported, when somebody is met

    return Vault(memory_folder(settings), today, settings.keep_days)


def open_memory(settings: MemorySettings) -> Remembrance:
    """The memory of a running robot, not opened yet; a fault of the disk is no error here, but its `state`.

    Raises:
        EngineMissing: `cryptography` is not installed.
    """
    must_be_installed()
    return Remembrance(lambda: open_vault(settings))
