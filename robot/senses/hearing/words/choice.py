"""Which command phrase a sound is most like, and whether it was said at all. Pure.

How well a phrase fits is counted from what it is worth without any sound: a language model finds *no thank you*
likelier than *louder* before it has heard anything. Taking most of that away is the subtraction of the internal
language model (McDermott et al., "A density ratio approach to language model fusion", ASRU 2019); what is left is the
phrase's gain.

A laugh, a sigh or a burst of noise makes phrases gain, too. So a command's gain is weighed beside that of `SOUNDS`,
which stand for all that is no word: a filler model, as word spotters have it (Rose and Paul, "A hidden Markov model
based keyword recognition system", ICASSP 1990); and beside what the second engine heard, which knows nothing of the
first. The weights are a logistic regression's (`tools.benchmark.word_evidence`, which says what they are worth), made
with other voices and other noise than `tools.benchmark.words` and `.false_commands` measure on.
"""

from collections.abc import Mapping
from typing import NamedTuple

SOUNDS = ("ugh", "ha ha ha", "mmm", "ah")
"""As Whisper would write them."""

PRIOR = 0.7
"""How much of the fit without sound is taken away."""

NAME_HANDICAP = 1.3
"""So much more must the robot's name gain: it is rare, and would gain from nearly any sound."""

AGREED, THE_SAME = 0.2, 0.4
"""What a phrase is worth more for being heard by the grammar, too: only to choose between phrases."""


class Choice(NamedTuple):
    """The phrase that was most likely said, and what speaks for it.

    Its ``gain`` (for a name less the handicap), how far that is ``beyond`` any sound's and ``ahead`` of any phrase of
    another command, and whether the grammar heard the very same phrase of several words or of one, or another phrase of
    the same command. ``fit`` is its mean log probability.
    """

    phrase: str
    gain: float
    beyond: float
    ahead: float
    same_words: bool
    same_word: bool
    same_command: bool
    fit: float

    def evidence(self, no_speech: float) -> tuple[float, ...]:
        """What is weighed, with the probability that there was no speech: one number for each of `WEIGHTS`."""
        agreement = map(float, (self.same_words, self.same_word, self.same_command))
        return (self.gain, self.beyond, self.ahead, *agreement, no_speech)


WEIGHTS = (1.03, 0.82, 0.90, 1.72, 0.80, 0.88, -2.40)
BIAS = -2.81
"""The log odds that the phrase was said: `python -m tools.benchmark.word_evidence`."""

LEAST_LOG_ODDS = -1.0
"""Of commands in noise by other voices than the weights were made with 96 % have more, after a second pass 97 %; of
noises, laughs and what else people say, as short as commands, 2.5 %."""

DOUBT_LOG_ODDS = -4.0
"""With more than this, but too little, a second pass over the sound is worth its time."""

RESCORED = 8
"""So many phrases, the likeliest, are scored in it: two-pass recognition, as with a large language model after a small
one."""

LEAST_GAIN = -1.0
"""A phrase that fits the sound so little was not said, whatever else is known."""


class Pass(NamedTuple):
    """What one pass over a sound made of it.

    How well each phrase `fits` it, what the grammar `heard`, the probability of `no_speech`, and the likeliest phrase.
    """

    fits: Mapping[str, float]
    heard: str
    no_speech: float
    choice: Choice


def choose(
    fits: Mapping[str, float],
    prior: Mapping[str, float],
    commands: Mapping[str, str],
    heard: str,
    names: tuple[str, ...],
) -> Choice:
    """The likeliest of `commands` (phrase to command). `heard` is the grammar's phrase; `fits` has `SOUNDS`, too."""
    gains = gains_of(fits, prior, names)

    def worth(phrase: str) -> float:
        bonus = THE_SAME if phrase == heard else AGREED if commands[phrase] == commands.get(heard) else 0.0
        return gains[phrase] + bonus

    best = max(commands, key=worth)
    others = [gains[phrase] for phrase in commands if commands[phrase] != commands[best]]
    same, several = best == heard, " " in best
    return Choice(
        best,
        gains[best],
        beyond=gains[best] - max(gains[sound] for sound in SOUNDS),
        ahead=gains[best] - max(others, default=gains[best]),
        same_words=same and several,
        same_word=same and not several,
        same_command=not same and commands[best] == commands.get(heard),
        fit=fits[best],
    )


def gains_of(fits: Mapping[str, float], prior: Mapping[str, float], names: tuple[str, ...]) -> dict[str, float]:
    """How much better each phrase fits the sound than silence lets expect."""
    handicaps = dict.fromkeys(names, NAME_HANDICAP)
    return {phrase: fit - PRIOR * prior[phrase] - handicaps.get(phrase, 0.0) for phrase, fit in fits.items()}


def log_odds(choice: Choice, no_speech: float) -> float:
    """How much speaks for it having been said."""
    pairs = zip(WEIGHTS, choice.evidence(no_speech), strict=True)
    return BIAS + sum(weight * value for weight, value in pairs)


def was_said(choice: Choice, no_speech: float) -> bool:
    """Whether there is enough evidence for it."""
    return choice.gain >= LEAST_GAIN and log_odds(choice, no_speech) >= LEAST_LOG_ODDS


def is_doubtful(first: Pass) -> bool:
    """Whether there is too little evidence, but so much that a second pass may find the rest."""
    odds = log_odds(first.choice, first.no_speech)
    return odds > DOUBT_LOG_ODDS and not was_said(first.choice, first.no_speech)
