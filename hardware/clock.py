"""Time is a device too: the machine's monotonic clock, or one that a test or a replay steps by hand."""

import time
from typing import Protocol


class Clock(Protocol):
    """Where every part of the robot gets its time from. Seconds since an arbitrary start, never going back."""

    def now_s(self) -> float:
        """Seconds on this clock."""
        ...

    def wait_s(self, duration_s: float) -> None:
        """Let `duration_s` seconds pass on this clock; returns at once for zero or less."""
        ...


class MonotonicClock:
    """Real time, from `time.monotonic`, starting at zero when built: wall-clock steps do not touch it."""

    def __init__(self) -> None:
        self._start_s = time.monotonic()

    def now_s(self) -> float:
        """Seconds since this clock was built."""
        return time.monotonic() - self._start_s

    def wait_s(self, duration_s: float) -> None:
        """Sleep for `duration_s` seconds."""
        if duration_s > 0:
            time.sleep(duration_s)

    def from_monotonic_s(self, monotonic_s: float) -> float:
        """This clock's reading for a stamp taken with `time.monotonic` (a camera's sensor time, say)."""
        return monotonic_s - self._start_s


def boot_s() -> float:
    """Seconds on CLOCK_MONOTONIC: one scale for every process of this computer until its next start."""
    return time.monotonic()


class SteppedClock:
    """Time that moves only when told to: the same input gives the same run, faster than real time.

    Time is counted in whole microseconds so that a thousand small steps add up exactly.
    """

    def __init__(self, start_s: float = 0.0) -> None:
        self._now_us = round(start_s * 1e6)

    def now_s(self) -> float:
        """Seconds stepped so far."""
        return self._now_us / 1e6

    def wait_s(self, duration_s: float) -> None:
        """Step forward by `duration_s` seconds."""
        if duration_s > 0:
            self._now_us += round(duration_s * 1e6)
