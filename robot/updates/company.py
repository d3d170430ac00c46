"""Whether the robot is with somebody just now, and whether an update is at work: locks in the store.

The updater belongs to another process: it must not load the machine while the robot talks, and the robot shows that it
is being updated. A lock needs no writing, no time stamps, and goes with the process that holds it, however that ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "in_company.lock"
AT_WORK = "at_work.lock"


@contextmanager
def update_at_work(root: Path) -> Iterator[None]:
    """An update fetches, tests or places models in the store at `root` for as long as this is held."""
    flag = Company(root, AT_WORK)
    flag.set(True)
    try:
        yield
    finally:
        flag.set(False)


def is_updating(root: Path) -> bool:
    """True while an update is at work on the store at `root`."""
    return Company(root, AT_WORK).there()


class Company:
    """The lock in the store at `root`. A store that is not there, or cannot be opened, says nothing."""

    def __init__(self, root: Path, name: str = NAME) -> None:
        self._path = root / name
        self._held: int | None = None

    def set(self, in_company: bool) -> None:
        """Say that the robot is with somebody, or no longer. Costs nothing while it does not change."""
        if in_company == (self._held is not None):
            return
        if self._held is not None:
            os.close(self._held)
            self._held = None
            return
        descriptor = self._open()
        if descriptor is None:
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            # An updater looks at this very moment: said again with the robot's next message.
            os.close(descriptor)
            return
        self._held = descriptor

    def there(self) -> bool:
        """True if another process holds the lock: a robot that is with somebody, an update at work."""
        descriptor = self._open()
        if descriptor is None:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        else:
            return False
        finally:
            os.close(descriptor)

    def _open(self) -> int | None:
        if not self._path.parent.is_dir():
            return None
        for how in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
            try:
                return os.open(self._path, how | os.O_CLOEXEC, 0o660)
            except OSError:
                continue
        return None
