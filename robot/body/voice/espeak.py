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

_PITCH_FACTORS = (0.722, 0.777, 0.871, 1.000, 1.168, 1.368, 1.616)
_PITCH_VALUES = (10.0, 20.0, 35.0, 50.0, 65.0, 80.0, 95.0)
"""Median F0 of espeak-ng 1.51's English voice over its pitch parameter, relative to 98.9 Hz at 50 (autocorrelation)."""

RANGE_LIFTS = 0.0021
"""Share by which one step of espeak's range above 50 also lifts the median pitch (89 Hz at 0, 108 Hz at 90)."""

RANGE_PER_ST = 12.5
"""espeak's range parameter for one semitone of spread: 50 gives 93-115 Hz (10th to 90th percentile), 3.6 semitones."""


@dataclass(frozen=True, slots=True)
class EspeakSettings:
    """espeak's parameters: pitch and range 0..99, rate in words a minute."""

    pitch: int
    range: int
    rate_wpm: int


def espeak_settings(prosody: Prosody) -> EspeakSettings:
    """The prosody in espeak's units, as near as it goes."""
    spread = min(max(round(prosody.range_st * RANGE_PER_ST), 0), 99)
    base = prosody.pitch / (1.0 + RANGE_LIFTS * (spread - 50))
    return EspeakSettings(
        pitch=round(float(np.interp(base, _PITCH_FACTORS, _PITCH_VALUES))),
        range=spread,
        rate_wpm=min(max(round(prosody.rate * USUAL_WPM), 100), 260),
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
