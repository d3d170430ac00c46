"""The settings that the robot last lived with: a copy to go on with when somebody breaks the file."""

from pathlib import Path

from hardware.whole_file import write_whole
from robot.config import Config, load_config
from robot.errors import ConfigError

NAME = "settings-that-worked.toml"


def load_or_last_good(path: Path, state: Path | None) -> tuple[Config, tuple[str, ...]]:
    """The settings of `path`; if they are wrong, those kept in `state`, and a warning that says so.

    There is no third choice: the defaults might allow what this place forbids.

    Raises:
        ConfigError: they are wrong, and no earlier ones are kept.
    """
    try:
        return load_config(path), ()
    except ConfigError as error:
        if state is None or not (state / NAME).is_file():
            raise
        warning = f"{' '.join(str(error).split())}: the robot goes on with the settings that last worked"
        return load_config(state / NAME), (warning,)


def keep_as_good(path: Path, state: Path) -> str:
    """The robot lives with the settings of `path`: keep a copy. Returns why that failed, or nothing."""
    try:
        write_whole(state / NAME, path.read_bytes(), path.stat().st_mode & 0o777)
    except OSError as error:
        return f"the settings cannot be kept for later: {error.strerror}"
    return ""
