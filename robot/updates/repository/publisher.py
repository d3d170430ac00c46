"""The publisher: makes a repository, adds models, says who gets them, and changes keys.

A publisher's folder holds `public/`, which any web server, CDN or USB stick can carry, and `pending/`, the changes that
wait for signatures. Models and keys are signed by keys that may stay offline; which robots get which version, and how
new the repository is, by keys that are online.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from securesystemslib.signer import SSlibKey
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Root, Targets

from robot.errors import UpdateError
from robot.updates.bundle import MAX_BUNDLE_BYTES
from robot.updates.channel import MAX_CHANNEL_BYTES, Channel, Offering, bundle_path, channel_path, parse_channel
from robot.updates.disk import Disk
from robot.updates.metadata import RELEASE
from robot.updates.repository import rollout
from robot.updates.repository.bundling import ModelToPublish
from robot.updates.repository.drafts import OFFLINE, Drafts, Signatures, add_signatures, signatures
from robot.updates.repository.files import RepositoryFiles
from robot.updates.repository.keys import KeyFolder, name_of
from robot.updates.repository.publishing import coming, publish, renewed

DAYS = {"root": 365, "targets": 120, RELEASE: 30, "snapshot": 30, "timestamp": 14}
"""How long a signature counts. An offline role is signed by hand, an online one by a timer every day."""
ONLINE = (RELEASE, "snapshot", "timestamp")


class Publisher:
    """The publisher's folder `folder`, signed with `keys`. `wall_s` gives seconds since 1970."""

    def __init__(self, folder: Path, keys: KeyFolder, disk: Disk, wall_s: Callable[[], float]) -> None:
        self.folder = folder
        self.files = RepositoryFiles(folder / "public", disk)
        self.drafts = Drafts(folder / "pending", disk)
        self._keys = keys
        self._disk = disk
        self._wall_s = wall_s

    def working(self) -> AbstractContextManager[None]:
        """Held while anything is changed. Raises StoreBusy if another publisher works in this folder."""
        self._disk.make_folder(self.folder)
        return self._disk.lock(self.folder / ".lock", wait=False)

    def init(
        self, root_keys: int = 3, threshold: int = 2, given: Sequence[SSlibKey] = (), targets: SSlibKey | None = None
    ) -> list[Signatures]:
        """Make the keys and the first, empty repository; public once enough root keys have signed.

        `given` are the public halves of root keys that were made elsewhere, `targets` that of the key for models.

        Raises:
            UpdateError: there is one already, the threshold cannot be met, or keys are there already.
        """
        count = len(given) or root_keys
        if not 1 <= threshold <= count:
            raise UpdateError(f"threshold {threshold} of {count} root keys cannot be met; choose 2 of 3")
        if self.files.versions("root") or self.drafts.load("root"):
            raise UpdateError(f"{self.folder}: holds a repository already; choose an empty folder")
        root = Root(version=1, expires=self._expires("root"), consistent_snapshot=True)
        for key in given or [self._keys.make(f"root{number}") for number in range(1, count + 1)]:
            root.add_key(key, "root")
        root.roles["root"].threshold = threshold
        root.add_key(targets or self._keys.make("targets"), "targets")
        for role in ("snapshot", "timestamp"):
            root.add_key(self._keys.make(role), role)
        channels = _delegate_channels(self._keys.make(RELEASE))
        first = Targets(version=1, expires=self._expires("targets"), delegations=channels)
        self.drafts.save("root", Metadata(root))
        self.drafts.save("targets", Metadata(first))
        return self.sign()

    def add(self, model: ModelToPublish) -> str:
        """Add one version of a model to the draft of what is signed; gives its path. No key is needed.

        Raises:
            UpdateError: that version is there already.
        """
        path = bundle_path(model.bundle.id, model.bundle.version)
        self.refuse_known(model.bundle.id, model.bundle.version)
        draft = self._draft("targets")
        for sha256, content in model.blobs.items():
            self.files.write(self.files.blob(sha256), content)
        draft.signed.targets[path] = self.files.write_target(path, model.content)
        self.drafts.save("targets", draft)
        return path

    def refuse_known(self, model_id: str, version: str) -> None:
        """Raise UpdateError if a version is in the repository already: what robots have seen never changes."""
        path = bundle_path(model_id, version)
        if path in self._draft("targets").signed.targets:
            state = "is published" if path in self.published() else "waits for its signature"
            raise UpdateError(f"{model_id} {version}: {state} already; give it a new version")

    def sign(self, roles: Iterable[str] = OFFLINE) -> list[Signatures]:
        """Sign the drafts with every key that is here, and publish what is complete if the online keys are here too.

        Gives how far each draft is signed; empty if none waited.
        """
        for role in roles:
            draft = self.drafts.load(role)
            if draft is not None and add_signatures(draft, self._signers(role), self._keys):
                self.drafts.save(role, draft)
        found = self.waiting()
        if found and self._can_publish():
            self.publish()
        return found

    def waiting(self) -> list[Signatures]:
        """How far each draft is signed."""
        known = self.files.newest("root")
        root = self.drafts.load("root") or known
        found = []
        for role in OFFLINE:
            draft = self.drafts.load(role)
            if draft is not None and root is not None:
                found.append(signatures(role, draft, root.signed, known.signed if known else None))
        return found

    def publish(self) -> None:
        """Make public what is signed by enough keys, under a new snapshot and timestamp.

        The channels are signed anew when half their time is over, if their key is here.
        """
        self._publish(None)

    def published(self) -> dict[str, Any]:
        """What robots may be offered: signed path to what is signed about it."""
        targets = self.files.newest("targets")
        return dict(targets.signed.targets) if targets is not None else {}

    def refresh(self, roles: Iterable[str] = ()) -> None:
        """Sign anew before it expires: the timestamp and snapshot always, the channels when half their time is over.

        With `roles` (`root`, `targets`) these too: a draft with a new expiry, which is to be signed by their keys.
        """
        for role in roles:
            self.drafts.save(role, self._draft(role))
        if roles:
            self.sign()
            return
        self.publish()
        self._prune()

    def rotate(self, role: str, leaving: str = "", fresh: SSlibKey | None = None) -> list[Signatures]:
        """Replace a key of a role by a new one, or by `fresh`, the public half of one made elsewhere.

        `leaving` names the key that goes; it must be named for the root, which has several. What is signed by the role
        is signed anew. Root keys sign the change, for the release role the targets key does.

        Raises:
            UpdateError: no such role or key.
        """
        self._replace(role, leaving, fresh)
        return self.sign()

    def rotate_online(self) -> list[Signatures]:
        """Replace the keys of all online roles at once: the machine that holds them was broken into."""
        for role in ONLINE:
            self._replace(role)
        return self.sign()

    def key_names(self, role: str) -> dict[str, str]:
        """The keys of a role in the newest root, draft or not: name to id."""
        root = self.drafts.load("root") or self.files.newest("root")
        found = root.signed.roles[role].keyids if root is not None else []
        return {name_of(root.signed.keys[keyid]): keyid for keyid in found} if root is not None else {}

    def _replace(self, role: str, leaving: str = "", fresh: SSlibKey | None = None) -> None:
        if role == RELEASE:
            self._rotate_release(fresh)
            return
        root = self._draft("root")
        if role not in root.signed.roles:
            raise UpdateError(f"{role}: no such role; there is root, targets, release, snapshot, timestamp")
        holders = self.key_names(role)
        if leaving and leaving not in holders:
            raise UpdateError(f"{leaving}: no key of {role}; there is {', '.join(sorted(holders))}")
        if not leaving and len(holders) > 1:
            raise UpdateError(f"{role}: has the keys {', '.join(sorted(holders))}; name the one that goes with --key")
        key = fresh or self._keys.make(self._fresh_name(role, root.signed.version))
        root.signed.revoke_key(holders[leaving or next(iter(holders))], role)
        root.signed.add_key(key, role)
        if role == "targets":
            # First: a root that names a key under which nothing is signed yet could never be published.
            self.drafts.save("targets", self._draft("targets"))
        self.drafts.save("root", root)

    def channel(self, name: str = "stable") -> Channel:
        """What a channel offers now; empty before the first."""
        release = self.files.newest(RELEASE)
        info = release.signed.targets.get(channel_path(name)) if release is not None else None
        if info is None:
            return Channel(created_s=int(self._wall_s()))
        return parse_channel(self.files.read_target(channel_path(name), info) or b"", name)

    def channels(self) -> list[str]:
        """The names of all channels."""
        release = self.files.newest(RELEASE)
        paths = release.signed.targets if release is not None else {}
        return sorted(path.removeprefix("channels/").removesuffix(".json") for path in paths)

    def stage(self, model_id: str, version: str, percent: float, channel: str = "stable", **how: Any) -> None:
        """Offer a version to `percent` of the robots. `how`: see `rollout.staged`.

        Raises:
            UpdateError: it is not published, or was withdrawn.
        """
        if bundle_path(model_id, version) not in self._to_come():
            raise UpdateError(f"{model_id} {version}: {self._why_not_published(bundle_path(model_id, version))}")
        self._change(channel, lambda before: rollout.staged(before, model_id, version, percent, **how))

    def advance(self, model_id: str, percent: float, channel: str = "stable") -> None:
        """Offer the version to more robots; those that had it keep it."""
        self._change(channel, lambda before: rollout.advanced(before, model_id, percent))

    def halt(self, model_id: str, channel: str = "stable") -> None:
        """Offer the version to no more robots."""
        self._change(channel, lambda before: rollout.halted(before, model_id))

    def withdraw(self, model_id: str, version: str, channel: str = "stable") -> None:
        """Say that a version must not run: robots that have it go back."""
        if bundle_path(model_id, version) not in self.published():
            raise UpdateError(f"{model_id} {version}: was never published; nothing to withdraw")
        self._change(channel, lambda before: rollout.withdrawn(before, model_id, version))

    def now(self) -> datetime:
        """The time, to the second."""
        return datetime.fromtimestamp(int(self._wall_s()), UTC)

    def _change(self, name: str, change: Callable[[Channel], Channel]) -> None:
        self._release_channel(name, change(self.channel(name)))

    def _offer(self, name: str, model_id: str, offering: Offering) -> None:
        channel = self.channel(name)
        self._release_channel(name, msgspec.structs.replace(channel, models={**channel.models, model_id: offering}))

    def _release_channel(self, name: str, channel: Channel) -> None:
        """Sign a channel and publish it. The online keys are tried first: without them nothing is written."""
        content = msgspec.json.encode(msgspec.structs.replace(channel, created_s=int(self._wall_s())))
        if len(content) > min(MAX_CHANNEL_BYTES, 4 * MAX_BUNDLE_BYTES):
            raise UpdateError(f"channel {name}: longer than robots read; make another channel")
        release = self.files.newest(RELEASE) or Metadata(Targets(version=0))
        release.signed.targets[channel_path(name)] = self.files.write_target(channel_path(name), content)
        self._publish(renewed(release, self._expires(RELEASE)))

    def _publish(self, release: Metadata[Targets] | None) -> None:
        if not self.files.versions("root") and self.drafts.load("root") is None:
            raise UpdateError(f"{self.folder}: no repository here; run `rapport repository init` first")
        known = self.files.newest(RELEASE)
        if release is None and known is None:
            # Robots that look before anything is staged find a channel that offers nothing.
            empty = msgspec.json.encode(Channel(created_s=int(self._wall_s())))
            release = Metadata(Targets(version=1, expires=self._expires(RELEASE)))
            release.signed.targets[channel_path("stable")] = self.files.write_target(channel_path("stable"), empty)
        elif release is None and known is not None and self._is_late(known):
            release = renewed(known, self._expires(RELEASE))
        publish(self.files, self.drafts, self._keys, self._expires, release)

    def _is_late(self, release: Metadata[Targets]) -> bool:
        """True if the channels should be signed anew, and can be."""
        here = any(self._keys.find(keyid) for keyid in release.signatures)
        return here and release.signed.expires - self.now() < timedelta(days=DAYS[RELEASE] / 2)

    def _draft(self, role: str) -> Metadata[Any]:
        """The draft of a role to change: the one there is, or one that follows what is published; unsigned."""
        draft = self.drafts.load(role)
        if draft is not None:
            draft.signatures.clear()
            draft.signed.expires = self._expires(role)
            return draft
        newest = self.files.newest(role)
        if newest is None:
            raise UpdateError(f"{self.folder}: no repository here; run `rapport repository init` first")
        return renewed(newest, self._expires(role))

    def _rotate_release(self, fresh: SSlibKey | None) -> None:
        targets = self._draft("targets")
        key = fresh or self._keys.make(self._fresh_name(RELEASE, targets.signed.version))
        targets.signed.delegations = _delegate_channels(key)
        self.drafts.save("targets", targets)

    def _why_not_published(self, path: str) -> str:
        draft = self.drafts.load("targets")
        if draft is not None and path in draft.signed.targets:
            return "waits for the signature of the targets key; run `rapport repository sign` where it is"
        there = [" ".join(known.split("/")[1:3]) for known in sorted(self.published())]
        return f"is not published; add and sign it first; there is: {', '.join(there) or 'nothing yet'}"

    def _fresh_name(self, role: str, version: int) -> str:
        """A name for a new key: the next root key, or the role with the version that brings it."""
        stem = "root" if role == "root" else f"{role}-"
        number = 1 if role == "root" else version
        while self._keys.has(f"{stem}{number}") or f"{stem}{number}" in self._known_names():
            number += 1
        return f"{stem}{number}"

    def _known_names(self) -> set[str]:
        """The names of all keys of this root and the one before."""
        roots = [self.files.load("root", version) for version in self.files.versions("root")[-2:]]
        return {name_of(key) for root in roots for key in root.signed.keys.values()}

    def _signers(self, role: str) -> list[str]:
        """The ids of every key whose signature on a draft may count: those named by the new root and by the old."""
        roots = (self.drafts.load("root"), self.files.newest("root"))
        return [keyid for root in roots if root is not None for keyid in root.signed.roles[role].keyids]

    def _can_publish(self) -> bool:
        """True if what waits is complete and the online keys are here."""
        what = coming(self.files, self.drafts)
        if what is None or any(not each.complete for each in self.waiting()):
            return False
        return all(
            any(self._keys.find(keyid) for keyid in what.root.signed.roles[role].keyids)
            for role in ("snapshot", "timestamp")
        )

    def _to_come(self) -> dict[str, Any]:
        """What will be published with the next change: the draft too, if it is signed."""
        what = coming(self.files, self.drafts)
        return dict(what.targets.signed.targets) if what is not None else {}

    def _prune(self) -> None:
        """Remove metadata that no robot can use any more: replaced, and expired. Roots stay, they are a chain."""
        for role in ("snapshot", RELEASE, "targets"):
            for version in self.files.versions(role)[:-1]:
                if self.files.load(role, version).signed.expires < self.now():
                    self.files.remove(self.files.metadata / f"{version}.{role}.json")

    def _expires(self, role: str) -> datetime:
        return self.now() + timedelta(days=DAYS[role])


def _delegate_channels(key: SSlibKey) -> Delegations:
    """Channels, and nothing else, are the release key's."""
    role = DelegatedRole(RELEASE, [key.keyid], 1, terminating=True, paths=["channels/*.json"])
    return Delegations({key.keyid: key}, {RELEASE: role})
