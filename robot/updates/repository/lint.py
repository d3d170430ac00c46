"""Whether a repository is sound: every robot that comes finds what it needs, and until when.

Looked at with the robot's own metadata code, as one that is new and as one that knows only the first root.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from hardware.clock import MonotonicClock
from robot.errors import RepositoryStale, UpdateError
from robot.updates.bundle import MAX_BUNDLE_BYTES
from robot.updates.channel import MAX_CHANNEL_BYTES, channel_path, parse_channel
from robot.updates.disk import RealDisk
from robot.updates.link import FolderLink
from robot.updates.metadata import SignedRepository
from robot.updates.repository.files import RepositoryFiles
from robot.updates.repository.inspection import bundle_of
from robot.updates.repository.keys import SECRET_MARK
from robot.updates.repository.publisher import DAYS, Publisher

Level = Literal["wrong", "late", "note"]
LARGEST_KEY_BYTES = 64 * 1024
RENEW = {"root": "refresh root", "targets": "refresh targets"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`wrong`: robots are refused or could be harmed; `late`: it has expired or soon will; `note`: good to know."""

    level: Level
    text: str


def lint(publisher: Publisher) -> list[Finding]:
    """Everything that is to be said about a repository, the worst first."""
    files = publisher.files
    if not files.versions("root"):
        raise UpdateError(f"{publisher.folder}: no repository here; run `rapport repository init` first")
    found = [*_roots(files), *_bundles(publisher), *_strays(files.folder), *_expiries(publisher)]
    found += [*_as_robots(publisher), *_offers(publisher)]
    found += [Finding("note", f"waits: {each}") for each in publisher.waiting()]
    return sorted(dict.fromkeys(found), key=lambda finding: ("wrong", "late", "note").index(finding.level))


def _roots(files: RepositoryFiles) -> Iterator[Finding]:
    """Robots follow the roots one by one: none may be missing."""
    there = files.versions("root")
    for version in range(1, there[-1]):
        if version not in there:
            where = files.metadata / f"{version}.root.json"
            yield Finding("wrong", f"{where}: missing: robots that know an older root cannot follow; restore it")


def _bundles(publisher: Publisher) -> Iterator[Finding]:
    for path, info in publisher.published().items():
        try:
            bundle_of(publisher.files, path, info)
        except UpdateError as error:
            yield Finding("wrong", str(error))


def _strays(public: Path) -> Iterator[Finding]:
    """What everybody can fetch and should not, and what the web server cannot read."""
    for path in sorted(public.rglob("*")):
        if path.is_symlink():
            yield Finding("wrong", f"{path}: a link, which robots refuse on a stick; put the file there")
        elif path.is_file():
            if path.stat().st_size <= LARGEST_KEY_BYTES and SECRET_MARK in path.read_bytes():
                yield Finding("wrong", f"{path}: a private key that everybody can fetch; remove it, rotate the role")
            if path.stat().st_mode & 0o044 != 0o044:
                yield Finding("wrong", f"{path}: the web server may not be able to read it; run: chmod 644 {path}")


def _expiries(publisher: Publisher) -> Iterator[Finding]:
    """Two thirds of the time may pass; then it is to be signed anew."""
    for role, days in DAYS.items():
        metadata = publisher.files.newest(role)
        if metadata is None:
            yield Finding("wrong", f"{role}: no metadata; run `rapport repository refresh`")
            continue
        left = metadata.signed.expires - publisher.now()
        renew = f"run `rapport repository {RENEW.get(role, 'refresh')}`"
        if left <= timedelta(0):
            yield Finding("late", f"{role}: expired {-left.days} days ago, robots take nothing any more; {renew}")
        elif left < timedelta(days=days) / 3:
            yield Finding("late", f"{role}: expires in {_days(left)}; {renew}")
        else:
            yield Finding("note", f"{role}: version {metadata.signed.version}, good for {_days(left)}")


def _as_robots(publisher: Publisher) -> Iterator[Finding]:
    """Look as a robot does: a new one, and one that was made with the first root."""
    there = publisher.files.versions("root")
    for who, version in (("a new robot", there[-1]), ("a robot that knows only the first root", there[0])):
        try:
            _look(publisher, version, publisher.now())
        except RepositoryStale as error:
            yield Finding("late", f"{who}: {str(error).partition(':')[0]}")
        except UpdateError as error:
            yield Finding("wrong", f"{who} is refused: {error}")


def _look(publisher: Publisher, root_version: int, now: datetime) -> None:
    files = publisher.files
    root = (files.metadata / f"{root_version}.root.json").read_bytes()
    with tempfile.TemporaryDirectory(prefix="rapport-lint-") as folder:
        link = FolderLink(files.folder)
        repository = SignedRepository(Path(folder), RealDisk(), root, link, MonotonicClock(), now.timestamp())
        repository.refresh()
        for name in publisher.channels():
            channel = parse_channel(repository.file(channel_path(name), MAX_CHANNEL_BYTES), name)
            for offering in channel.models.values():
                repository.file(offering.bundle, MAX_BUNDLE_BYTES)


def _offers(publisher: Publisher) -> Iterator[Finding]:
    for name in publisher.channels():
        for model_id, offering in publisher.channel(name).models.items():
            what = f"{name}: {model_id} {offering.version}"
            if offering.version in offering.withdrawn:
                other = offering.for_the_others()
                says = f"robots are offered {other.version}" if other else "nothing is offered"
                yield Finding("note", f"{what}: is withdrawn; {says} until you stage another version")
            elif offering.rollout.halted:
                yield Finding("note", f"{what}: is halted at {offering.rollout.percent:g} %")
            elif offering.rollout.percent < 100:
                yield Finding("note", f"{what}: has reached {offering.rollout.percent:g} % of the robots")


def _days(left: timedelta) -> str:
    return f"{left.days} days" if left >= timedelta(days=2) else f"{left.total_seconds() / 3600:.0f} hours"
