"""Log-mel frames: the picture of sound that the tone model sees, the same in training and live.

A frame is the logarithm of the power in mel bands of one short window. Levels are in natural-log units of power
(1 nat = 4.34 dB) for samples of -1..1. NumPy only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LEVEL_PERCENTILE = 90.0
"""Which frame of a window counts as its level: loud speech, but not one click."""
BELOW_LEVEL, ABOVE_LEVEL = -10.0, 6.0
"""What is kept around the level, in nats. 43 dB below loud speech there is only the room, which differs by corpus."""

Level = Literal["mean_log", "log_mean"]
"""How loud a frame is: see `normalise`."""

CHUNK_FRAMES = 24
"""Frames worked on at a time: their spectra stay in the processor's cache, and in memory that is not handed back."""


@dataclass(frozen=True)
class LogMelParameters:
    """The constants of the frames; a model's manifest names the ones it was trained with.

    ``window_ms`` and ``hop_ms`` must be whole numbers of samples, and the window must fit in ``fft`` samples.
    """

    sample_rate_hz: int = 16_000
    window_ms: float = 25.0
    hop_ms: float = 10.0
    fft: int = 512
    bands: int = 40
    low_hz: float = 60.0
    high_hz: float = 7_600.0
    floor: float = 1e-9
    """Least power in a band, so that digital silence has a logarithm."""

    def __post_init__(self) -> None:
        for name in ("window_ms", "hop_ms"):
            samples = getattr(self, name) * self.sample_rate_hz / 1000.0
            if samples < 1 or abs(samples - round(samples)) > 1e-6:
                raise ValueError(f"{name} = {getattr(self, name)} is not a whole number of samples")
        if self.window_samples > self.fft:
            raise ValueError(f"a window of {self.window_samples} samples does not fit an fft of {self.fft}")
        if not 0.0 <= self.low_hz < self.high_hz <= self.sample_rate_hz / 2:
            raise ValueError(f"bands of {self.low_hz}..{self.high_hz} Hz do not fit {self.sample_rate_hz} Hz sound")
        if self.bands < 1 or self.floor <= 0.0:
            raise ValueError("bands must be at least 1 and floor above 0")

    @property
    def window_samples(self) -> int:
        """Samples in one window."""
        return round(self.window_ms * self.sample_rate_hz / 1000.0)

    @property
    def hop_samples(self) -> int:
        """Samples from one window to the next."""
        return round(self.hop_ms * self.sample_rate_hz / 1000.0)

    def frames_in(self, samples: int) -> int:
        """How many whole windows lie in ``samples`` samples."""
        return max(0, 1 + (samples - self.window_samples) // self.hop_samples)

    def samples_for(self, frames: int) -> int:
        """The fewest samples that hold ``frames`` (>= 1) windows."""
        return self.window_samples + (frames - 1) * self.hop_samples


def hertz_to_mel(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The HTK mel scale, 2595 log10(1 + f / 700) (O'Shaughnessy 1987)."""
    return np.asarray(2595.0 * np.log10(1.0 + hertz / 700.0))


def mel_to_hertz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The inverse of :func:`hertz_to_mel`."""
    return np.asarray(700.0 * (10.0 ** (mel / 2595.0) - 1.0))


def mel_filters(parameters: LogMelParameters) -> Floats:
    """Triangles of height 1, even on the mel scale: float32 (fft // 2 + 1, bands)."""
    ends = hertz_to_mel(np.array([parameters.low_hz, parameters.high_hz]))
    corners = mel_to_hertz(np.linspace(ends[0], ends[1], parameters.bands + 2))
    bins = np.arange(parameters.fft // 2 + 1)[:, None] * parameters.sample_rate_hz / parameters.fft
    rising = (bins - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - bins) / (corners[2:] - corners[1:-1])
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)), np.float32)


class LogMel:
    """Log-mel frames of whole stretches of sound."""

    def __init__(self, parameters: LogMelParameters | None = None, filters: Floats | None = None) -> None:
        """Frames with `filters` (fft // 2 + 1, bands), by default the triangles of `mel_filters`."""
        self.parameters = parameters or LogMelParameters()
        filters = mel_filters(self.parameters) if filters is None else filters
        size = self.parameters.window_samples
        # Periodic Hann: the window of a DFT, not the symmetric one of filter design.
        self._window = (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(size) / size)).astype(np.float32)
        # Each filter row twice, for the squares of a bin's real and imaginary part, which lie side by side: one
        # product with them instead of two strided passes takes half the time.
        self._filters = np.repeat(filters, 2, axis=0)

    def frames(self, samples: npt.NDArray[np.floating]) -> Floats:
        """Frames (n, bands) float32 of mono ``samples`` (m,) in -1..1, n = ``parameters.frames_in(m)``.

        Sound shorter than a window gives no frame. Raises ValueError if ``samples`` is not one-dimensional.
        """
        if samples.ndim != 1:
            raise ValueError(f"samples must be mono, one-dimensional; got shape {samples.shape}")
        p = self.parameters
        if len(samples) < p.window_samples:
            return np.empty((0, p.bands), np.float32)
        mono = np.ascontiguousarray(samples, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(mono, p.window_samples)[:: p.hop_samples]
        found = np.empty((len(windows), p.bands), np.float32)
        for start in range(0, len(windows), CHUNK_FRAMES):
            part = slice(start, start + CHUNK_FRAMES)
            spectrum = np.fft.rfft(windows[part] * self._window, p.fft, axis=1).astype(np.complex64, copy=False)
            parts = spectrum.view(np.float32)
            np.multiply(parts, parts, out=parts)
            np.maximum(parts @ self._filters, np.float32(p.floor), out=found[part])
        return np.log(found, out=found)


class StreamingLogMel:
    """The same frames from blocks of any size: what is left of a block waits for the next one."""

    def __init__(self, parameters: LogMelParameters | None = None) -> None:
        self._batch = LogMel(parameters)
        self._tail = np.empty(0, np.float32)

    @property
    def parameters(self) -> LogMelParameters:
        """The constants of the frames."""
        return self._batch.parameters

    def push(self, samples: npt.NDArray[np.floating]) -> Floats:
        """The frames (n, bands) float32, n >= 0, that ``samples`` (m,) in -1..1 complete."""
        waiting = np.concatenate([self._tail, samples.astype(np.float32, copy=False)])
        fresh = self._batch.frames(waiting)
        self._tail = waiting[len(fresh) * self.parameters.hop_samples :]
        return fresh

    def reset(self) -> None:
        """Forget the tail: the next block does not continue the last one (sound was dropped)."""
        self._tail = np.empty(0, np.float32)


def normalise(frames: Floats, level: Level = "mean_log") -> Floats:
    """Windows of log-mel frames (..., n, bands) without their loudness, as float32 in -1..1.

    A window's level is the 90th percentile of its frames' loudness, which is the mean log power of the bands
    (`mean_log`) or the log of their mean power (`log_mean`, which bands that a telephone cuts off hardly change). It is
    subtracted, so that gain cancels exactly above the floor, while the spectrum's shape and the rise and fall in time
    stay. What lies more than 10 nats (43 dB) below or 6 nats (26 dB) above the level is cut off, and the rest is put on
    -1..1 by (x + 2) / 8. An empty window stays empty.
    """
    if frames.shape[-2] == 0:
        return frames.astype(np.float32)
    loudness = frames.mean(axis=-1) if level == "mean_log" else np.log(np.exp(frames).mean(axis=-1))
    around = np.percentile(loudness, LEVEL_PERCENTILE, axis=-1)[..., None, None]
    middle, half = (ABOVE_LEVEL + BELOW_LEVEL) / 2.0, (ABOVE_LEVEL - BELOW_LEVEL) / 2.0
    return np.asarray((np.clip(frames - around, BELOW_LEVEL, ABOVE_LEVEL) - middle) / half, np.float32)
