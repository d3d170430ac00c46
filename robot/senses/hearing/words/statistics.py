"""How something sounds as a whole: mean and spread over time of what Whisper's encoder makes of it.

A head on these numbers is a second opinion on tones and vocal events. Training makes them with this code, too.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ
from robot.senses.hearing.words.whisper import FEATURES_PER_S, FILES, Encoded

KIND = "whisper_encoder_statistics"
"""As `input.preprocessing.kind` of a model names it."""

ENCODER_SHA256 = FILES["model.bin"]
"""The model whose encoder it is: a head on another one's features would say anything."""

EDGE_S = 0.1
"""Kept before and after the sound."""

QUIET_DB = 30.0
"""A 20 ms stretch this far below the loudest tenth counts as silence."""

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """What is needed of `Whisper`."""

    def encode(self, samples: Floats) -> Encoded:
        """The features of a sound (m,) at 16 kHz."""
        ...


def trimmed(samples: Floats, rate_hz: int = SAMPLE_RATE_HZ) -> Floats:
    """The part of a sound (m,) from the first to the last loud stretch, with a tenth of a second on both sides."""
    step = rate_hz // 50
    count = len(samples) // step
    if count == 0:
        return samples
    power = (samples[: count * step].reshape(count, step) ** 2).mean(axis=1)
    loud = np.flatnonzero(power >= np.percentile(power, 90.0) * 10.0 ** (-QUIET_DB / 10.0))
    edge = round(EDGE_S * rate_hz)
    return samples[max(0, loud[0] * step - edge) : min(len(samples), (loud[-1] + 1) * step + edge)]


def features_of(encoder: Encoder, sound: Floats) -> Floats:
    """The features (k, 384) of the frames that hold `sound` (m,), 50 a second.

    `sound` is `trimmed`, 16 kHz; its level does not matter. Past 30 s it is cut.
    """
    peak = float(np.abs(sound).max(initial=0.0))
    encoded = encoder.encode(sound / max(peak, 1e-6))
    held = max(1, round(encoded.sound_s * FEATURES_PER_S))
    return np.asarray(encoded.features, np.float32)[0, :held]


def statistics(features: Floats) -> Floats:
    """Mean and standard deviation (2 d,) over time of features (k, d)."""
    return np.concatenate([features.mean(axis=0), features.std(axis=0)]).astype(np.float32)


def statistics_of(encoder: Encoder, samples: Floats) -> Floats:
    """What a head takes (768,) of a sound (m,) in -1..1 at 16 kHz with silence around."""
    return statistics(features_of(encoder, trimmed(samples)))
