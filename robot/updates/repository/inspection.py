"""What a draft would change, in plain words, and whether everything it signs is there: read before signing."""

from collections.abc import Iterator
from typing import Any

from tuf.api.metadata import Metadata, Root, TargetFile, Targets

from robot.errors import UpdateRefused
from robot.updates.bundle import Bundle, parse_bundle
from robot.updates.channel import bundle_path
from robot.updates.repository.files import RepositoryFiles
from robot.updates.repository.keys import name_of


def bundle_of(files: RepositoryFiles, path: str, info: TargetFile) -> Bundle:
    """The bundle at a signed path, with every file that it names.

    Raises:
        UpdateRefused: it, or a file of it, is missing or not what its hash says.
    """
    where = files.target_file(path, info.hashes["sha256"])
    if files.digest(where) != (info.hashes["sha256"], info.length):
        raise UpdateRefused(f"{where}: missing or altered; add the model again")
    bundle = parse_bundle(files.read_target(path, info) or b"", path)
    if bundle_path(bundle.id, bundle.version) != path:
        raise UpdateRefused(f"{where}: says {bundle.id} {bundle.version}; add the model again")
    for name, entry in bundle.files.items():
        if files.digest(files.blob(entry.sha256)) != (entry.sha256, entry.length):
            raise UpdateRefused(f"{files.blob(entry.sha256)}: {name} of {path}: missing or altered; add it again")
    return bundle


def changes(role: str, draft: Metadata[Any], before: Metadata[Any] | None, files: RepositoryFiles) -> list[str]:
    """What signing a draft would mean, line by line.

    Raises:
        UpdateRefused: it names a file that is not there or not whole.
    """
    lines = [f"{role} {draft.signed.version}, good until {draft.signed.expires:%Y-%m-%d}"]
    if role == "root":
        return lines + list(_root_changes(draft.signed, before.signed if before else None))
    return lines + list(_targets_changes(draft.signed, before.signed if before else None, files))


def _root_changes(root: Root, before: Root | None) -> Iterator[str]:
    for role, entry in root.roles.items():
        known = set(before.roles[role].keyids) if before else set()
        for keyid in entry.keyids:
            if keyid not in known:
                yield f"  {role}: new key {name_of(root.keys[keyid])} ({keyid[:16]})"
        for keyid in known - set(entry.keyids):
            if before is not None:
                yield f"  {role}: key {name_of(before.keys[keyid])} ({keyid[:16]}) counts no more"
        if before is None or before.roles[role].threshold != entry.threshold:
            yield f"  {role}: {entry.threshold} of {len(entry.keyids)} keys must sign"


def _targets_changes(targets: Targets, before: Targets | None, files: RepositoryFiles) -> Iterator[str]:
    known = before.targets if before else {}
    for path, info in sorted(targets.targets.items()):
        if path not in known or known[path] != info:
            bundle = bundle_of(files, path, info)
            size = sum(entry.length for entry in bundle.files.values())
            yield f"  adds {bundle.id} {bundle.version}: {len(bundle.files)} files, {size / 1000:.0f} kB"
    for path in sorted(set(known) - set(targets.targets)):
        yield f"  removes {path}"
    if targets.delegations is not None and targets.delegations.keys:
        old = set(before.delegations.keys) if before and before.delegations else set()
        for keyid, key in targets.delegations.keys.items():
            if keyid not in old:
                yield f"  channels: new key {name_of(key)} ({keyid[:16]})"
