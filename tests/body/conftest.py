"""What the body's tests share: intents made of what matters, a measured pitch, and a voice on real espeak-ng."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ, Sound
from robot.messages import Intent


@pytest.fixture(scope="session")
def intend() -> Callable[..., Intent]:
    """Make an Intent; every field has a quiet default."""

    def make(**changes: object) -> Intent:
        fields: dict[str, object] = {
            "id": "i1",
            "t_s": 0.0,
            "state": "attending",
            "valence": 0.0,
            "arousal": 0.0,
            "gaze_pan_deg": 0.0,
            "gaze_tilt_deg": 0.0,
            "light": "soft",
            "liveliness": 0.0,
            "because": (),
        }
        return Intent(**{**fields, **changes})

    return make


@pytest.fixture(scope="session")
def pitches_hz() -> Callable[[Sound], NDArray[np.float64]]:
    """Measure F0 by autocorrelation: 50 ms windows every 10 ms, voiced where a peak holds half of the energy.

    The correlation of each lag is set against the energy of just the samples that overlap (Boersma 1993), and what lies
    at the edge of the range is no peak: else a low voice would be taken for a hum or a hiss.
    """

    def measure(sound: Sound) -> NDArray[np.float64]:
        size, hop = SAMPLE_RATE_HZ // 20, SAMPLE_RATE_HZ // 100
        shortest, longest = SAMPLE_RATE_HZ // 350, SAMPLE_RATE_HZ // 50
        samples = sound.samples.astype(np.float64)
        loud = 0.1 * np.abs(samples).max()
        found = []
        for start in range(0, len(samples) - size, hop):
            window = samples[start : start + size] - samples[start : start + size].mean()
            if np.abs(window).max() < loud:
                continue
            energy = np.concatenate([[0.0], np.cumsum(window**2)])
            lags = np.arange(shortest, longest)
            overlap = np.sqrt(energy[size - lags] * (energy[size] - energy[lags])) + 1e-12
            correlation = np.correlate(window, window, "full")[size - 1 :][lags] / overlap
            peaks = 1 + np.flatnonzero((correlation[1:-1] > correlation[:-2]) & (correlation[1:-1] >= correlation[2:]))
            best = max((correlation[peak] for peak in peaks), default=0.0)
            if best > 0.5:
                # The shortest lag that is nearly as good: twice a period fits as well as once.
                lag = next(lags[peak] for peak in peaks if correlation[peak] > 0.9 * best)
                found.append(SAMPLE_RATE_HZ / lag)
        return np.array(found)

    return measure
