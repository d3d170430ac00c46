"""What is signed made public, in an order in which a robot that looks at any moment sees the old or the new.

Release and targets first, then the snapshot that names them, then the timestamp: that is the commit point. A new root
that changes online keys is published last: the files before it carry signatures of the old and the new key, where the
old one is here, so that they are good under either root.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from robot.errors import UpdateError
from robot.updates.metadata import RELEASE
from robot.updates.repository.drafts import Drafts, add_signatures
from robot.updates.repository.files import RepositoryFiles
from robot.updates.repository.keys import KeyFolder, name_of

Expiry = Callable[[str], datetime]


@dataclass(frozen=True, slots=True)
class Coming:
    """What will count once it is published: the newest roots and targets that are signed by enough keys.

    `previous` is the root that robots know; the same as `root` if that does not change.
    """

    root: Metadata[Root]
    previous: Metadata[Root]
    targets: Metadata[Targets]


def coming(files: RepositoryFiles, drafts: Drafts) -> Coming | None:
    """What could be published now; None before the first root and targets are signed."""
    known, draft = files.newest("root"), drafts.load("root")
    signed = draft if draft is not None and _root_complete(draft, known) else None
    roots = [root for root in (signed, known) if root is not None]
    candidates = [targets for targets in (drafts.load("targets"), files.newest("targets")) if targets is not None]
    for root in roots:
        for targets in candidates:
            if verifies(root.signed, "targets", targets):
                return Coming(root, known or root, targets)
    return None


def publish(
    files: RepositoryFiles, drafts: Drafts, keys: KeyFolder, expires: Expiry, release: Metadata[Targets] | None = None
) -> None:
    """Publish what is signed, and `release` if it is changed.

    Raises:
        UpdateError: too few signatures are there, or an online key is not here. Nothing was published.
    """
    what = coming(files, drafts)
    if what is None:
        raise UpdateError(f"{drafts.folder}: too few signatures; run `rapport repository sign` where the keys are")
    snapshot, timestamp = files.newest("snapshot"), files.newest("timestamp")
    release = _signed_release(release, files, what, keys, expires)
    new_snapshot = _next(snapshot, Snapshot(version=1), expires("snapshot"))
    for role, metadata in (("targets", what.targets), (RELEASE, release)):
        new_snapshot.signed.meta[f"{role}.json"] = MetaFile(version=metadata.signed.version)
    new_timestamp = _next(timestamp, Timestamp(version=1), expires("timestamp"))
    new_timestamp.signed.snapshot_meta = MetaFile(version=new_snapshot.signed.version)
    sign_online("snapshot", new_snapshot, what, keys)
    sign_online("timestamp", new_timestamp, what, keys)
    files.write_metadata(RELEASE, release)
    files.write_metadata("targets", what.targets)
    files.write_metadata("snapshot", new_snapshot)
    signed = (("snapshot", new_snapshot), ("timestamp", new_timestamp), ("targets", what.targets))
    both = all(verifies(what.previous.signed, role, metadata) for role, metadata in signed)
    if not both:
        # Without the old key the moment between these two cannot be bridged: a robot that looks then tries later.
        files.write_metadata("root", what.root)
    files.write_metadata("timestamp", new_timestamp)
    files.write_metadata("root", what.root)
    _drop_published(drafts, what)


def verifies(delegator: Root | Targets, role: str, metadata: Metadata[Any]) -> bool:
    """True if enough of the keys that `delegator` names for a role have signed."""
    try:
        delegator.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    except UnsignedMetadataError:
        return False
    return True


def sign_online(role: str, metadata: Metadata[Any], what: Coming, keys: KeyFolder) -> None:
    """Sign metadata of an online role with its keys, new and old. Raises UpdateError if a needed one is not here."""
    new, old = what.root.signed, what.previous.signed
    add_signatures(metadata, [*new.roles[role].keyids, *old.roles[role].keyids], keys)
    if not verifies(new, role, metadata):
        raise UpdateError(_not_here(role, [name_of(new.keys[keyid]) for keyid in new.roles[role].keyids]))


def renewed(metadata: Metadata[Any], expires: datetime) -> Metadata[Any]:
    """The same with the next version, a new expiry and no signature."""
    metadata.signed.version += 1
    metadata.signed.expires = expires
    metadata.signatures.clear()
    return metadata


def _root_complete(draft: Metadata[Root], known: Metadata[Root] | None) -> bool:
    previous = known.signed if known is not None else None
    if previous is not None and draft.signed.version != previous.version + 1:
        return False
    return bool(draft.signed.get_root_verification_result(previous, draft.signed_bytes, draft.signatures))


def _next(metadata: Metadata[Any] | None, first: Any, expires: datetime) -> Metadata[Any]:
    """The version after `metadata`, or the first."""
    if metadata is None:
        first.expires = expires
        return Metadata(first)
    return renewed(metadata, expires)


def _signed_release(
    release: Metadata[Targets] | None, files: RepositoryFiles, what: Coming, keys: KeyFolder, expires: Expiry
) -> Metadata[Targets]:
    """The channels' metadata, signed by the key that the coming targets name for them."""
    found = release or files.load(RELEASE, files.versions(RELEASE)[-1])
    delegator = what.targets.signed
    if verifies(delegator, RELEASE, found):
        return found
    if found.signatures:
        renewed(found, expires(RELEASE))
    if delegator.delegations is None or delegator.delegations.roles is None:
        raise UpdateError("targets: name no key for channels; this repository was made by something else")
    role = delegator.delegations.roles[RELEASE]
    add_signatures(found, role.keyids, keys)
    if not verifies(delegator, RELEASE, found):
        raise UpdateError(_not_here(RELEASE, [name_of(delegator.delegations.keys[keyid]) for keyid in role.keyids]))
    return found


def _not_here(role: str, names: list[str]) -> str:
    wanted = ", ".join(f"{name}.pem" for name in names)
    return f"{role}: the key is not here ({wanted}); run `rapport repository refresh` where it is, or name its --keys"


def _drop_published(drafts: Drafts, what: Coming) -> None:
    for role, metadata in (("root", what.root), ("targets", what.targets)):
        draft = drafts.load(role)
        if draft is not None and draft.signed.version <= metadata.signed.version:
            drafts.drop(role)
