"""The publisher's side: a folder of static files that any web server, CDN or USB stick can carry.

Written in the order blobs, bundles, targets and release, snapshot, timestamp. The timestamp is the commit point: until
it is there, robots see what was there before. Models are signed by the `targets` key, which may stay offline; which
robots get which version is signed by the `release` key.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from securesystemslib.signer import SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from robot.errors import UpdateError
from robot.updates.bundling import ModelToPublish
from robot.updates.channel import Channel, Offering, Rollout, bundle_path, channel_path, parse_channel
from robot.updates.disk import Disk
from robot.updates.keys import KeyFolder
from robot.updates.metadata import RELEASE

DAYS = {"root": 365, "targets": 120, RELEASE: 30, "snapshot": 30, "timestamp": 14}
ONLINE = ("snapshot", "timestamp")


class Publisher:
    """A repository in `folder`, signed with `keys`. `wall_s` gives seconds since 1970."""

    def __init__(self, folder: Path, keys: KeyFolder, disk: Disk, wall_s: Callable[[], float]) -> None:
        self._folder = folder
        self._keys = keys
        self._disk = disk
        self._wall_s = wall_s

    def init(self, root_keys: int = 3, threshold: int = 2) -> None:
        """Make the keys and the first, empty repository.

        Raises:
            UpdateError: there is one already, or the threshold cannot be met.
        """
        if not 1 <= threshold <= root_keys:
            raise UpdateError(f"threshold {threshold} of {root_keys} root keys cannot be met; choose 2 of 3")
        if self._disk.names(self._folder / "metadata"):
            raise UpdateError(f"{self._folder}: holds a repository already; choose an empty folder")
        root = Root(version=1, expires=self._expires("root"), consistent_snapshot=True)
        for number in range(1, root_keys + 1):
            root.add_key(self._keys.make(f"root{number}"), "root")
        root.roles["root"].threshold = threshold
        for role in ("targets", *ONLINE):
            root.add_key(self._keys.make(role), role)
        release = self._keys.make(RELEASE)
        self._sign_root(Metadata(root), root_keys)
        targets = Targets(version=1, expires=self._expires("targets"), delegations=_delegate_channels(release))
        self._sign(Metadata(targets), "targets")
        self._sign(Metadata(Targets(version=1, expires=self._expires(RELEASE))), RELEASE)
        self.refresh()

    def add(self, model: ModelToPublish) -> str:
        """Add one version of a model and sign it with the `targets` key; no robot is offered it yet. Gives its path."""
        for sha256, content in model.blobs.items():
            self._write(self._folder / "targets" / "blobs" / sha256, content)
        path = bundle_path(model.bundle.id, model.bundle.version)
        targets = self._load("targets")
        if path in targets.signed.targets:
            raise UpdateError(f"{model.bundle.id} {model.bundle.version}: is published already; give it a new version")
        targets.signed.targets[path] = self._write_target(path, model.content)
        self._bump(targets, "targets")
        self.refresh()
        return path

    def channel(self, name: str = "stable") -> Channel:
        """What a channel offers now; empty before the first."""
        info = self._load(RELEASE).signed.targets.get(channel_path(name))
        if info is None:
            return Channel(created_s=int(self._wall_s()))
        content = self._disk.read(self._target_file(channel_path(name), info.hashes["sha256"]))
        return parse_channel(content or b"", name)

    def stage(
        self, model_id: str, version: str, percent: float, channel: str = "stable", mandatory: bool = False
    ) -> None:
        """Offer a version to `percent` of the robots."""
        path = bundle_path(model_id, version)
        if path not in self._load("targets").signed.targets:
            raise UpdateError(f"{model_id} {version}: is not published; add and sign it first")
        before = self.channel(channel).models.get(model_id)
        withdrawn = before.withdrawn if before else ()
        rollout = Rollout(percent, salt=f"{model_id}/{version}")
        self._offer(channel, model_id, Offering(version, path, rollout, mandatory, withdrawn))

    def advance(self, model_id: str, percent: float, channel: str = "stable") -> None:
        """Offer the version to more robots; those that had it keep it."""
        offering = self._offered(channel, model_id)
        if percent < offering.rollout.percent:
            raise UpdateError(f"{model_id}: is at {offering.rollout.percent:g} %; use halt or withdraw to go back")
        self._change_rollout(channel, model_id, percent=percent, halted=False)

    def halt(self, model_id: str, channel: str = "stable") -> None:
        """Offer the version to no more robots."""
        self._change_rollout(channel, model_id, halted=True)

    def withdraw(self, model_id: str, version: str, channel: str = "stable") -> None:
        """Say that a version must not run: robots that have it go back."""
        offering = self._offered(channel, model_id)
        withdrawn = tuple(dict.fromkeys((*offering.withdrawn, version)))
        self._offer(channel, model_id, msgspec.structs.replace(offering, withdrawn=withdrawn))

    def refresh(self) -> None:
        """Sign snapshot and timestamp anew over what is there: after each change, and every day."""
        meta = {f"{role}.json": MetaFile(version=self._load(role).signed.version) for role in ("targets", RELEASE)}
        if "timestamp.json" not in self._disk.names(self._folder / "metadata"):
            self._sign(Metadata(Snapshot(version=1, expires=self._expires("snapshot"), meta=meta)), "snapshot")
            first = Timestamp(version=1, expires=self._expires("timestamp"), snapshot_meta=MetaFile(version=1))
            self._sign(Metadata(first), "timestamp")
            return
        snapshot, timestamp = self._load("snapshot"), self._load("timestamp")
        snapshot.signed.meta = meta
        self._bump(snapshot, "snapshot")
        timestamp.signed.snapshot_meta = MetaFile(version=snapshot.signed.version)
        self._bump(timestamp, "timestamp")

    def rotate(self, role: str, root_keys: int = 3) -> None:
        """Replace the key of a role by a new one, in a new root that a threshold of root keys signs."""
        root = self._load("root")
        root.signed.version += 1
        root.signed.expires = self._expires("root")
        name = f"{role}-{root.signed.version}"
        fresh = self._keys.make(name)
        for keyid in list(root.signed.roles[role].keyids):
            root.signed.revoke_key(keyid, role)
        root.signed.add_key(fresh, role)
        self._sign_root(root, root_keys)
        metadata = self._load(role)
        self._bump(metadata, role)
        self.refresh()

    def _offered(self, channel: str, model_id: str) -> Offering:
        offering = self.channel(channel).models.get(model_id)
        if offering is None:
            raise UpdateError(f"{model_id}: channel {channel} offers none; stage a version first")
        return offering

    def _change_rollout(self, channel: str, model_id: str, **changes: object) -> None:
        offering = self._offered(channel, model_id)
        rollout = msgspec.structs.replace(offering.rollout, **changes)
        self._offer(channel, model_id, msgspec.structs.replace(offering, rollout=rollout))

    def _offer(self, name: str, model_id: str, offering: Offering) -> None:
        channel = self.channel(name)
        after = Channel(int(self._wall_s()), {**channel.models, model_id: offering})
        release = self._load(RELEASE)
        release.signed.targets[channel_path(name)] = self._write_target(channel_path(name), msgspec.json.encode(after))
        self._bump(release, RELEASE)
        self.refresh()

    def _write_target(self, path: str, content: bytes) -> TargetFile:
        info = TargetFile.from_data(path, content, ["sha256"])
        self._write(self._target_file(path, info.hashes["sha256"]), content)
        return info

    def _target_file(self, path: str, sha256: str) -> Path:
        folder, _, name = path.rpartition("/")
        return self._folder / "targets" / folder / f"{sha256}.{name}"

    def _expires(self, role: str) -> datetime:
        now = datetime.fromtimestamp(int(self._wall_s()), UTC)
        return now + timedelta(days=DAYS[role])

    def _bump(self, metadata: Metadata[Any], role: str) -> None:
        metadata.signed.version += 1
        metadata.signed.expires = self._expires(role)
        self._sign(metadata, role)

    def _sign(self, metadata: Metadata[Any], role: str) -> None:
        metadata.sign(self._keys.signer(self._key_name(role)))
        self._write_metadata(metadata, role)

    def _key_name(self, role: str) -> str:
        """The newest key of a role: rotation adds the version of the root that brought it."""
        rotated = (f"{role}-{version}" for version in range(self._newest("root"), 1, -1))
        return next((name for name in rotated if self._keys.has(name)), role)

    def _sign_root(self, root: Metadata[Root], root_keys: int) -> None:
        root.signatures.clear()
        for number in range(1, root_keys + 1):
            if self._keys.has(f"root{number}"):
                root.sign(self._keys.signer(f"root{number}"), append=True)
        if len(root.signatures) < root.signed.roles["root"].threshold:
            raise UpdateError(f"{len(root.signatures)} root keys are here, too few; bring the others")
        self._write_metadata(root, "root")

    def _write_metadata(self, metadata: Metadata[Any], role: str) -> None:
        name = "timestamp.json" if role == "timestamp" else f"{metadata.signed.version}.{role}.json"
        self._write(self._folder / "metadata" / name, metadata.to_bytes(JSONSerializer(compact=False)))

    def _newest(self, role: str) -> int:
        numbers = [name.split(".")[0] for name in self._disk.names(self._folder / "metadata") if f".{role}." in name]
        return max((int(number) for number in numbers if number.isdigit()), default=0)

    def _load(self, role: str) -> Metadata[Any]:
        name = "timestamp.json" if role == "timestamp" else f"{self._newest(role)}.{role}.json"
        content = self._disk.read(self._folder / "metadata" / name)
        if content is None:
            raise UpdateError(f"{self._folder}: no {role} metadata; run `rapport repository init` first")
        return Metadata.from_bytes(content)

    def _write(self, path: Path, content: bytes) -> None:
        """Write a file whole and durably; its folders too."""
        for folder in reversed(path.parents):
            if folder.is_relative_to(self._folder):
                self._disk.make_folder(folder)
        fresh = path.with_name(f".{path.name}.new")
        self._disk.write(fresh, content)
        self._disk.sync(fresh)
        self._disk.move(fresh, path)
        self._disk.sync_folder(path.parent)


def _delegate_channels(key: SSlibKey) -> Delegations:
    """Channels, and nothing else, are the release key's."""
    role = DelegatedRole(RELEASE, [key.keyid], 1, terminating=True, paths=["channels/*.json"])
    return Delegations({key.keyid: key}, {RELEASE: role})
