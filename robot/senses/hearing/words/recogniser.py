"""Both engines together: the grammar names the commands that it might be, Whisper says how well each of them fits.

Neither is enough alone. In 10 dB of noise the grammar names the right command first in 92 % and among six in all
cases, but it cannot say no; Whisper writes down nonsense, but knows how well a given phrase fits the sound.
"""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ
from robot.errors import EngineMissing
from robot.senses.hearing.words.commands import Phrases, command_in, plain
from robot.senses.hearing.words.grammar import Grammar
from robot.senses.hearing.words.whisper import Encoded, Spoken, Whisper

LONGEST_COMMAND_S = 3.5
"""Longer speech is a sentence, whatever the grammar makes of it."""

LEAST_SCORE, MOST_NO_SPEECH = -1.0, 0.6
"""Text below this mean log probability, or more probably no speech than this, is the model's own invention."""

LEAST_FIT = -3.0
"""A phrase that fits worse was not said."""

MOST_WORSE = 1.6
"""... nor one that fits so much worse than what Whisper would write by itself."""

SECOND_BEST = 0.35
"""What a place further down the grammar's list costs, in mean log probability."""


class Recognised(msgspec.Struct, frozen=True):
    """What was made of one turn. `text` is empty where no words were asked for, or none were believed."""

    text: str = ""
    confidence: float = 0.0
    command: str | None = None
    command_confidence: float = 0.0


class Engines(msgspec.Struct, frozen=True):
    """Which engines there are; `missing` says in one line what is not, and what to do."""

    words: bool
    commands: bool
    missing: str = ""


class Writer(Protocol):
    """What the recogniser needs of `Whisper`."""

    def encode(self, samples: NDArray[np.float32]) -> Encoded:
        """The sound, once for both."""
        ...

    def write(self, encoded: Encoded) -> Spoken:
        """What was said."""
        ...

    def fit(self, encoded: Encoded, phrases: Sequence[str]) -> list[float]:
        """How well each phrase fits."""
        ...


class Lister(Protocol):
    """What the recogniser needs of `Grammar`."""

    def candidates(self, samples: NDArray[np.float32]) -> list[str]:
        """The commands it might be."""
        ...


class Choice(NamedTuple):
    """The command phrase that fits best, and how well."""

    phrase: str
    fit: float


class Recogniser:
    """Understands one turn at a time, with whichever engines there are."""

    def __init__(self, writer: Writer | None, lister: Lister | None, phrases: Phrases, language: str) -> None:
        self._writer = writer
        self._lister = lister
        self._commands = {plain(phrase): name for name, said in phrases.items() for phrase in said}
        self._spelled = {plain(phrase): phrase for said in phrases.values() for phrase in said}
        self._language = language

    def recognise(self, samples: NDArray[np.float32], *, words: bool) -> Recognised:
        """What `samples` (m,) in -1..1 at 16 kHz say. Without `words` only a command is looked for, nothing written."""
        if self._writer is None:
            return Recognised()
        encoded = self._writer.encode(samples)
        spoken = self._writer.write(encoded) if words else None
        believed = spoken is not None and spoken.score >= LEAST_SCORE and spoken.no_speech <= MOST_NO_SPEECH
        text = spoken.text if spoken is not None and believed else ""
        confidence = round(exp(spoken.score), 4) if spoken is not None and believed else 0.0
        name = command_in(text, self._language)
        if name is not None:
            return Recognised(text, confidence, name, confidence)
        choice = self._choose(samples, encoded) if len(samples) <= LONGEST_COMMAND_S * SAMPLE_RATE_HZ else None
        if choice is None or not _fits(choice, spoken):
            return Recognised(text, confidence)
        return Recognised(text, confidence, self._commands[choice.phrase], round(exp(choice.fit), 4))

    def _choose(self, samples: NDArray[np.float32], encoded: Encoded) -> Choice | None:
        if self._lister is None or self._writer is None:
            return None
        phrases = self._lister.candidates(samples)
        fits = self._writer.fit(encoded, [self._spelled[phrase] for phrase in phrases])
        ranked = [
            Choice(phrase, fit - SECOND_BEST * place)
            for place, (phrase, fit) in enumerate(zip(phrases, fits, strict=True))
        ]
        return max(ranked, key=lambda choice: choice.fit, default=None)


def _fits(choice: Choice, spoken: Spoken | None) -> bool:
    if choice.fit < LEAST_FIT:
        return False
    if spoken is None:
        return True
    return spoken.no_speech <= MOST_NO_SPEECH and spoken.score - choice.fit <= MOST_WORSE


def build_recogniser(phrases: Phrases, language: str) -> tuple[Recogniser, Engines]:
    """The recogniser with the engines that are installed, and which those are."""
    missing: list[str] = []
    writer = lister = None
    try:
        writer = Whisper()
    except EngineMissing as error:
        missing.append(str(error))
    try:
        lister = Grammar(phrase for said in phrases.values() for phrase in said)
    except EngineMissing as error:
        missing.append(str(error))
    engines = Engines(writer is not None, writer is not None, "; ".join(missing))
    return Recogniser(writer, lister, phrases, language), engines
