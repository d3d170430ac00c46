"""Changing the sample rate by a ratio of whole numbers, without aliasing."""

from math import gcd

import numpy as np
from numpy.typing import NDArray

ZERO_CROSSINGS = 16
KAISER_BETA = 8.0
"""A Kaiser window of beta 8 keeps what is filtered out about 80 dB down (Oppenheim and Schafer, Discrete-Time Signal
Processing, 7.6)."""

PASSBAND = 0.94
"""The cut-off as a share of the lower Nyquist frequency: the filter needs room to fall before it."""


class Resampler:
    """A windowed-sinc filter bank (polyphase): one short filter for each position an output sample can have."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        common = gcd(from_hz, to_hz)
        self._up, self._down = to_hz // common, from_hz // common
        cutoff = PASSBAND * min(1.0, to_hz / from_hz)
        half = int(np.ceil(ZERO_CROSSINGS / cutoff))
        taps = np.arange(-half + 1, half + 1)
        distances = taps[None, :] - (np.arange(self._up) / self._up)[:, None]
        window = np.i0(KAISER_BETA * np.sqrt(np.clip(1.0 - (distances / half) ** 2, 0.0, None))) / np.i0(KAISER_BETA)
        bank = cutoff * np.sinc(cutoff * distances) * window
        self._bank = (bank / bank.sum(axis=1, keepdims=True)).astype(np.float32)
        self._half = half

    def resample(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Samples at the new rate, float32, as long in seconds as before (rounded up to a whole sample)."""
        if self._up == self._down or len(samples) == 0:
            return np.asarray(samples, dtype=np.float32)
        count = -(-len(samples) * self._up // self._down)
        places = np.arange(count, dtype=np.int64) * self._down
        padded = np.pad(np.asarray(samples, dtype=np.float32), self._half)
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * self._half)
        starts, phases = places // self._up + 1, places % self._up
        result = np.empty(count, dtype=np.float32)
        for first in range(0, count, 4096):  # blocks keep the gathered windows small
            block = slice(first, first + 4096)
            result[block] = np.einsum("ij,ij->i", windows[starts[block]], self._bank[phases[block]])
        return result
