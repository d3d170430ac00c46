"""A bundle: what one version of one model consists of, as the publisher signed it.

`bundle.json` is the signed file. It names every file of the model directory (`manifest.json` of `robot.inference` among
them) by hash and length, and says what the robot must be for the model to run on it.
"""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from robot.errors import UpdateRefused
from robot.inference.manifest import PlainName, Sha256, VersionText

BUNDLE_FILE = "bundle.json"
MAX_BUNDLE_BYTES = 64 * 1024
MAX_FILE_BYTES = 64 * 1024 * 1024
FolderName = Annotated[str, Meta(pattern=r"^\d{1,6}\.\d{1,6}\.\d{1,6}-[0-9a-f]{8}$")]
"""`version-hash8`: the name of a set's folder, and of the set in the state."""


class BundledFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: SHA-256 (hex) and length in bytes."""

    sha256: Sha256
    length: Annotated[int, Meta(ge=1, le=MAX_FILE_BYTES)]


class Requires(msgspec.Struct, frozen=True):
    """What the robot must be: `app_from` <= its version < `app_below`, one of the processors (none named: any).

    `edgetpu_runtimes` are those that run the model compiled for the Edge TPU; they bind only a robot that has one.
    """

    app_from: VersionText = "0.0.0"
    app_below: VersionText = "999999.0.0"
    machines: tuple[str, ...] = ()
    edgetpu_runtimes: tuple[str, ...] = ()


class Bundle(msgspec.Struct, frozen=True):
    """All of `bundle.json`.

    `contract` is the hash of what the application relies on (see `contract_of`); `min_version` is the oldest version of
    this model that may still run once this one was trusted; `created_s` is signed time, seconds since 1970.
    """

    id: PlainName
    version: VersionText
    created_s: Annotated[int, Meta(ge=0)]
    contract: Sha256
    requires: Requires
    min_version: VersionText
    latency_budget_ms: Annotated[float, Meta(gt=0, le=60_000)]
    files: dict[PlainName, BundledFile]
    schema: Annotated[int, Meta(ge=1, le=1)] = 1


def parse_bundle(content: bytes, where: str) -> Bundle:
    """Read a bundle's bytes, which a signature or a hash has vouched for. `where` names them in errors.

    Raises:
        UpdateRefused: not a bundle, names a file outside its folder, or lacks the manifest.
    """
    try:
        bundle = msgspec.json.decode(content, type=Bundle)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UpdateRefused(f"{where}: not a bundle ({error}); ask the publisher") from None
    if "manifest.json" not in bundle.files or BUNDLE_FILE in bundle.files:
        raise UpdateRefused(f"{where}: must name manifest.json and not itself; ask the publisher")
    if version_key(bundle.min_version) > version_key(bundle.version):
        raise UpdateRefused(f"{where}: forbids itself (min_version {bundle.min_version}); ask the publisher")
    return bundle


def folder_name(bundle: Bundle, content: bytes) -> str:
    """`version-hash8` for the bundle whose bytes are `content`."""
    return f"{bundle.version}-{hashlib.sha256(content).hexdigest()[:8]}"


def version_of(name: str) -> str:
    """The version in the name of a set."""
    return name.split("-", 1)[0]


def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers to compare: 0.10.0 is above 0.9.0. Anything after a hyphen is left out."""
    return tuple(int(part) for part in version_of(version).split("."))
