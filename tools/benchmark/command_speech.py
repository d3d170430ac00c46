"""Spoken commands to measure with: synthetic voices of two engines, and noise below them at a given distance.

No recordings of people who say these phrases are at hand. espeak-ng speaks by rule; three of flite's voices were built
from recordings of people (CMU ARCTIC: rms, slt, awb), and sound like them.
"""

import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ
from hardware.virtual.sound_file import read_sound_file
from robot.body.voice.espeak import SpeechShaper
from robot.body.voice.espeak_helper import WORKER
from robot.body.voice.espeak_wire import OK, Request, decode_speech, encode_request
from robot.errors import SpeechError
from robot.helper_process import HelperProcess
from robot.senses.hearing.words.commands import phrases_of

Samples = NDArray[np.float32]

TUNED_ON = ("espeak:en-us", "espeak:en-gb-x-rp+f4", "espeak:en-us+m3", "espeak:en-gb-scotland+f2", "flite:kal16")
"""The voices that the limits of the recogniser were chosen with: never report on these."""

REPORTED = ("flite:slt", "espeak:en-us+f5", "flite:awb", "espeak:en-gb+m4", "flite:rms")

QUIET_S = 0.3
SPEECH_RMS = 0.1


class Spoken(NamedTuple):
    """A phrase that somebody says: the command that it is, the phrase, who, and the sound at 16 kHz."""

    command: str
    phrase: str
    voice: str
    samples: Samples


def available(voices: Sequence[str]) -> tuple[str, ...]:
    """Those of `voices` whose engine is installed."""
    has_flite = shutil.which("flite") is not None
    return tuple(voice for voice in voices if has_flite or not voice.startswith("flite:"))


def spoken_commands(voices: Sequence[str]) -> Iterator[Spoken]:
    """Every English phrase of every command, by each voice."""
    helper = HelperProcess(WORKER, 60.0, "the speech helper", SpeechError)
    for place, voice in enumerate(voices):
        engine, _, name = voice.partition(":")
        for command, phrases in phrases_of("en").items():
            for phrase in phrases:
                sound = _flite(phrase, name) if engine == "flite" else _espeak(helper, phrase, name, place)
                yield Spoken(command, phrase, voice, trimmed(sound))
    helper.close()


def noisy(speech: Samples, noise: Samples, distance_db: float) -> Samples:
    """Speech of RMS 0.1 with a little quiet around it, and `noise` as long as that, `distance_db` below."""
    quiet = np.zeros(round(QUIET_S * SAMPLE_RATE_HZ), np.float32)
    loud = np.concatenate([quiet, speech * np.float32(SPEECH_RMS / rms(speech)), quiet])
    around = np.resize(noise, len(loud))
    return np.asarray(loud + around * (SPEECH_RMS / 10 ** (distance_db / 20) / rms(around)), np.float32)


def generated_noise(count: int, rng: np.random.Generator, *, pink: bool) -> Samples:
    """White or pink noise of RMS 1."""
    white = rng.standard_normal(count)
    if pink:
        spectrum = np.fft.rfft(white)
        white = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), count)
    return np.asarray(white / np.sqrt(np.mean(white**2)), np.float32)


def recorded_noises(data: Path | None) -> list[Samples]:
    """Everyday noise of ESC-10, five seconds each: rain, a clock, a dog, a baby ...; empty where it is not here.

    Every second recording: the limits of the recogniser were chosen with the others.
    """
    return _every_second(data, 1)


def tuning_noises(data: Path) -> list[Samples]:
    """The others, that the limits of the recogniser are chosen with: never report on these."""
    return _every_second(data, 0)


def _every_second(data: Path | None, first: int) -> list[Samples]:
    folder = None if data is None else data / "voice" / "noise_esc10"
    if folder is None or not folder.is_dir():
        return []
    sounds = (read_sound_file(path).samples for path in sorted(folder.iterdir())[first::2])
    return [sound for sound in sounds if rms(sound) > 1e-4]


def rms(samples: Samples) -> float:
    """Root of the mean square, never 0."""
    return max(1e-6, float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))))


def trimmed(sound: Samples) -> Samples:
    """What lies between its first loud sample and its last."""
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max())
    return sound[loud[0] : loud[-1] + 1]


def _espeak(helper: HelperProcess, phrase: str, voice: str, place: int) -> Samples:
    answer = helper.ask(encode_request(Request(phrase, voice, 40 + 4 * place, 50, 145 + 6 * place)))
    if answer[:1] != OK:
        raise SpeechError(f"espeak-ng has no voice {voice}")
    return SpeechShaper().shape(decode_speech(answer[1:])[1], 1.0).samples


def _flite(phrase: str, voice: str) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", phrase, "-o", str(path)], check=True, timeout=60)
        with wave.open(str(path)) as file:
            pcm = np.asarray(np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768, np.float32)
            rate_hz = file.getframerate()
    if rate_hz == SAMPLE_RATE_HZ:
        return pcm
    times = np.arange(ceil(len(pcm) * SAMPLE_RATE_HZ / rate_hz)) * rate_hz / SAMPLE_RATE_HZ
    return np.asarray(np.interp(times, np.arange(len(pcm)), pcm), np.float32)
