"""The key that seals the memory: 32 random bytes in a file that only its owner can read."""

import os
import secrets
from pathlib import Path

from hardware.whole_file import write_whole
from robot.errors import MemoryFailed

KEY_BYTES = 32
KEY_FILE = "memory.key"


def load_key(folder: Path, *, make: bool) -> bytes:
    """The key in `folder`; a new one where there is none and `make` is true.

    Raises:
        MemoryFailed: it is missing, not whole, readable by others, or cannot be written.
    """
    path = folder / KEY_FILE
    try:
        if make and not path.exists():
            write_whole(path, secrets.token_bytes(KEY_BYTES), 0o600)
        if path.stat().st_mode & 0o077:
            raise MemoryFailed(f"{path}: others can read it; run: chmod 600 {path}")
        key = path.read_bytes()
    except FileNotFoundError:
        raise MemoryFailed(
            f"{path}: the key is gone, so what is remembered cannot be read; bring the file back, "
            "or begin anew with: rapport memory forget --all"
        ) from None
    except OSError as error:
        raise MemoryFailed(f"{path}: {error.strerror}; free some room, or mend the folder's rights") from None
    if len(key) != KEY_BYTES:
        raise MemoryFailed(f"{path}: not a key; bring back the right file, or run: rapport memory forget --all")
    return key


def destroy_key(folder: Path) -> None:
    """Overwrite the key and delete it: whatever copies of the sealed records are left anywhere are worth nothing.

    Raises:
        MemoryFailed: it cannot be deleted.
    """
    path = folder / KEY_FILE
    try:
        with path.open("r+b") as file:
            file.write(bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise MemoryFailed(f"{path}: cannot be deleted ({error.strerror}); delete it by hand") from None
