"""Takes steady noise out of a turn before it is recognised: a Wiener filter with decision-directed smoothing.

After Y. Ephraim and D. Malah, "Speech enhancement using a minimum mean-square error short-time spectral amplitude
estimator", IEEE Trans. ASSP 32(6), 1984, for how the speech in each band is estimated, and C. Ris and S. Dupont,
"Assessing local noise level estimation methods", Speech Communication 34, 2001, for the noise: a low quantile of each
band's power over the turn, which has a little quiet at both ends.
"""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

FFT, HOP = 512, 128
"""32 ms at 16 kHz, a quarter of it apart."""

QUANTILE = 0.2
"""Of a turn so much at least is a pause, or a band in which nothing is said just then."""

SMOOTHED_FRAMES = 5
SMOOTHING = 0.9
"""How much of the estimate is carried over from the frame before: less lets single tones of noise through (musical
noise), more blurs the beginning of a word."""

FLOOR = 0.1
"""What is left of a band without speech, 20 dB below: a recogniser that hears cut-out silence makes up words."""


def without_noise(samples: Samples) -> Samples:
    """`samples` (m,) in -1..1 at 16 kHz with the steady noise taken out; as long and as loud where there is speech."""
    if not np.any(samples):
        return samples
    window = np.sqrt(np.hanning(FFT + 1)[:-1])
    padded = np.pad(samples, (FFT, FFT + HOP))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP]
    spectra = np.fft.rfft(frames * window, axis=1)
    power = np.square(np.abs(spectra))
    clean = np.fft.irfft(spectra * _gains(power, _noise(power)), FFT, axis=1) * window
    added = np.zeros(len(padded))
    weight = np.zeros(len(padded))
    for place, frame in enumerate(clean):
        stretch = slice(place * HOP, place * HOP + FFT)
        added[stretch] += frame
        weight[stretch] += np.square(window)
    return np.asarray((added / np.maximum(weight, 1e-3))[FFT : FFT + len(samples)], np.float32)


def _noise(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """The noise's power in each band (bands,), from power (frames, bands)."""
    edge = FFT // HOP  # frames that lie partly outside the turn
    inner = power[edge : -edge - 1] if len(power) > 4 * edge else power
    sums = np.cumsum(np.pad(inner, ((1, 0), (0, 0))), axis=0)
    span = min(SMOOTHED_FRAMES, len(inner))
    smooth = (sums[span:] - sums[:-span]) / span
    return np.maximum(np.quantile(smooth, QUANTILE, axis=0), 1e-12)


def _gains(power: NDArray[np.float64], noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each band of each frame is multiplied by, `FLOOR`..1."""
    gains = np.empty_like(power)
    speech = np.zeros_like(noise)
    for place, heard in enumerate(power / noise):
        estimate = SMOOTHING * speech + (1.0 - SMOOTHING) * np.maximum(heard - 1.0, 0.0)
        gains[place] = np.maximum(FLOOR, estimate / (1.0 + estimate))
        speech = np.square(gains[place]) * heard
    return gains
