"""Both engines together: Whisper says how well each command fits the sound, the grammar names the one that it hears.

Neither is enough alone. The grammar takes whatever it hears for one of its phrases and cannot say no; Whisper writes
down nonsense in noise, but knows how well a given phrase fits. What they say together is weighed in `choice`.
"""

from collections.abc import Mapping, Sequence
from math import exp
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ
from robot.errors import EngineMissing
from robot.senses.hearing.words.choice import RESCORED, SOUNDS, Choice, Pass, choose, gains_of, is_doubtful, was_said
from robot.senses.hearing.words.commands import Phrases, command_in, plain
from robot.senses.hearing.words.denoise import without_noise
from robot.senses.hearing.words.grammar import Grammar
from robot.senses.hearing.words.statistics import statistics_of
from robot.senses.hearing.words.whisper import Encoded, Spoken, Whisper

LONGEST_COMMAND_S = 3.5
"""Longer speech is a sentence, whatever the engines make of it."""

LEAST_SCORE, MOST_NO_SPEECH = -1.0, 0.6
"""Text below this mean log probability, or more probably no speech than this, is the model's own invention."""

MOST_NO_COMMAND = 0.7
"""More probably no speech than this is no command either."""

MOST_WORSE = 4.0
"""A phrase that fits so much worse than what Whisper would write by itself was not said."""

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
        """The sound, once for all that follows."""
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


class Second(Protocol):
    """What the recogniser needs of `Grammar`."""

    def heard(self, samples: NDArray[np.float32]) -> str:
        """The command phrase that it is most like; empty for none."""
        ...


