"""Where a running robot leaves what other programs of this computer ask it for: in memory, gone when it stops."""

import os
from pathlib import Path

from hardware.whole_file import write_whole

SERVICE_FOLDER = Path("/run/rapport")
"""systemd makes it for the service (RuntimeDirectory=rapport)."""


def runtime_folder() -> Path:
    """The folder of the robot that this user runs: the service's own, $XDG_RUNTIME_DIR/rapport, or one in /dev/shm."""
    service = os.environ.get("RUNTIME_DIRECTORY")
    if service:
        return Path(service.partition(":")[0])
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime) / "rapport" if runtime else Path(f"/dev/shm/rapport-{os.getuid()}")


def readable_folders() -> tuple[Path, ...]:
    """Where to look for a running robot: this user's own first, then the service."""
    own = runtime_folder()
    return (own,) if own == SERVICE_FOLDER else (own, SERVICE_FOLDER)


def put_whole(path: Path, content: bytes, mode: int) -> None:
    """Write a file in memory whole or not at all, readable as `mode` says whatever the umask.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, content, mode)
