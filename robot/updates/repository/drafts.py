"""Changes that wait for signatures: metadata of root and targets, whose keys lie on other machines than this one.

A draft is carried from machine to machine with the publisher's folder; each adds the signatures of the keys it has.
Once there are enough it is published, by whoever holds the online keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Root, VerificationResult

from robot.updates.disk import Disk
from robot.updates.repository.files import decode_metadata, encode_metadata
from robot.updates.repository.keys import KeyFolder, name_of

OFFLINE = ("root", "targets")


class Drafts:
    """The drafts in `folder`, one for each offline role at most."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self._disk = disk

    def load(self, role: str) -> Metadata[Any] | None:
        """The draft of a role; None if nothing waits."""
        path = self.folder / f"{role}.json"
        content = self._disk.read(path)
        return None if content is None else decode_metadata(content, path)

    def save(self, role: str, metadata: Metadata[Any]) -> None:
        """Keep a draft, whole and durably."""
        self._disk.make_folder(self.folder)
        fresh = self.folder / f".{role}.new"
        self._disk.write(fresh, encode_metadata(metadata))
        self._disk.sync(fresh)
        self._disk.move(fresh, self.folder / f"{role}.json")
        self._disk.sync_folder(self.folder)

    def drop(self, role: str) -> None:
        """Forget a draft."""
        self._disk.remove(self.folder / f"{role}.json")


@dataclass(frozen=True, slots=True)
class Signatures:
    """How far a draft is signed: of `needed` signatures those `by` are there; any of `missing` could add one.

    A root that changes the root keys needs enough of the old keys and enough of the new: then `needed` is the sum.
    """

    role: str
    version: int
    needed: int
    by: tuple[str, ...]
    missing: tuple[str, ...]
    complete: bool

    def __str__(self) -> str:
        """One line for people."""
        if self.complete:
            return f"{self.role} {self.version}: signed by {', '.join(self.by)}"
        signed = ", ".join(self.by) or "nobody"
        wanted = " or ".join(self.missing)
        return f"{self.role} {self.version}: signed by {signed}, {self.needed} needed; bring {wanted} and sign again"


def signatures(role: str, draft: Metadata[Any], root: Root, previous: Root | None) -> Signatures:
    """How far a draft is signed, by the keys of `root` and, if it is a root that follows one, of `previous`."""
    results = [root.get_verification_result(role, draft.signed_bytes, draft.signatures)]
    if role == "root" and previous is not None:
        before = previous.get_verification_result(role, draft.signed_bytes, draft.signatures)
        if _holders(before) != _holders(results[0]):
            results.append(before)
    signed = _names(key for result in results for key in result.signed.values())
    missing = _names(key for result in results if not result.verified for key in result.unsigned.values())
    needed = sum(result.threshold for result in results)
    return Signatures(role, draft.signed.version, needed, signed, missing, all(result.verified for result in results))


def add_signatures(metadata: Metadata[Any], keyids: list[str], keys: KeyFolder) -> list[str]:
    """Sign with every one of these keys that is here; gives the names of those that did.

    One that has signed signs again: what it left may belong to a draft that was changed since.
    """
    added = []
    for keyid in dict.fromkeys(keyids):
        path = keys.find(keyid)
        signer = keys.signer_of(keyid)
        if path is not None and signer is not None:
            metadata.sign(signer, append=True)
            added.append(path.stem)
    return added


def _holders(result: VerificationResult) -> set[str]:
    return {*result.signed, *result.unsigned}


def _names(keys: Iterable[Key]) -> tuple[str, ...]:
    return tuple(sorted({name_of(key) for key in keys}))
