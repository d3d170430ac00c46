"""Windows of live-like speech out of clean clips: cut or padded, faster or slower, in a room, in noise, at any gain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.train.voice_data import RATE_HZ, Sound

Floats = npt.NDArray[np.float32]
Generator = np.random.Generator


@dataclass(frozen=True)
class VoiceChanges:
    """How far each change goes; shares are the chances that a window gets it."""

    speed: tuple[float, float] = (0.88, 1.14)
    speed_share: float = 0.7
    noise_share: float = 0.6
    signal_to_noise_db: tuple[float, float] = (3.0, 30.0)
    room_share: float = 0.3
    band_share: float = 0.25
    gain_db: tuple[float, float] = (-30.0, 6.0)


def window(sound: Floats, samples: int, rng: Generator) -> Floats:
    """``samples`` samples: a random part of a longer sound, or a shorter one somewhere in silence."""
    spare = len(sound) - samples
    if spare >= 0:
        start = int(rng.integers(0, spare + 1))
        return sound[start : start + samples]
    # Live, a window ends soon after speech: at most three quarters of what is left over come after it.
    before = int(rng.integers(-spare // 4, -spare + 1))
    return np.concatenate([np.zeros(before, np.float32), sound, np.zeros(-spare - before, np.float32)])


def change_speed(sound: Floats, factor: float) -> Floats:
    """``factor`` times as fast, pitch and all, by linear interpolation."""
    places = np.arange(0.0, len(sound) - 1, factor, dtype=np.float64)
    return np.interp(places, np.arange(len(sound)), sound).astype(np.float32)


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


def _noise(samples: int, noises: tuple[Sound, ...], rng: Generator) -> Floats:
    kind = rng.random()
    if kind < 0.25:
        return servo_whine(samples, rng)
    if kind < 0.55 or not noises:
        return fan(samples, rng)
    chosen = noises[int(rng.integers(len(noises)))].astype(np.float32)
    return np.resize(np.roll(chosen, int(rng.integers(len(chosen)))), samples)


def mix(sound: Floats, noise: Floats, ratio_db: float) -> Floats:
    """Sound plus noise, their powers ``ratio_db`` apart; silent noise or sound is left as it is."""
    power, other = float(np.mean(sound**2)), float(np.mean(noise**2))
    if power <= 0.0 or other <= 0.0:
        return sound
    return np.asarray(sound + noise * np.sqrt(power / other / 10.0 ** (ratio_db / 10.0)), np.float32)


def room(sound: Floats, rng: Generator, rate_hz: int = RATE_HZ) -> Floats:
    """A small room: exponentially decaying noise as its impulse response, 0.1 to 0.5 s to fall by 60 dB."""
    decay_s = rng.uniform(0.1, 0.5)
    count = int(decay_s * rate_hz)
    tail = rng.normal(0, 1, count) * 10.0 ** (-3.0 * np.arange(count) / count)
    tail *= rng.uniform(0.2, 1.0) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    size = len(sound) + count
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]
    return np.asarray(wet, np.float32)


def tilt(sound: Floats, rng: Generator, rate_hz: int = RATE_HZ) -> Floats:
    """Another microphone: a slope of up to 6 dB an octave about 1 kHz, within 9 dB, or cut off as a telephone is."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / rate_hz)
    if rng.random() < 0.3:
        spectrum[(hertz < 250) | (hertz > 3600)] *= 0.03
    else:
        octaves = np.log2(np.maximum(hertz, 60.0) / 1000.0)
        spectrum *= 10.0 ** (np.clip(rng.uniform(-3, 3) * octaves, -9, 9) / 20.0)
    return np.asarray(np.fft.irfft(spectrum, len(sound)), np.float32)


def live_like(sound: Sound, samples: int, noises: tuple[Sound, ...], rng: Generator, how: VoiceChanges) -> Floats:
    """One changed window (samples,) float32 of a clip."""
    speech = sound.astype(np.float32) / 32_768.0
    if rng.random() < how.speed_share:
        speech = change_speed(speech, rng.uniform(*how.speed))
    heard = window(speech, samples, rng)
    if rng.random() < how.band_share:
        heard = tilt(heard, rng)
    if rng.random() < how.room_share:
        heard = room(heard, rng)
    if rng.random() < how.noise_share:
        heard = mix(heard, _noise(samples, noises, rng), rng.uniform(*how.signal_to_noise_db))
    return np.asarray(heard * 10.0 ** (rng.uniform(*how.gain_db) / 20.0), np.float32)


def plain(sound: Sound, samples: int, rng: Generator) -> Floats:
    """One unchanged window (samples,) float32 of a clip, somewhere in it: what a live window is on a quiet day."""
    return window(sound.astype(np.float32) / 32_768.0, samples, rng)
