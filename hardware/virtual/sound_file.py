"""A sound file, or the sound of a video, as a microphone."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.errors import MediaError
from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.media import damage_named, decoded, is_still_picture, open_container

BLOCK_SAMPLES = 512
"""Samples in a block, 32 ms at 16 kHz: what the voice-activity detector takes at a time."""

MAX_WAITING_BLOCKS = 128
"""A reader further behind than this (4 s) loses the oldest blocks, as with a real microphone."""


class SoundFileMicrophone:
    """Plays a file into the robot's ear by the clock, in blocks of `BLOCK_SAMPLES`, mono, resampled to 16 kHz.

    A block is due when its last sample would have been recorded; `Sound.t_s` is the time of its first. The last
    block is filled up with silence. With `loop` it starts over without a gap, else it is `finished` after the last
    block.

    Raises:
        MediaError: no such file, no sound in it, or it cannot be decoded.
    """

    def __init__(self, path: Path, clock: Clock, loop: bool = False) -> None:
        self._path = path
        self._clock = clock
        self._loop = loop
        self._start_s: float | None = None
        self._index = 0
        self._seq = 0
        # `close` may come from another thread while `read` decodes; FFmpeg does not survive that.
        self._decoding = threading.Lock()
        self._blocks = _blocks(path)
        self._pending = self._next_block()
        if self._pending is None:
            raise MediaError(f"{path}: the sound in this file is empty; record it again")

    @property
    def dropped(self) -> int:
        """Blocks lost because nobody read them in time."""
        return self._index - self._seq

    @property
    def finished(self) -> bool:
        """True once the last block was read, or after `close`."""
        return self._pending is None

    def read(self, timeout_s: float) -> Sound | None:
        """The next block due, waiting up to `timeout_s` on the clock; None if none is due.

        Raises:
            MediaError: the file changed or broke while it was read.
        """
        if self._pending is None:
            return None
        if self._start_s is None:
            self._start_s = self._clock.now_s()
        self._clock.wait_s(min(timeout_s, self._block_s(self._index + 1) - self._clock.now_s()))
        # Half a microsecond is what the clock's rounding may take from a block that is just due.
        passed_s = self._clock.now_s() - self._start_s + 0.5e-6
        with self._decoding:
            return self._next_due(int(passed_s * SAMPLE_RATE_HZ / BLOCK_SAMPLES))

    def close(self) -> None:
        """Let the file go. May be called twice."""
        with self._decoding:
            self._pending = None
            self._blocks = iter(())

    def _next_due(self, due: int) -> Sound | None:
        """The next of the first `due` blocks."""
        while self._pending is not None and due - self._index > MAX_WAITING_BLOCKS:
            self._advance()
        if self._pending is None or due <= self._index:
            return None
        sound = Sound(self._seq, self._block_s(self._index), self._pending)
        self._seq += 1
        self._advance()
        return sound

    def _block_s(self, index: int) -> float:
        """When block `index` begins."""
        return (self._start_s or 0.0) + index * BLOCK_SAMPLES / SAMPLE_RATE_HZ

    def _advance(self) -> None:
        self._pending = self._next_block()
        self._index += 1

    def _next_block(self) -> NDArray[np.float32] | None:
        with damage_named(self._path):
            block = next(self._blocks, None)
            if block is None and self._loop and self._start_s is not None:
                self._blocks = _blocks(self._path)
                block = next(self._blocks, None)
        return block


def read_sound_file(path: Path) -> Sound:
    """A whole sound file at once: mono, 16 kHz, `t_s` 0, filled up with silence to whole blocks.

    Raises:
        MediaError: as for `SoundFileMicrophone`.
    """
    with damage_named(path):
        blocks = list(_blocks(path))
    if not blocks:
        raise MediaError(f"{path}: the sound in this file is empty; record it again")
    return Sound(0, 0.0, np.concatenate(blocks))


def _blocks(path: Path) -> Iterator[NDArray[np.float32]]:
    """Read-only blocks of exactly `BLOCK_SAMPLES` samples in -1..1."""
    import av  # noqa: PLC0415

    container = open_sound(path)
    try:
        # The layout is kept and mixed down below: FFmpeg's own float down-mix may go beyond full scale.
        resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE_HZ, frame_size=BLOCK_SAMPLES)
        for frame in decoded(container, container.streams.audio[0]):
            yield from map(_mono, resampler.resample(frame))
        yield from map(_mono, resampler.resample(None))
    finally:
        container.close()


def open_sound(path: Path) -> Any:
    """An `av` container that holds sound.

    Raises:
        MediaError: it is a picture, a video without sound, or no media file.
    """
    if is_still_picture(path):
        raise MediaError(f"{path}: this is a picture and has no sound; give it to --camera instead")
    container = open_container(path, "sound")
    if not container.streams.audio:
        container.close()
        raise MediaError(f"{path}: this video has no sound; use --microphone none or a sound file")
    return container


def _mono(frame: Any) -> NDArray[np.float32]:
    channels = np.nan_to_num(frame.to_ndarray().astype(np.float32), nan=0.0, posinf=1.0, neginf=-1.0)
    samples = np.zeros(BLOCK_SAMPLES, dtype=np.float32)
    mono = np.clip(channels.mean(axis=0), -1.0, 1.0)
    samples[: len(mono)] = mono
    samples.setflags(write=False)
    return samples
