"""Whether the robot is with somebody just now: a lock in the store that its process holds for as long as it is.

The updater belongs to another process and must not load the machine while the robot talks. A lock needs no writing, no
time stamps, and goes with the process that holds it, however that ends.
"""

import fcntl
import os
from pathlib import Path

NAME = "in_company.lock"


class Company:
    """The lock in the store at `root`. A store that is not there, or cannot be opened, says nothing."""

    def __init__(self, root: Path) -> None:
        self._path = root / NAME
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
        """True if a robot on this store is with somebody."""
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
