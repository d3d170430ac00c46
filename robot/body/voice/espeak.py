"""What both ways to espeak-ng share: prosody in espeak's own units, and its samples made into the robot's sound.

espeak-ng is GPL-3: it runs in a process of its own, either as Debian's program (`espeak_program`) or as a library
behind a helper (`espeak_helper`), and nothing of it is ever loaded into the robot.
"""

from dataclasses import dataclass

import numpy as np

from hardware.ports import SAMPLE_RATE_HZ, Sound
from robot.body.voice.prosody import Prosody
from robot.body.voice.resample import Resampler

ESPEAK_RATE_HZ = 22_050
TIME_LIMIT_S = 5.0
"""Longest time for one utterance; a usual sentence takes 1 to 60 ms."""

USUAL_WPM = 165.0
GAIN = 0.6
LOUDEST = 0.89

_PITCHES = ((5, 0.771), (10, 0.789), (20, 0.828), (35, 0.889), (50, 1.0), (65, 1.159), (80, 1.353), (95, 1.606))
_RANGES = ((0, 0.894), (10, 0.912), (30, 0.949), (50, 1.0), (70, 1.069), (90, 1.138), (99, 1.163))
"""Median F0 of espeak-ng 1.51's English voice over its pitch and its range parameter, relative to about 99 Hz at 50 and
50. Measured by autocorrelation, mean of five sentences; a wider range lifts the middle as well as the top."""

RANGE_PER_ST = 12.5
"""espeak's range parameter for one semitone of spread: 50 gives 93-115 Hz (10th to 90th percentile), 3.6 semitones."""


@dataclass(frozen=True, slots=True)
class EspeakSettings:
    """espeak's parameters: pitch and range 0..99, rate in words a minute, extra pause between words in 10 ms."""

    pitch: int
    range: int
    rate_wpm: int
    word_gap: int


def espeak_settings(prosody: Prosody) -> EspeakSettings:
    """The prosody in espeak's units, as near as it goes."""
    spread = min(max(round(prosody.range_st * RANGE_PER_ST), 0), 99)
    lift = np.interp(spread, [range_ for range_, _ in _RANGES], [factor for _, factor in _RANGES])
    return EspeakSettings(
        pitch=round(
            float(np.interp(prosody.pitch / lift, [factor for _, factor in _PITCHES], [p for p, _ in _PITCHES]))
        ),
        range=spread,
        rate_wpm=min(max(round(prosody.rate * USUAL_WPM), 100), 260),
        word_gap=min(max(round(prosody.pause_s / 0.01), 0), 20),
    )


class SpeechShaper:
    """Makes the robot's sound of espeak's samples: 16 kHz, as loud as the prosody asks, limited, with silent ends."""

    def __init__(self) -> None:
        self._resampler = Resampler(ESPEAK_RATE_HZ, SAMPLE_RATE_HZ)

    def shape(self, pcm: bytes, volume: float) -> Sound:
        """Sound at time 0 from little-endian 16-bit mono samples at `ESPEAK_RATE_HZ`; an odd last byte is cut."""
        samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.float32) / 32768.0
        samples = GAIN * volume * self._resampler.resample(samples)
        peak = float(np.max(np.abs(samples), initial=0.0))
        if peak > LOUDEST:
            samples *= LOUDEST / peak
        ramp = min(SAMPLE_RATE_HZ // 200, len(samples) // 2)
        if ramp:
            edge = np.linspace(0.0, 1.0, ramp, dtype=np.float32)
            samples[:ramp] *= edge
            samples[-ramp:] *= edge[::-1]
        return Sound(0, 0.0, samples.astype(np.float32))
