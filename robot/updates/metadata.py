"""The signed metadata of a repository, by python-tuf: who may sign what, how new it is, which files belong to it.

python-tuf decides what is authentic and fresh. Files, the floor below which nothing goes, and the words for what went
wrong are ours (docs/updates.md says why).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from tuf.api import exceptions as tuf_errors
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError
from tuf.ngclient import FetcherInterface, TargetFile, Updater, UpdaterConfig

from hardware.clock import Clock
from robot.errors import NetworkFailed, RapportError, RepositoryStale, UpdateRefused
from robot.updates.disk import Disk, storage_error
from robot.updates.floors import Seen
from robot.updates.link import Link, NotThere, Reply

BASE = "repository:///"
METADATA_DEADLINE_S = 60.0
RELEASE = "release"


class _Fetcher(FetcherInterface):
    """Gives python-tuf the bytes of a link, within a deadline for each file."""

    def __init__(self, link: Link, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self.server_date = ""

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = url.removeprefix(BASE)
        reply = self._link.open(path)
        self.server_date = reply.date or self.server_date
        if reply.status in {403, 404}:
            reply.body.close()
            raise tuf_errors.DownloadHTTPError(f"{path}: {reply.status}", reply.status)
        return self._chunks(path, reply)

    def _chunks(self, path: str, reply: Reply) -> Iterator[bytes]:
        ends_s = self._clock.now_s() + METADATA_DEADLINE_S
        try:
            while chunk := reply.body.read():
                if self._clock.now_s() > ends_s:
                    raise NetworkFailed(f"{path}: too slow: not there after {METADATA_DEADLINE_S:g} s; try again later")
                yield chunk
        finally:
            reply.body.close()


class SignedRepository:
    """One look at a repository: refreshed once, then asked for files. `folder` is a cache that may be lost.

    `root` is the root metadata that the robot was made with; `now_s` what the time is, at least: the clock, or the
    newest signed time if the clock is behind it.
    """

    def __init__(self, folder: Path, disk: Disk, root: bytes, link: Link, clock: Clock, now_s: float) -> None:
        self._folder = folder
        self._disk = disk
        self._fetcher = _Fetcher(link, clock)
        self._now = datetime.fromtimestamp(now_s, UTC)
        try:
            self._updater = Updater(
                str(folder),
                BASE + "metadata/",
                None,
                BASE + "targets/",
                self._fetcher,
                UpdaterConfig(max_root_rotations=256),
                bootstrap=root,
            )
        except OSError as error:
            raise storage_error(error, folder) from None
        except tuf_errors.RepositoryError as error:
            raise UpdateRefused(f"the robot's own root metadata: {error}; install the robot again") from None
        # The one private name we touch: python-tuf takes the time from the clock, which a Pi without a battery has
        # wrong, and offers no other way. Pinned to tuf 7.0.1 and tested.
        self._trusted = self._updater._trusted_set
        self._trusted.reference_time = self._now

    def refresh(self) -> None:
        """Fetch and verify what is new.

        Raises:
            NetworkFailed, RepositoryStale, UpdateRefused, NoSpace, StorageFailed: see the message.
        """
        self._explained(self._updater.refresh, "metadata")

    def target_info(self, path: str) -> TargetFile | None:
        """What is signed about a file; None if it does not belong to the repository."""
        found: list[TargetFile | None] = []
        self._explained(lambda: found.append(self._updater.get_targetinfo(path)), path)
        return found[0]

    def file(self, path: str, most_bytes: int) -> bytes:
        """The bytes of a signed file, checked.

        Raises:
            UpdateRefused: it is not part of the repository, too long, or not what was signed.
            NetworkFailed: it does not come.
        """
        info = self.target_info(path)
        if info is None:
            raise UpdateRefused(f"{path}: security: the repository has signed no such file; ask the publisher")
        if info.length > most_bytes:
            raise UpdateRefused(f"{path}: {info.length} bytes, at most {most_bytes} are read; ask the publisher")
        kept = self._folder / "files" / quote(path, "")
        cached = self._disk.read(kept)
        if cached is not None and _is(info, cached):
            return cached
        folder, slash, name = path.rpartition("/")
        if self._trusted.root.consistent_snapshot:
            name = f"{next(iter(info.hashes.values()))}.{name}"
        content: list[bytes] = []
        address = f"{BASE}targets/{folder}{slash}{name}"
        self._explained(lambda: content.append(self._fetcher.download_bytes(address, info.length)), path)
        if not _is(info, content[0]):
            raise UpdateRefused(f"{path}: security: not the bytes that were signed; nothing was installed")
        # Not synced: a damaged copy is fetched again, and nothing depends on it.
        self._disk.make_folder(kept.parent)
        self._disk.write(kept, content[0])
        return content[0]

    def seen(self) -> Seen:
        """The versions and keys that count now; those of the channels once one of them was asked for."""
        trusted = self._trusted
        versions = {
            "root": trusted.root.version,
            "timestamp": trusted.timestamp.version,
            "snapshot": trusted.snapshot.version,
            "targets": trusted.targets.version,
        }
        keys = {
            role: tuple(sorted(trusted.root.roles[role].keyids))
            for role in (Root.type, Timestamp.type, Snapshot.type, Targets.type)
        }
        delegations = trusted.targets.delegations
        if delegations is not None and delegations.roles and RELEASE in delegations.roles:
            keys[RELEASE] = tuple(sorted(delegations.roles[RELEASE].keyids))
            if RELEASE in trusted:
                versions[RELEASE] = trusted[RELEASE].version
        return Seen(versions, keys)

    def _explained(self, step: Callable[[], None], what: str) -> None:
        """Take a step of python-tuf and say in plain words what went wrong."""
        try:
            step()
        except RapportError:
            raise
        except tuf_errors.ExpiredMetadataError as error:
            raise RepositoryStale(self._stale(str(error))) from None
        except tuf_errors.DownloadLengthMismatchError:
            raise UpdateRefused(f"{what}: security: longer than it may be; nothing was installed") from None
        except tuf_errors.DownloadHTTPError as error:
            raise NotThere(f"{error}: is there a repository at this address?") from None
        except tuf_errors.DownloadError as error:
            if isinstance(error.__cause__, RapportError):
                raise error.__cause__ from None
            raise NetworkFailed(f"{what}: {error}; try again later") from None
        except tuf_errors.RepositoryError as error:
            if isinstance(error, DeserializationError) or isinstance(error.__cause__, DeserializationError):
                says = "is no metadata: something else answers in its place (captive portal?)"
                raise NetworkFailed(f"{what}: what came {says}; check the network") from None
            raise UpdateRefused(f"{what}: security: {error}; nothing was installed") from None
        except OSError as error:
            raise storage_error(error, Path("the metadata cache")) from None

    def _stale(self, error: str) -> str:
        server = f", the server says {self._fetcher.server_date}" if self._fetcher.server_date else ""
        return (
            f"{error}: the publisher is late, or the clock is wrong: it says {self._now:%Y-%m-%d %H:%M}{server}; "
            "the models in use stay in use"
        )


def _is(info: TargetFile, content: bytes) -> bool:
    """True if the bytes are those that were signed."""
    try:
        info.verify_length_and_hashes(content)
    except tuf_errors.LengthOrHashMismatchError:
        return False
    return True
