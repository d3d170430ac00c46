"""A video file as a camera."""

import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.errors import MediaError
from hardware.ports import Frame
from hardware.virtual.media import damage_named, decoded, open_container

DEFAULT_RATE_HZ = Fraction(25)
"""For a file that tells neither time stamps nor a rate."""


class VideoCamera:
    """Plays a video by the clock: a frame is due its own time stamp after the first read.

    A reader that comes late gets the newest frame due; those before it are decoded, not converted, and count as
    dropped. Sound in the file is ignored. With `loop` it starts over at the end, else it is `finished` there.

    Raises:
        MediaError: no such file, no video in it, or not one frame can be decoded.
    """

    def __init__(self, path: Path, clock: Clock, loop: bool = False) -> None:
        self._path = path
        self._clock = clock
        self._loop = loop
        self._start_s: float | None = None
        self._seq = 0
        self._dropped = 0
        # `close` may come from another thread while `read` decodes; FFmpeg does not survive that.
        self._decoding = threading.Lock()
        self._reel = _Reel(path)
        self._pending: tuple[float, Any] | None = self._reel.next_frame()
        if self._pending is None:
            self._reel.close()
            raise MediaError(f"{path}: not one frame of this video can be decoded; convert it to MP4")

    @property
    def dropped(self) -> int:
        """Frames whose time passed before anyone read them."""
        return self._dropped

    @property
    def finished(self) -> bool:
        """True once the last frame was read, or after `close`."""
        return self._pending is None

    def read(self, timeout_s: float) -> Frame | None:
        """The newest frame due and not yet read, waiting up to `timeout_s` on the clock; None if none is due.

        Raises:
            MediaError: the file changed or broke while it was read.
        """
        pending = self._pending
        if pending is None:
            return None
        if self._start_s is None:
            self._start_s = self._clock.now_s()
        self._clock.wait_s(min(timeout_s, self._start_s + pending[0] - self._clock.now_s()))
        with self._decoding:
            newest = self._newest_due(self._start_s)
            if newest is None:
                return None
            self._seq += 1
            return Frame(self._seq - 1, self._start_s + newest[0], _pixels(newest[1]))

    def close(self) -> None:
        """Let the file go. May be called twice."""
        with self._decoding:
            self._pending = None
            self._reel.close()

    def _newest_due(self, start_s: float) -> tuple[float, Any] | None:
        # Half a microsecond is what the clock's rounding may take from a frame that is just due.
        passed_s = self._clock.now_s() - start_s + 0.5e-6
        newest = None
        while self._pending is not None and self._pending[0] <= passed_s:
            if newest is not None:
                self._dropped += 1
            newest = self._pending
            self._pending = self._next_or_loop(newest[0])
        return newest

    def _next_or_loop(self, last_s: float) -> tuple[float, Any] | None:
        following = self._reel.next_frame()
        if following is not None or not self._loop:
            return following
        frame_s = self._reel.frame_s
        self._reel.close()
        self._reel = _Reel(self._path, offset_s=last_s + frame_s)
        return self._reel.next_frame()


class _Reel:
    """One pass through the file: frames with the time at which each is due, counted from `offset_s`."""

    def __init__(self, path: Path, offset_s: float = 0.0) -> None:
        self._path = path
        self._container = open_container(path, "video")
        if not self._container.streams.video:
            self._container.close()
            raise MediaError(f"{path}: there is no picture in this file; give it to --microphone if it is sound")
        self._stream = self._container.streams.video[0]
        self._rate_hz = Fraction(self._stream.average_rate or DEFAULT_RATE_HZ)
        self._offset_s = offset_s
        self._first_s: float | None = None
        self._last_s = -1.0
        self._count = 0
        self._frames = decoded(self._container, self._stream)

    @property
    def frame_s(self) -> float:
        """How long a frame lasts by the file's mean rate, in seconds."""
        return float(1 / self._rate_hz)

    def next_frame(self) -> tuple[float, Any] | None:
        """The next frame and when it is due, in seconds; None at the end. Time stamps always rise."""
        with damage_named(self._path):
            frame = next(self._frames, None)
        if frame is None:
            return None
        stamp_s = float(self._count / self._rate_hz) if frame.time is None else float(frame.time)
        if self._first_s is None:
            self._first_s = stamp_s
        due_s = stamp_s - self._first_s
        if due_s <= self._last_s:
            # A file with broken stamps: go on at its mean rate, so that no two frames share a time.
            due_s = self._last_s + self.frame_s
        self._last_s = due_s
        self._count += 1
        return self._offset_s + due_s, frame

    def close(self) -> None:
        """Let the file go. May be called twice."""
        self._frames = iter(())
        self._container.close()


def _pixels(frame: Any) -> NDArray[np.uint8]:
    """The frame as read-only RGB, turned as the file's own rotation says (a telephone held upright)."""
    pixels: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
    quarter_turns = round(getattr(frame, "rotation", 0) / 90) % 4
    if quarter_turns:
        pixels = np.ascontiguousarray(np.rot90(pixels, quarter_turns))
    pixels.setflags(write=False)
    return pixels
