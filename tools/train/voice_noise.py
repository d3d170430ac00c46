"""Sounds that are no speech, and what a room, a microphone or a telephone does to sound: made up, as waveforms.

The data sets hold no motor and no fan, so those are synthesised.
"""

from __future__ import annotations

import numpy as np

from tools.train.voice_data import RATE_HZ, Floats

Generator = np.random.Generator

TELEPHONE_HZ = (300.0, 3_400.0)
"""The band of a telephone line (ITU-T G.712)."""


def servo_whine(samples: int, rng: Generator, rate_hz: int = RATE_HZ) -> Floats:
    """A made-up hobby servo: a gear whine with harmonics that glides while the horn turns, over the motor's rustle.

    The frequencies (250..900 Hz base, 50 Hz control buzz) are typical of small analogue servos, not measured on one.
    """
    time = np.arange(samples) / rate_hz
    base = rng.uniform(250, 900) * (1 + rng.uniform(-0.3, 0.3) * np.sin(2 * np.pi * rng.uniform(0.3, 2.0) * time))
    phase = 2 * np.pi * np.cumsum(base) / rate_hz + rng.uniform(0, 2 * np.pi)
    whine = sum(rng.uniform(0.2, 1.0) / k * np.sin(k * phase) for k in range(1, 7))
    buzz = np.sign(np.sin(2 * np.pi * 50 * time)) * rng.uniform(0, 0.3)
    moving = np.sin(np.pi * np.clip((time - rng.uniform(-0.5, 1.0)) / rng.uniform(0.3, 2.0), 0, 1)) ** 0.5
    return np.asarray((whine + buzz + rng.normal(0, 0.3, samples)) * moving, np.float32)


def fan(samples: int, rng: Generator) -> Floats:
    """Fan or room noise: Gaussian noise whose spectrum falls by a random power of frequency."""
    spectrum = np.fft.rfft(rng.normal(0, 1, samples))
    spectrum *= np.arange(1, len(spectrum) + 1) ** -rng.uniform(0.0, 1.0)
    return np.asarray(np.fft.irfft(spectrum, samples), np.float32)


def mix(sound: Floats, noise: Floats, ratio_db: float) -> Floats:
    """Sound plus noise, their powers ``ratio_db`` apart; silent noise or sound is left as it is."""
    power, other = float(np.mean(sound**2)), float(np.mean(noise**2))
    if power <= 0.0 or other <= 0.0:
        return sound
    return np.asarray(sound + noise * np.sqrt(power / other / 10.0 ** (ratio_db / 10.0)), np.float32)


def telephone(sound: Floats, rate_hz: int = RATE_HZ) -> Floats:
    """Sound as a telephone line lets it through: its band alone, in the 8 bits of the mu-law (ITU-T G.711)."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / rate_hz)
    spectrum[(hertz < TELEPHONE_HZ[0]) | (hertz > TELEPHONE_HZ[1])] = 0.0
    narrow = np.fft.irfft(spectrum, len(sound))
    peak = max(float(np.abs(narrow).max(initial=0.0)), 1e-6)
    companded = np.sign(narrow) * np.log1p(255.0 * np.abs(narrow) / peak) / np.log(256.0)
    coded = np.rint(companded * 127.0) / 127.0
    return np.asarray(np.sign(coded) * (256.0 ** np.abs(coded) - 1.0) / 255.0 * peak, np.float32)
