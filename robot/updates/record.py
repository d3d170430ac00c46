"""The state record on the disk: two copies, a and b, written in turn. Writing one of them is the only commit point.

The copy with the higher generation counts; if it is damaged the other one does. A copy is written beside, synced, and
given its name, so that at no moment is there less than one whole copy.
"""

from pathlib import Path

import msgspec

from robot.errors import NoSpace, StorageFailed
from robot.updates.disk import Disk
from robot.updates.state import State, decode_state, encode_state

COPIES = ("a.json", "b.json")


class Record:
    """Reads and writes the record in `folder`. `damaged` says which copies could not be read."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk
        self._failed = ""
        self.read()

    def read(self) -> State:
        """What counts now: another process may have written since."""
        read = {name: self._copy(name) for name in COPIES}
        self.damaged = tuple(name for name, state in read.items() if state is None and self._has_bytes(name))
        whole = {name: state for name, state in read.items() if state is not None}
        newest = max(whole, key=lambda name: whole[name].generation, default=COPIES[1])
        self._next = COPIES[1 - COPIES.index(newest)]
        self.state = whole.get(newest, State())
        return self.state

    @property
    def lost(self) -> bool:
        """True if there were copies and none of them could be read: the state began anew."""
        return len(self.damaged) > 0 and self.state.generation == 0

    def commit(self, state: State) -> State:
        """Make `state` durable with the next generation. When this returns it counts, come what may.

        Raises:
            NoSpace: the disk is full; the state before still counts.
            StorageFailed: the disk failed; the state before still counts, and nothing more is written from here,
                because after one failed fsync the kernel may call the next one a success without having written.
        """
        if self._failed:
            raise StorageFailed(f"{self._folder}: {self._failed}; restart, then check or replace the memory card")
        following = msgspec.structs.replace(state, generation=self.state.generation + 1)
        target = self._folder / self._next
        fresh = target.with_suffix(".new")
        try:
            self._disk.write(fresh, encode_state(following))
            self._disk.sync(fresh)
            self._disk.move(fresh, target)
            self._disk.sync_folder(self._folder)
        except NoSpace:
            self._disk.remove(fresh)
            raise
        except StorageFailed as error:
            self._failed = f"an earlier write failed ({error})"
            raise
        self.state, self._next = following, COPIES[1 - COPIES.index(self._next)]
        return following

    def _copy(self, name: str) -> State | None:
        content = self._disk.read(self._folder / name)
        return None if content is None else decode_state(content)

    def _has_bytes(self, name: str) -> bool:
        return self._disk.size(self._folder / name) is not None
