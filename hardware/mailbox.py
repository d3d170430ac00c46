"""Mailboxes between a device's own thread and the robot's: they hold little, drop what is old, and count it.

`LatestMailbox` has one slot, for frames: a late reader sees the present. `FifoMailbox` keeps a bounded stretch in
order, for sound. Both live in real time only: they wait on the machine's monotonic time, which is what the robot's
clock shows wherever devices have threads of their own.
"""

import threading
from collections import deque
from typing import Generic, TypeVar

from hardware.errors import DeviceLost

T = TypeVar("T")


class FifoMailbox(Generic[T]):
    """Up to `capacity` values in order; when it is full, the oldest goes and is counted."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"a mailbox needs room for one value at least, not {capacity}")
        self._capacity = capacity
        self._values: deque[T] = deque()
        self._changed = threading.Condition()
        self._dropped = 0
        self._closed = False
        self._lost: str | None = None

    @property
    def dropped(self) -> int:
        """Values that were put in and never taken."""
        with self._changed:
            return self._dropped

    @property
    def closed(self) -> bool:
        """True after `close`."""
        with self._changed:
            return self._closed

    def put(self, value: T) -> None:
        """Leave a value for the reader; never waits. A closed mailbox takes nothing and counts nothing."""
        with self._changed:
            if self._closed:
                return
            if len(self._values) == self._capacity:
                self._values.popleft()
                self._dropped += 1
            self._values.append(value)
            self._changed.notify()

    def take(self, timeout_s: float = 0.0) -> T | None:
        """The oldest value held, waiting up to `timeout_s` for one; None if there is none.

        Raises:
            DeviceLost: `lose` was called, and everything put in before it has been taken.
        """
        with self._changed:
            if timeout_s > 0:
                self._changed.wait_for(lambda: self._values or self._closed or self._lost, timeout_s)
            if self._values:
                return self._values.popleft()
            if self._lost is not None and not self._closed:
                raise DeviceLost(self._lost)
            return None

    def lose(self, message: str) -> None:
        """Say that the device has gone: the reader gets `DeviceLost(message)` once the mailbox is empty."""
        with self._changed:
            self._lost = message
            self._changed.notify_all()

    def close(self) -> None:
        """Wake every reader with None and forget what is held. May be called twice."""
        with self._changed:
            self._closed = True
            self._values.clear()
            self._changed.notify_all()


class LatestMailbox(FifoMailbox[T]):
    """One slot: a new value replaces the one nobody read, which is counted as dropped."""

    def __init__(self) -> None:
        super().__init__(capacity=1)
