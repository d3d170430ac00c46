"""Model files of others, carried inside installed wheels: found without importing the wheel, trusted by a pinned hash.

The wheels are installed without their dependencies; their own code is never run.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from robot.errors import EngineMissing

FIX = "run `bash tools/setup`"


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file inside a distribution: its path there, with `/`, and the SHA-256 it must have.

    `members` leads on into a file that packs others as a ZIP does (MediaPipe's `.task`): names, outermost first. The
    hash is that of the file on disk, so nothing is unpacked from one that is not trusted.
    """

    distribution: str
    version: str
    path: str
    sha256: str
    members: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The innermost file, for errors."""
        return "/".join((self.path, *self.members))


def read_carried(carried: CarriedFile) -> bytes:
    """The bytes of the file, or of the member that it leads to.

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
    for member in carried.members:
        content = _unpacked(content, member, path)
    return content


def _unpacked(content: bytes, member: str, path: Path) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            return pack.read(member)
    except (zipfile.BadZipFile, KeyError):
        raise EngineMissing(f"{path}: holds no {member}; {FIX}") from None


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
