"""The memory of a running robot: answers at once from what it has read, writes beside the loop, mends itself.

Threads: the mind asks and tells from the robot's loop; a thread of its own reads and writes the file. What could not be
written waits and is tried again; meanwhile `state` is `lost`, and the robot goes on.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from robot.errors import MemoryFailed
from robot.mind.acquaintance import Acquaintance

if TYPE_CHECKING:
    from robot.memory.vault import Vault

LOOK_EVERY_S = 5.0
"""How often it looks whether another process (`rapport memory forget`) changed the file, and tries after a fault."""

MOST_WAITING = 64


class Remembrance:
    """Implements `robot.mind.acquaintance.Memory`. `open_vault` is called in its thread, again after each fault.

    Nothing is opened, or made, before somebody asks for it: below the rung that allows it nobody does.
    """

    def __init__(self, open_vault: "Callable[[], Vault]", look_every_s: float = LOOK_EVERY_S) -> None:
        self._open_vault = open_vault
        self._look_every_s = look_every_s
        self._vault: Vault | None = None
        self._version = -1
        self._people: tuple[Acquaintance, ...] = ()
        self._waiting: list[Acquaintance | str] = []
        self._news = threading.Condition()
        self._stopped = False
        self.state = "off"
        self.fault = ""
        self._looked = 0
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    def open(self) -> None:
        """Begin to read; what is known comes a moment later. Calling it again changes nothing."""
        if not self._thread.is_alive() and not self._stopped:
            self._thread.start()

    def people(self) -> tuple[Acquaintance, ...]:
        """Everybody who is remembered, as last read, with what waits to be written."""
        with self._news:
            known = {person.id: person for person in self._people}
            for change in self._waiting:
                if isinstance(change, str):
                    known.pop(change, None)
                else:
                    known[change.id] = change
            return tuple(known.values())

    def keep(self, person: Acquaintance) -> None:
        """Remember somebody; written as soon as the disk lets it."""
        self._put(person)

    def forget(self, person_id: str) -> None:
        """Forget somebody; gone from memory at once, from the disk as soon as it lets it."""
        self._put(person_id)

    def wait_until_written(self, timeout_s: float) -> bool:
        """True once nothing waits any more and the file was read; False after `timeout_s`."""
        with self._news:
            return self._news.wait_for(lambda: not self._waiting and self.state == "ok", timeout_s)

    def wait_for_look(self, timeout_s: float) -> bool:
        """True once the file was looked at anew after this call."""
        with self._news:
            before = self._looked
            return self._news.wait_for(lambda: self._looked > before, timeout_s)

    def close(self) -> None:
        """Write what can be written, and let the file go."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def _put(self, change: Acquaintance | str) -> None:
        with self._news:
            self._waiting = [*self._waiting[1 - MOST_WAITING :], change]
            self._news.notify_all()

    def _run(self) -> None:
        while True:
            try:
                self._work()
            except MemoryFailed as error:
                self._tell(str(error))
            with self._news:
                self._looked += 1
                self._news.notify_all()
                if self._stopped:
                    break
                if not self._waiting or self.state == "lost":
                    self._news.wait(self._look_every_s)
                if self._stopped and not self._waiting:
                    break
        if self._vault is not None:
            self._vault.close()

    def _work(self) -> None:
        """Open, write what waits, and read again if somebody else has written."""
        if self._vault is None:
            self._vault = self._open_vault()
            self._version = -1
        try:
            while self._waiting:
                change = self._waiting[0]
                if isinstance(change, str):
                    self._vault.forget(change)
                else:
                    self._vault.keep(change)
                self._read()
                with self._news:
                    self._waiting = [other for other in self._waiting if other is not change]
            if self._vault.version != self._version:
                self._read()
        except MemoryFailed:
            self._vault.close()
            self._vault = None
            raise
        self._tell("")

    def _read(self) -> None:
        if self._vault is not None:
            self._version = self._vault.version
            self._people = self._vault.people()

    def _tell(self, fault: str) -> None:
        with self._news:
            self.fault = fault
            self.state = "lost" if fault else "ok"
            self._news.notify_all()
