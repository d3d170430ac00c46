"""A file that a command makes, for its owner alone: never over one that is there, never half of one."""

from pathlib import Path

from hardware.whole_file import write_whole
from robot.errors import ConfigError


def write_new(path: Path, content: bytes) -> None:
    """Make the file.

    Raises:
        ConfigError: it is there already, or cannot be written.
    """
    if path.exists():
        raise ConfigError(f"{path}: cannot be made (it is there already); name a file that is not there")
    try:
        write_whole(path, content, 0o600)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be made ({error.strerror}); name another file") from None
