"""How the last look by itself ended, for `rapport models status`: a small file in the store that may be lost.

A link that is down for an hour, or a cache that serves old beside new, is nothing that a person has to see. What has
failed for a day is, and so is at once whatever is not the network's fault.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from robot.errors import NetworkFailed, UpdateError
from robot.updates.disk import Disk

NAME = "last_look.json"
GRACE_S = 24 * 3600


class LastLook(msgspec.Struct, frozen=True):
    """When it was (wall time, seconds since 1970), how it ended, what it said, and since when looks have failed."""

    t_s: int
    exit_code: int = 0
    text: str = ""
    failing_since_s: int = 0

    def ago_s(self, wall_s: Callable[[], float]) -> float:
        """How long ago it was, as far as the clock on the wall can be believed."""
        return wall_s() - self.t_s

    def trouble(self, wall_s: Callable[[], float]) -> str:
        """What a person should see; empty if there is nothing, or not yet."""
        if self.exit_code == 0:
            return ""
        if self.exit_code == NetworkFailed.exit_code and 0 <= wall_s() - self.failing_since_s < GRACE_S:
            return ""
        return self.text


def read_last_look(disk: Disk, root: Path) -> LastLook | None:
    """The note; None if there is none that can be read."""
    content = disk.read(root / NAME)
    try:
        return msgspec.json.decode(content, type=LastLook) if content else None
    except msgspec.DecodeError:
        return None


def note_last_look(disk: Disk, root: Path, wall_s: Callable[[], float], error: UpdateError | None) -> None:
    """Write how a look ended. A disk that does not take it costs only the note."""
    before, now_s = read_last_look(disk, root), wall_s()
    look = LastLook(int(now_s))
    if error is not None:
        since_s = before.failing_since_s if before is not None and before.exit_code else int(now_s)
        look = LastLook(int(now_s), error.exit_code, " ".join(str(error).split()), since_s)
    fresh = root / f"{NAME}.new"
    try:
        disk.write(fresh, msgspec.json.encode(look))
        disk.move(fresh, root / NAME)
    except UpdateError:
        return
