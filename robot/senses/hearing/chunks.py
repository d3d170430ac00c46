"""From sound in blocks of any size to clean chunks of one size on one time line."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ, Sound
from robot.errors import MediaError
from robot.senses.hearing.voice_activity import CHUNK_SAMPLES

GAP_S = 0.25
"""A block stamped this much later than the last one ended does not continue it: sound was lost. One stamped this much
earlier is old and left out, as when the robot changes to a microphone that nobody read for a while."""
MOST_OLD_S = 5.0
"""After this much old sound in a row its stamps are believed after all; only then does time run back."""
JITTER_S = 0.02
"""Stamps this close to where the last block ended are taken as exact: threads deliver a little early or late."""
SLEW = 0.1
MOST_SLEW_S = 0.01
"""Between the two the time line follows the stamps, by at most a tenth of the sound's length and 10 ms a block.

That is less than a chunk, so that following never makes time run back.
"""
LOUDEST = 2.0
"""Samples beyond this are no sound but a broken driver; up to it they are an overshoot and merely clipped."""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """512 clean samples, float32 in -1..1, from `start_s` to `end_s`.

    `continues` is false where sound was lost before it.
    """

    start_s: float
    end_s: float
    samples: NDArray[np.float32]
    continues: bool


class Chunks:
    """Cuts sound into chunks. The same sound gives the same chunks however it is cut into blocks.

    `faults` counts blocks that were not right (wrong type, not finite, far too loud), `gaps` the breaks in the sound.
    """

    def __init__(self) -> None:
        self.faults = 0
        self.gaps = 0
        self._waiting = np.empty(0, np.float32)
        self._start_s: float | None = None
        self._chunks_since_start = 0
        self._broken = False
        self._old_s = 0.0

    def push(self, sound: Sound) -> Iterator[Chunk]:
        """The chunks that `sound` completes.

        Samples that are not finite become silence, those out of range are clipped.

        Raises:
            MediaError: `sound.samples` is no one-dimensional array of floats.
        """
        samples = self._clean(sound.samples)
        if not self._place(sound.t_s, len(samples)):
            return iter(())
        self._waiting = np.concatenate([self._waiting, samples])
        return self._cut()

    def _clean(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        array = np.asarray(samples)
        if array.ndim != 1 or not np.issubdtype(array.dtype, np.floating):
            self.faults += 1
            raise MediaError(
                f"sound: expected mono float32 samples in -1..1 of shape (n,), got {array.dtype} of shape "
                f"{array.shape}; convert where the sound enters the robot"
            )
        right = np.abs(array) <= LOUDEST  # False for NaN too
        if not right.all():
            self.faults += 1
            array = np.where(np.isfinite(array), array, 0.0)
        return np.clip(array, -1.0, 1.0).astype(np.float32, copy=False)

    def _place(self, t_s: float, count: int) -> bool:
        """Compare the block's stamp with where the sound so far ended; false for a block to leave out."""
        if not np.isfinite(t_s):
            self.faults += 1
            t_s = 0.0 if self._start_s is None else self._end_s()
        if self._start_s is None:
            self._start_s = t_s
            return True
        late_s = t_s - self._end_s()
        if late_s < -GAP_S:
            return self._place_old(t_s, count)
        self._old_s = 0.0
        if late_s > GAP_S:
            self.gaps += 1
            self._start_anew(t_s)
        elif abs(late_s) > JITTER_S:
            most_s = min(SLEW * count / SAMPLE_RATE_HZ, MOST_SLEW_S)
            self._start_s += min(most_s, max(-most_s, late_s))
        return True

    def _place_old(self, t_s: float, count: int) -> bool:
        """A block from a time already heard: false to leave it out, until there is so much that it must be right."""
        self.faults += 1
        self._old_s += count / SAMPLE_RATE_HZ
        right_after_all = self._old_s > MOST_OLD_S
        if right_after_all:
            self._old_s = 0.0
        self._start_anew(t_s if right_after_all else self._end_s())
        return right_after_all

    def _start_anew(self, t_s: float) -> None:
        self._waiting = np.empty(0, np.float32)
        self._start_s, self._chunks_since_start, self._broken = t_s, 0, True

    def _end_s(self) -> float:
        start_s = 0.0 if self._start_s is None else self._start_s
        return start_s + (self._chunks_since_start * CHUNK_SAMPLES + len(self._waiting)) / SAMPLE_RATE_HZ

    def _cut(self) -> Iterator[Chunk]:
        start_s = 0.0 if self._start_s is None else self._start_s
        whole = len(self._waiting) // CHUNK_SAMPLES
        ready, self._waiting = self._waiting[: whole * CHUNK_SAMPLES], self._waiting[whole * CHUNK_SAMPLES :]
        first, self._chunks_since_start = self._chunks_since_start, self._chunks_since_start + whole
        broken, self._broken = self._broken and whole > 0, self._broken and whole == 0
        step_s = CHUNK_SAMPLES / SAMPLE_RATE_HZ
        return iter(
            [
                Chunk(
                    start_s=round(start_s + (first + i) * step_s, 6),
                    end_s=round(start_s + (first + i + 1) * step_s, 6),
                    samples=ready[i * CHUNK_SAMPLES : (i + 1) * CHUNK_SAMPLES],
                    continues=not (broken and i == 0),
                )
                for i in range(whole)
            ]
        )
