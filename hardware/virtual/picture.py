"""A still picture as a camera."""

import math
from pathlib import Path

from hardware.clock import Clock
from hardware.ports import Frame
from hardware.virtual.media import read_picture


class PictureCamera:
    """Shows one picture `rate_hz` times a second, for `duration_s` seconds or for ever (None).

    Frame k is due k / `rate_hz` after the first read. A reader that comes late gets the newest frame due; the ones
    before count as dropped.

    Raises:
        MediaError: the file is no picture.
    """

    def __init__(self, path: Path, clock: Clock, rate_hz: float = 15.0, duration_s: float | None = None) -> None:
        if not (math.isfinite(rate_hz) and rate_hz > 0):
            raise ValueError(f"rate_hz must be above 0, got {rate_hz}")
        self._clock = clock
        self._rate_hz = rate_hz
        self._count = None if duration_s is None else max(1, math.ceil(duration_s * rate_hz))
        self._pixels = read_picture(path)
        self._start_s: float | None = None
        self._next = 0
        self._seq = 0

    @property
    def dropped(self) -> int:
        """Frames whose time passed before anyone read them."""
        return self._next - self._seq

    @property
    def finished(self) -> bool:
        """True once the duration has been shown, or after `close`."""
        return self._count is not None and self._next >= self._count

    def read(self, timeout_s: float) -> Frame | None:
        """The newest frame due and not yet read, waiting up to `timeout_s` on the clock; None if none is due."""
        if self.finished:
            return None
        if self._start_s is None:
            self._start_s = self._clock.now_s()
        self._clock.wait_s(min(timeout_s, self._due_s(self._next) - self._clock.now_s()))
        due = self._newest_due(self._start_s)
        if due < self._next:
            return None
        self._next = due + 1
        self._seq += 1
        return Frame(self._seq - 1, self._due_s(due), self._pixels)

    def close(self) -> None:
        """No more frames. May be called twice."""
        self._count = self._next

    def _due_s(self, index: int) -> float:
        return (self._start_s or 0.0) + index / self._rate_hz

    def _newest_due(self, start_s: float) -> int:
        # The clock counts microseconds: half of one is what rounding may take from a frame that is just due.
        index = math.floor((self._clock.now_s() - start_s + 0.5e-6) * self._rate_hz)
        return index if self._count is None else min(index, self._count - 1)
