"""Whisper's picture of sound: 80 log-mel bands, as its encoder was trained on (Radford et al. 2022, section 2.2).

The frames are those of `robot.senses.hearing.logmel` with Whisper's constants; what differs is the mel scale (Slaney's,
each triangle of area 1), the mirrored edges, and how the values are bounded.
"""

from math import log

import numpy as np
import numpy.typing as npt

from robot.senses.hearing.logmel import Floats, LogMel, LogMelParameters

PARAMETERS = LogMelParameters(window_ms=25.0, hop_ms=10.0, fft=400, bands=80, low_hz=0.0, high_hz=8_000.0, floor=1e-10)
RANGE = 8.0
"""What lies this many decades of power below the loudest is cut off."""

LINEAR_HZ = 200.0 / 3.0
BREAK_HZ, BREAK_MEL = 1_000.0, 15.0
STEP = log(6.4) / 27.0
"""Slaney's mel scale (Auditory Toolbox, 1998): linear up to 1 kHz, 27 steps for each factor of 6.4 above."""


class WhisperMel:
    """Makes frames for windows of one length."""

    def __init__(self, window_s: float) -> None:
        self._samples = round(window_s * PARAMETERS.sample_rate_hz)
        self._logmel = LogMel(PARAMETERS, slaney_filters(PARAMETERS))

    def frames(self, samples: npt.NDArray[np.floating]) -> Floats:
        """Float32 (bands, frames) of `samples` (m,) in -1..1, a hundred frames a second.

        What is shorter than the window is followed by silence, what is longer is cut.
        """
        window = np.zeros(self._samples, np.float32)
        taken = samples[: self._samples]
        window[: len(taken)] = taken
        mirrored = np.pad(window, PARAMETERS.fft // 2, mode="reflect")
        decades = self._logmel.frames(mirrored)[:-1] / np.float32(log(10.0))
        bounded = np.maximum(decades, decades.max() - RANGE)
        return np.ascontiguousarray(((bounded + 4.0) / 4.0).T, np.float32)


def slaney_filters(parameters: LogMelParameters) -> Floats:
    """Triangles of area 1, even on Slaney's mel scale: float32 (fft // 2 + 1, bands)."""
    low, high = (_hertz_to_mel(hertz) for hertz in (parameters.low_hz, parameters.high_hz))
    corners = np.array([_mel_to_hertz(mel) for mel in np.linspace(low, high, parameters.bands + 2)])
    bins = np.arange(parameters.fft // 2 + 1)[:, None] * parameters.sample_rate_hz / parameters.fft
    rising = (bins - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - bins) / (corners[2:] - corners[1:-1])
    area = 2.0 / (corners[2:] - corners[:-2])
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)) * area, np.float32)


def _hertz_to_mel(hertz: float) -> float:
    return hertz / LINEAR_HZ if hertz < BREAK_HZ else BREAK_MEL + log(hertz / BREAK_HZ) / STEP


def _mel_to_hertz(mel: float) -> float:
    return mel * LINEAR_HZ if mel < BREAK_MEL else BREAK_HZ * float(np.exp((mel - BREAK_MEL) * STEP))
