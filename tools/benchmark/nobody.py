"""Sounds in which no person speaks to the robot: silence, noise, its servos, and its own voice at its microphone."""

from collections.abc import Iterator, Sequence

import numpy as np

from hardware.ports import SAMPLE_RATE_HZ, Sound
from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.prosody import prosody_for
from robot.body.voice.voice import LEVEL_STRETCH_S, SILENT_DBFS, levels_of
from robot.messages import OwnMotion
from robot.mind.talk.phrases import replybook
from tools.benchmark.command_speech import Samples, generated_noise, rms

BLOCK = 512

BURSTS = ("deeply_nonverbal", "emogator")
"""The data sets of people who laugh, sigh or shout."""
OTHERS = ("ravdess", "tess", "emodb", "nemo", "turev")
"""Those of people who say other things than commands."""

NOISE_DBFS = (-40.0, -14.0)
ECHOES_DB = (-10.0, -20.0, -30.0)
"""How much quieter the robot's voice is at its microphone than at its speaker."""


class Day:
    """One sound after another in the blocks of a microphone, with what the body says of itself meanwhile."""

    def __init__(self) -> None:
        self.t_s = 0.0
        self._seq = 0

    def blocks(self, sound: Samples, levels: Sequence[float] = ()) -> Iterator[tuple[Sound, OwnMotion]]:
        """`sound` (m,); with `levels` (dBFS in stretches of 40 ms) the robot itself speaks meanwhile, and says so."""
        began_s = self.t_s
        for start in range(0, len(sound) - BLOCK + 1, BLOCK):
            place = int((self.t_s - began_s) / LEVEL_STRETCH_S)
            level = levels[place] if place < len(levels) else SILENT_DBFS
            own = OwnMotion(self.t_s, 0.0, speaking=place < len(levels), voice_dbfs=level)
            heard = Sound(self._seq, self.t_s, sound[start : start + BLOCK])
            self._seq += 1
            self.t_s += BLOCK / SAMPLE_RATE_HZ
            yield heard, own


def silence(rng: np.random.Generator) -> Iterator[Samples]:
    """Digital silence and faint noise, ten seconds each, without end."""
    while True:
        level = float(rng.choice((0.0, 1e-4, 1e-3, 3e-3)))
        yield level * generated_noise(10 * SAMPLE_RATE_HZ, rng, pink=bool(rng.integers(2)))


def noise(rng: np.random.Generator, *recorded: list[Samples]) -> Iterator[Samples]:
    """White and pink noise, and as often one of each kind of `recorded` sounds, at many levels, without end."""
    kinds = [sounds for sounds in recorded if sounds]
    while True:
        kind = int(rng.integers(1 + len(kinds)))
        if kind == 0:
            sound = generated_noise(5 * SAMPLE_RATE_HZ, rng, pink=bool(rng.integers(2)))
        else:
            sounds = kinds[kind - 1]
            sound = sounds[int(rng.integers(len(sounds)))]
        yield at_some_level(sound, rng)


def at_some_level(sound: Samples, rng: np.random.Generator, between_dbfs: tuple[float, float] = NOISE_DBFS) -> Samples:
    """`sound` as loud as is drawn between two levels."""
    level = 10 ** (float(rng.uniform(*between_dbfs)) / 20)
    return np.asarray(np.clip(sound * np.float32(level / rms(sound)), -1.0, 1.0), np.float32)


def own_voice(voice: EspeakHelper, rng: np.random.Generator) -> Iterator[tuple[Samples, tuple[float, ...]]]:
    """Every set reply as the microphone hears it, a pause after each, and what the body says of its level meanwhile."""
    phrases = [phrase for each in replybook("en").phrases.values() for phrase in each if "{" not in phrase]
    for place in rng.permutation(len(phrases)):
        feeling = (float(rng.uniform(-1, 1)), float(rng.uniform(-1, 1)))
        said = voice.synthesise(phrases[int(place)], "en", prosody_for(*feeling)).samples * np.float32(0.7)
        echo = np.float32(10 ** (float(rng.choice(ECHOES_DB)) / 20))
        pause = 1e-3 * generated_noise(SAMPLE_RATE_HZ, rng, pink=True)
        room = 1e-3 * generated_noise(len(said), rng, pink=True)
        yield np.concatenate([said * echo + room, pause]), levels_of(said)
