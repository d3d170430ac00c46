"""Small files that are whole whatever happens: killed at any moment or on a full disk, the old one or the new."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Make `content` the content of `path`, readable as `mode` says whatever the umask; on the disk when this returns.

    Raises:
        OSError: it cannot be written; what was there before still is, and nothing half written stays behind.
    """
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
    _sync_names(path.parent)


def _sync_names(folder: Path) -> None:
    """Or a power cut may take the new name back."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