class Recogniser:
    """Understands one turn at a time, with whichever engines there are. `name` is the robot's, which wakes it."""

    def __init__(
        self, writer: Writer | None, second: Second | None, phrases: Phrases, language: str, name: str = ""
    ) -> None:
        self._writer = writer
        self._second = second
        self._name = name
        calls = [call.format(name) for call in CALLS] if plain(name) else []
        self._names = tuple(map(plain, calls))
        self._commands = {plain(phrase): command for command, said in phrases.items() for phrase in said}
        self._commands |= dict.fromkeys(self._names, "wake")
        self._spelled = {plain(phrase): phrase for said in (*phrases.values(), calls) for phrase in said}
        self._spelled |= {sound: sound for sound in SOUNDS}
        self._language = language
        self._prior: dict[str, float] = {}
        if writer is not None and second is not None:
            silence = np.zeros(round(SILENCE_S * SAMPLE_RATE_HZ), np.float32)
            self._prior = self._fits(writer, writer.encode(silence), tuple(self._spelled))

    def recognise(self, samples: NDArray[np.float32], *, words: bool) -> Recognised:
        """What `samples` (m,) in -1..1 at 16 kHz say. Without `words` only a command is looked for, nothing written."""
        if self._writer is None:
            return Recognised()
        clean = without_noise(samples)
        encoded = self._writer.encode(clean)
        spoken = self._writer.write(encoded) if words else None
        believed = spoken if _is_believed(spoken) else None
        text = "" if believed is None else believed.text
        confidence = 0.0 if believed is None else round(exp(believed.score), 4)
        name = command_in(text, self._language, self._name) or ("wake" if plain(text) in self._names else None)
        if name is not None:
            return Recognised(text, confidence, name, confidence)
        choice = self._command(self._writer, samples, clean, encoded, spoken)
        if choice is None:
            return Recognised(text, confidence)
        return Recognised(text, confidence, self._commands[choice.phrase], round(exp(choice.fit), 4))

    def statistics(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """How `samples` sound as a whole (768,), with the noise that lies in them; (0,) without the engine."""
        return np.empty(0, np.float32) if self._writer is None else statistics_of(self._writer, samples)

    def passes(self, samples: NDArray[np.float32]) -> tuple[Pass, Pass] | None:
        """The first pass over `samples`, and the second, whether or not it is due; None where an engine is missing."""
        if self._writer is None or self._second is None:
            return None
        clean = without_noise(samples)
        encoded = self._writer.encode(clean)
        first = self._scored(self._writer, self._second.heard(clean), encoded, self._writer.no_speech(encoded))
        return first, self._rescored(self._writer, samples, first)

    def command_of(self, choice: Choice) -> str:
        """Which command the chosen phrase gives."""
        return self._commands[choice.phrase]

    def _command(
        self,
        writer: Writer,
        samples: NDArray[np.float32],
        clean: NDArray[np.float32],
        encoded: Encoded,
        spoken: Spoken | None,
    ) -> Choice | None:
        """The command that was said; None for none. `clean` are the samples without noise."""
        if self._second is None or len(samples) > LONGEST_COMMAND_S * SAMPLE_RATE_HZ:
            return None
        no_speech = writer.no_speech(encoded) if spoken is None else spoken.no_speech
        last = self._scored(writer, self._second.heard(clean), encoded, no_speech)
        if is_doubtful(last) and not (_is_believed(spoken) and _is_far_worse(last.choice, spoken)):
            last = self._rescored(writer, samples, last)
        if _is_far_worse(last.choice, spoken):
            return None
        return last.choice if last.no_speech <= MOST_NO_COMMAND and was_said(last.choice, last.no_speech) else None

    def _scored(self, writer: Writer, heard: str, encoded: Encoded, no_speech: float) -> Pass:
        """Every phrase, in the sound without its noise."""
        return self._pass(self._fits(writer, encoded, tuple(self._spelled)), heard, no_speech)

    def _rescored(self, writer: Writer, samples: NDArray[np.float32], first: Pass) -> Pass:
        """The likeliest phrases once more, in the sound with its noise: what takes noise out takes consonants, too."""
        gains = gains_of(first.fits, self._prior, self._names)
        likeliest = sorted(self._commands, key=lambda phrase: -gains[phrase])[:RESCORED]
        encoded = writer.encode(samples)
        fits = self._fits(writer, encoded, (*likeliest, *SOUNDS))
        better = {phrase: max(fit, first.fits[phrase]) for phrase, fit in fits.items()}
        return self._pass(better, first.heard, min(first.no_speech, writer.no_speech(encoded)))

    def _pass(self, fits: Mapping[str, float], heard: str, no_speech: float) -> Pass:
        commands = {phrase: command for phrase, command in self._commands.items() if phrase in fits}
        return Pass(fits, heard, no_speech, choose(fits, self._prior, commands, heard, self._names))

    def _fits(self, writer: Writer, encoded: Encoded, phrases: Sequence[str]) -> dict[str, float]:
        return dict(zip(phrases, writer.fit(encoded, [self._spelled[phrase] for phrase in phrases]), strict=True))


def _is_believed(spoken: Spoken | None) -> bool:
    """Whether what Whisper wrote, if it was let, is no invention of its own."""
    return spoken is not None and spoken.score >= LEAST_SCORE and spoken.no_speech <= MOST_NO_SPEECH


def _is_far_worse(choice: Choice, spoken: Spoken | None) -> bool:
    """Whether a phrase fits far worse than what Whisper wrote by itself, if it was let."""
    return spoken is not None and spoken.score - choice.fit > MOST_WORSE


CALLS = ("{}", "hey {}", "hello {}")
"""How the robot is called by its name."""


def build_recogniser(phrases: Phrases, language: str, name: str = "") -> tuple[Recogniser, Engines]:
    """The recogniser with the engines that are installed, and which those are. `name` is what the robot is called."""
    missing: list[str] = []
    writer = second = None
    try:
        writer = Whisper()
    except EngineMissing as error:
        missing.append(str(error))
    try:
        second = Grammar(phrase for said in phrases.values() for phrase in said)
    except EngineMissing as error:
        missing.append(str(error))
    engines = Engines(writer is not None, writer is not None, "; ".join(missing))
    return Recogniser(writer, second, phrases, language, name), engines
