"""The anti-rollback floor: what was seen once may not be undercut, even when the metadata cache is lost.

python-tuf compares only with the files in its cache, which it does not sync: after a power cut it takes an old
repository for new. This floor lies in the state record. It is let down for a role only when its keys were changed by a
newer root, or an attacker who once held a key could freeze the robot for ever with a version number of 2^40.
"""

from dataclasses import dataclass

import msgspec

from robot.errors import UpdateRefused
from robot.updates.state import Floor

ROLES = ("timestamp", "snapshot", "targets", "release")


@dataclass(frozen=True, slots=True)
class Seen:
    """Metadata as it was just verified: the version of each role (root among them), and the keys of each role."""

    versions: dict[str, int]
    keys: dict[str, tuple[str, ...]]


def raised(floor: Floor, seen: Seen, signed_time_s: int) -> Floor:
    """The floor with what was seen; the same object if nothing is new.

    Raises:
        UpdateRefused: something older than before is offered, under the same keys.
    """
    if seen.versions["root"] < floor.root:
        raise UpdateRefused(_older("root", seen.versions["root"], floor.root))
    rotated = {role for role in ROLES if floor.keys.get(role) and floor.keys[role] != seen.keys.get(role)}
    if "timestamp" in rotated:
        # Versions of a snapshot come through the timestamp: who held that key could set both.
        rotated.add("snapshot")
    if seen.versions["root"] == floor.root and rotated - {"release"}:
        raise UpdateRefused("metadata: security: keys differ under the same root; do not use this repository")
    for role in ROLES:
        before = getattr(floor, role)
        if seen.versions.get(role, 0) < before and role not in rotated:
            raise UpdateRefused(_older(role, seen.versions.get(role, 0), before))
    after = msgspec.structs.replace(
        floor,
        root=seen.versions["root"],
        keys=seen.keys,
        time_s=max(floor.time_s, signed_time_s),
        **{role: seen.versions.get(role, 0) for role in ROLES},
    )
    return floor if after == floor else after


def _older(role: str, seen: int, floor: int) -> str:
    return (
        f"{role}: security: version {seen} is offered, version {floor} was seen before: an old copy of the repository "
        "is being replayed; nothing was installed"
    )
