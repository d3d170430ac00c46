"""How loud, how clipped and how clean sound is: RMS level, clipped share, noise floor, and the quality they make."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SILENCE_DBFS = -100.0
"""The level of digital silence, as `Hearing.level_dbfs` has it; 16-bit dither already lies near -98."""

CLIPPED_AT = 0.985
"""A sample this far out counts as clipped: converters and codecs round a little below full scale."""


def level_dbfs(samples: NDArray[np.float32]) -> float:
    """RMS level of samples in -1..1, in dB relative to full scale (a square wave of height 1 is 0), at least -100."""
    return power_dbfs(mean_square(samples))


def mean_square(samples: NDArray[np.float32]) -> float:
    """The power of samples in -1..1: 0..1, and 0 for none."""
    return float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0


def power_dbfs(power: float) -> float:
    """A mean square (0..1) as dBFS, at least -100."""
    return max(SILENCE_DBFS, 10.0 * float(np.log10(max(power, 1e-12))))


def clipped_share(samples: NDArray[np.float32]) -> float:
    """The part of samples, 0..1, that lies at the edge of the range."""
    return float(np.mean(np.abs(samples) >= CLIPPED_AT)) if len(samples) else 0.0


class NoiseFloor:
    """Follows the level of what is always there, by minimum statistics.

    The smoothed power's least value over the last `window_s` is the noise: speech has gaps, a room has none. After
    R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics", IEEE Trans.
    Speech and Audio Processing 9(5), 2001, with one band in place of a spectrum and a longer window, since people here
    hold long breaths. Smoothing over 512 samples leaves the minimum up to 1 dB low on steady noise; that is not
    corrected.
    """

    def __init__(self, window_s: float = 3.0, parts: int = 8, smoothing: float = 0.7) -> None:
        self._part_s = window_s / parts
        self._minima: deque[float] = deque(maxlen=parts)
        self._smoothing = smoothing
        self._power: float | None = None
        self._part_minimum = float("inf")
        self._part_age_s = 0.0

    @property
    def dbfs(self) -> float:
        """The floor in dBFS; -100 before anything was heard."""
        least = min([*self._minima, self._part_minimum])
        return SILENCE_DBFS if least == float("inf") else power_dbfs(least)

    def hear(self, power: float, duration_s: float, *, speech: bool) -> None:
        """Take in a stretch of `duration_s` with mean square `power`.

        Fluent speech has no true gap for seconds (measured: a reading raised the floor by 20 dB), so a stretch of
        `speech` may lower the floor but does not let the past be forgotten.
        """
        before = power if self._power is None else self._power
        self._power = self._smoothing * before + (1.0 - self._smoothing) * power
        self._part_minimum = min(self._part_minimum, self._power)
        self._part_age_s += 0.0 if speech else duration_s
        if self._part_age_s >= self._part_s:
            self._minima.append(self._part_minimum)
            self._part_minimum, self._part_age_s = self._power, 0.0

    def reset(self) -> None:
        """Forget everything: another microphone, another room."""
        self._minima.clear()
        self._power, self._part_minimum, self._part_age_s = None, float("inf"), 0.0


@dataclass(frozen=True, slots=True)
class SoundQuality:
    """How well speech can be read, each 0..1, one being perfect: loud, above the noise, unclipped, not masked."""

    loudness: float
    clearness: float
    clipping: float
    own_noise: float

    @property
    def overall(self) -> float:
        """The weakest part decides."""
        return min(self.loudness, self.clearness, self.clipping, self.own_noise)


def sound_quality(speech_power: float, floor_dbfs: float, clipped: float, masked: float) -> SoundQuality:
    """The quality of a window of speech.

    `speech_power` is the mean square while somebody speaks (noise included), `floor_dbfs` the noise, `clipped` and
    `masked` are shares 0..1. Ramps: speech of -70 dBFS is worth nothing and of -55 all; a signal-to-noise ratio of 0 dB
    nothing and of 15 dB all (the tone model was trained from 3 dB up); 5 % of clipped samples leave nothing.
    """
    noise_power = 10.0 ** (floor_dbfs / 10.0)
    signal_to_noise_db = 10.0 * float(np.log10(max(speech_power / noise_power - 1.0, 1e-3)))
    return SoundQuality(
        loudness=_ramp(power_dbfs(speech_power), -70.0, -55.0),
        clearness=_ramp(signal_to_noise_db, 0.0, 15.0),
        clipping=1.0 - _ramp(clipped, 0.001, 0.05),
        own_noise=1.0 - _ramp(masked, 0.0, 1.0),
    )


def _ramp(value: float, nothing: float, full: float) -> float:
    """0 at `nothing`, 1 at `full`, straight between."""
    return min(1.0, max(0.0, (value - nothing) / (full - nothing)))
