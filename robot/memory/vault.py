"""The people on disk: one SQLite file with one sealed record a person, and beside it only the day it expires.

`secure_delete` overwrites what is deleted and every forgetting ends with VACUUM, so no freed page keeps anything; the
rollback journal is deleted with each change. Every change is one transaction with a full sync: a robot that is killed
at any moment finds the old state or the new.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from robot.errors import MemoryFailed
from robot.memory.key import destroy_key, load_key
from robot.memory.seal import Seal
from robot.mind.acquaintance import Acquaintance

FILE = "memory.sqlite"
BUSY_S = 0.25
"""Somebody else may be writing for a moment; longer than this is a fault, and the robot goes on without."""

SCHEMA = "CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, expires_day INTEGER NOT NULL, sealed BLOB NOT NULL)"


class Vault:
    """One process' way to the file. Every method raises `MemoryFailed` when the disk or the file says no."""

    def __init__(self, folder: Path, today: Callable[[], int], keep_days: int) -> None:
        """Open, and make it where there is none. `today` counts days since 1970."""
        self.folder = folder
        self.damaged = 0
        self._today, self._keep_days = today, keep_days
        path = folder / FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            known = path.exists() and path.stat().st_size > 0
        except OSError as error:
            raise MemoryFailed(f"{folder}: {error.strerror}; set [memory] folder to one of your own") from None
        self._seal = Seal(load_key(folder, make=not known))
        with _faults(path):
            self._database = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            with _faults(path):
                path.chmod(0o600)
                for setting in (
                    "secure_delete = ON",
                    "journal_mode = DELETE",
                    "synchronous = FULL",
                    "temp_store = MEMORY",
                ):
                    self._database.execute(f"PRAGMA {setting}").fetchall()
                self._database.execute(SCHEMA)
        except BaseException:
            self._database.close()
            raise

    def people(self) -> tuple[Acquaintance, ...]:
        """Everybody who is remembered, by name; whoever expired is forgotten first. Damaged records are counted."""
        with self._faults():
            self._drop("expires_day < ?", self._today())
            rows = self._database.execute("SELECT id, sealed FROM people").fetchall()
        people: list[Acquaintance] = []
        self.damaged = 0
        for person_id, sealed in rows:
            try:
                people.append(self._seal.open(person_id, sealed))
            except MemoryFailed:
                self.damaged += 1
        return tuple(sorted(people, key=lambda person: (person.name.casefold(), person.id)))

    def keep(self, person: Acquaintance) -> None:
        """Remember somebody, or what is new of them; their time begins anew."""
        with self._faults():
            self._database.execute(
                "INSERT OR REPLACE INTO people VALUES (?, ?, ?)",
                (person.id, self._today() + self._keep_days, self._seal.close(person)),
            )

    def forget(self, person_id: str) -> bool:
        """Forget somebody for good; False if nobody of that id is remembered."""
        with self._faults():
            return self._drop("id = ?", person_id)

    @property
    def version(self) -> int:
        """A number that changes when another process has changed the file."""
        with self._faults():
            (number,) = self._database.execute("PRAGMA data_version").fetchone()
        return int(number)

    def close(self) -> None:
        """Let the file go."""
        self._database.close()

    def _drop(self, where: str, value: str | int) -> bool:
        gone = self._database.execute(f"DELETE FROM people WHERE {where}", (value,)).rowcount
        if gone:
            self._database.execute("VACUUM")
        return gone > 0

    def _faults(self) -> AbstractContextManager[None]:
        return _faults(self.folder / FILE)


def forget_all(folder: Path) -> bool:
    """Forget everybody, whatever state the file is in: the key is overwritten first. False if there was nothing.

    Raises:
        MemoryFailed: a file cannot be deleted.
    """
    there = (folder / FILE).exists()
    destroy_key(folder)
    for name in (FILE, f"{FILE}-journal", f"{FILE}-wal", f"{FILE}-shm"):
        path = folder / name
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise MemoryFailed(f"{path}: cannot be deleted ({error.strerror}); delete it by hand") from None
    return there


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        hint = "another process holds it" if "locked" in str(error) else "free some room, or mend the folder's rights"
        raise MemoryFailed(f"{path}: {error}; {hint}") from None
    except (sqlite3.DatabaseError, OSError) as error:
        raise MemoryFailed(
            f"{path}: {error}; it is left as it is; bring back a copy, or begin anew with: rapport memory forget --all"
        ) from None
