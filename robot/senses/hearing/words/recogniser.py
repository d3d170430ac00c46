"""Both engines together: the grammar names the commands that it might be, Whisper says how well each of them fits.

Neither is enough alone. In 10 dB of noise the grammar names the right command first in 89 % and among eight in all
cases, but it cannot say no; Whisper writes down nonsense, but knows how well a given phrase fits the sound.

How well it fits is counted from what the phrase is worth without any sound: a language model finds *no thank you*
likelier than *louder* before it has heard anything, and longer phrases likelier than short ones. Taking most of that
away is the subtraction of the internal language model (McDermott et al., "A density ratio approach to language model
fusion", ASRU 2019); on the clips that this was tuned on it names 98 % of the commands right instead of 95 %, and
tells what is no command far better.
"""

from collections.abc import Sequence
from difflib import get_close_matches
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

PRIOR = 0.7
"""How much of the fit without sound is taken away."""

LEAST_GAIN, LEAST_GAIN_ALONE = 0.7, 1.0
"""A phrase that gains less from the sound was not said: where Whisper also writes, and where it may not."""

LEAST_GAIN_NAME = 1.5
"""The robot's name is rare, so that it would gain from nearly any sound."""

MOST_WORSE = 3.2
"""A phrase that fits so much worse than what Whisper would write by itself was not said either."""

MOST_NEAR, LEAST_ALIKE = 3, 0.6
"""How many phrases that are spelled like what Whisper wrote are tried as well, and how alike they must be (Ratcliff and
Obershelp's ratio)."""

SILENCE_S = 1.5
"""What the fit without sound is measured on."""


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

    def no_speech(self, encoded: Encoded) -> float:
        """The probability that there was no speech."""
        ...


class Lister(Protocol):
    """What the recogniser needs of `Grammar`."""

    def candidates(self, samples: NDArray[np.float32]) -> list[str]:
        """The commands it might be."""
        ...


class Choice(NamedTuple):
    """The command phrase that gains most from the sound: how much, and how well it fits."""

    phrase: str
    gain: float
    fit: float


class Recogniser:
    """Understands one turn at a time, with whichever engines there are. `name` is the robot's, which wakes it."""

    def __init__(
        self, writer: Writer | None, lister: Lister | None, phrases: Phrases, language: str, name: str = ""
    ) -> None:
        self._writer = writer
        self._lister = lister
        self._commands = {plain(phrase): command for command, said in phrases.items() for phrase in said}
        self._spelled = {plain(phrase): phrase for said in phrases.values() for phrase in said}
        self._name = name
        self._names = tuple(plain(call.format(name)) for call in CALLS) if plain(name) else ()
        self._commands |= dict.fromkeys(self._names, "wake")
        self._spelled |= {plain(call.format(name)): call.format(name) for call in CALLS if self._names}
        self._language = language
        self._prior = self._fit_without_sound()

    def recognise(self, samples: NDArray[np.float32], *, words: bool) -> Recognised:
        """What `samples` (m,) in -1..1 at 16 kHz say. Without `words` only a command is looked for, nothing written."""
        if self._writer is None:
            return Recognised()
        encoded = self._writer.encode(samples)
        spoken = self._writer.write(encoded) if words else None
        believed = spoken is not None and spoken.score >= LEAST_SCORE and spoken.no_speech <= MOST_NO_SPEECH
        text = spoken.text if spoken is not None and believed else ""
        confidence = round(exp(spoken.score), 4) if spoken is not None and believed else 0.0
        name = command_in(text, self._language, self._name) or ("wake" if plain(text) in self._names else None)
        if name is not None:
            return Recognised(text, confidence, name, confidence)
        read = "" if spoken is None else spoken.text
        choice = self._choose(samples, encoded, read) if len(samples) <= LONGEST_COMMAND_S * SAMPLE_RATE_HZ else None
        if choice is None or not self._was_said(choice, spoken, encoded):
            return Recognised(text, confidence)
        return Recognised(text, confidence, self._commands[choice.phrase], round(exp(choice.fit), 4))

    def _choose(self, samples: NDArray[np.float32], encoded: Encoded, read: str) -> Choice | None:
        if self._lister is None or self._writer is None:
            return None
        # What Whisper misread is near what was said: *speed quietly*, *why did we do that*.
        near = get_close_matches(plain(read), self._spelled, MOST_NEAR, LEAST_ALIKE)
        phrases = tuple(dict.fromkeys((*self._lister.candidates(samples), *near, *self._names)))
        fits = self._writer.fit(encoded, [self._spelled[phrase] for phrase in phrases])
        choices = [
            Choice(phrase, fit - PRIOR * self._prior[phrase], fit) for phrase, fit in zip(phrases, fits, strict=True)
        ]
        return max(choices, key=lambda choice: choice.gain - self._least(choice.phrase), default=None)

    def _least(self, phrase: str) -> float:
        return LEAST_GAIN_NAME if phrase in self._names else LEAST_GAIN

    def _was_said(self, choice: Choice, spoken: Spoken | None, encoded: Encoded) -> bool:
        if spoken is not None:
            worse = spoken.score - choice.fit
            return (
                choice.gain >= self._least(choice.phrase) and spoken.no_speech <= MOST_NO_SPEECH and worse <= MOST_WORSE
            )
        least = max(LEAST_GAIN_ALONE, self._least(choice.phrase))
        return choice.gain >= least and self._writer is not None and self._writer.no_speech(encoded) <= MOST_NO_SPEECH

    def _fit_without_sound(self) -> dict[str, float]:
        """How well each phrase fits to silence: what it is worth before anything was heard."""
        if self._writer is None or self._lister is None:
            return {}
        silence = self._writer.encode(np.zeros(round(SILENCE_S * SAMPLE_RATE_HZ), np.float32))
        return dict(zip(self._spelled, self._writer.fit(silence, list(self._spelled.values())), strict=True))


CALLS = ("{}", "hey {}", "hello {}")
"""How the robot is called by its name."""


def build_recogniser(phrases: Phrases, language: str, name: str = "") -> tuple[Recogniser, Engines]:
    """The recogniser with the engines that are installed, and which those are. `name` is what the robot is called."""
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
    return Recogniser(writer, lister, phrases, language, name), engines
