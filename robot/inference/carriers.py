"""Model files of others, carried inside installed wheels: found without importing the wheel, trusted by a pinned hash.

The wheels are installed without their dependencies; their own code is never run.
"""

import hashlib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from robot.errors import EngineMissing

FIX = "run `bash tools/setup`"


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file inside a distribution: its path there, with `/`, and the SHA-256 it must have."""

    distribution: str
    version: str
    path: str
    sha256: str


def read_carried(carried: CarriedFile) -> bytes:
    """The bytes of the file.

    Raises:
        EngineMissing: the distribution is not installed, lacks the file, or holds another one.
    """
    path = _locate(carried)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EngineMissing(f"{path}: cannot be read ({error.strerror}); {FIX}") from None
    if hashlib.sha256(content).hexdigest() != carried.sha256:
        raise EngineMissing(
            f"{path}: not the file that this robot was made for (its SHA-256 differs from that of "
            f"{carried.distribution} {carried.version}); {FIX}"
        )
    return content


def _locate(carried: CarriedFile) -> Path:
    """Where the distribution's own list of files says that it lies."""
    try:
        files = metadata.distribution(carried.distribution).files or []
    except metadata.PackageNotFoundError:
        raise EngineMissing(f"{carried.distribution} {carried.version} is not installed; {FIX}") from None
    for file in files:
        if file.as_posix() == carried.path:
            return Path(str(file.locate()))
    raise EngineMissing(f"{carried.distribution}: holds no {carried.path}; {FIX}")
