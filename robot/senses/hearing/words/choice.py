"""Which command phrase a sound is most like, and whether it was said at all. Pure.

How well a phrase fits is counted from what it is worth without any sound: a language model finds *no thank you*
likelier than *louder* before it has heard anything. Taking most of that away is the subtraction of the internal
language model (McDermott et al., "A density ratio approach to language model fusion", ASRU 2019); what is left is the
phrase's gain.

A laugh, a sigh or a burst of noise makes phrases gain, too. So a command must gain more than `SOUNDS`, which stand for
all that is no word: a filler model, as word spotters have it (Rose and Paul, "A hidden Markov model based keyword
recognition system", ICASSP 1990). How much more depends on whether the second engine, which knows nothing of the
first, heard the same.

The limits were chosen on 184 commands in 10 dB of noise (`LEAST_GAIN_THE_SAME` on 368) and on 51 turns from two hours
of noise, other ones than `tools.benchmark.words` and `.false_commands` measure on.
"""

from collections.abc import Mapping
from typing import NamedTuple

SOUNDS = ("ugh", "ha ha ha", "mmm", "ah")
"""As Whisper would write them."""

PRIOR = 0.7
"""How much of the fit without sound is taken away."""

LEAST_GAIN = 0.2
LEAST_GAIN_NAME = 1.5
"""A phrase that gains less from the sound was not said. The robot's name is rare and would gain from nearly any."""

LEAST_GAIN_THE_SAME = -0.4
"""Less is enough where the grammar heard the very same phrase of several words, and no sound gains more: two engines
that know nothing of each other agreed on one of fifty."""

BEYOND, BEYOND_AGREED, BEYOND_THE_SAME = 0.55, -0.6, -1.0
"""How far its gain must be above that of the best of `SOUNDS`: where the grammar heard another command, another phrase
of the same one, or the very same phrase of several words. Below 0: then both are wrong in the same way, or it was
said."""

AGREED, THE_SAME = 0.2, 0.4
"""What a phrase is worth more for being heard by the grammar, too: only to choose between phrases."""


class Choice(NamedTuple):
    """The phrase that was most likely said: its gain, how far that is beyond any sound's, and how well it fits."""

    phrase: str
    gain: float
    beyond: float
    fit: float


def choose(
    fits: Mapping[str, float],
    prior: Mapping[str, float],
    commands: Mapping[str, str],
    heard: str,
    names: tuple[str, ...],
) -> Choice:
    """The likeliest of `commands` (phrase to command). `heard` is the grammar's phrase; `fits` has `SOUNDS`, too."""
    gains = {phrase: fit - PRIOR * prior[phrase] for phrase, fit in fits.items()}

    def worth(phrase: str) -> float:
        bonus = THE_SAME if phrase == heard else AGREED if commands[phrase] == commands.get(heard) else 0.0
        return gains[phrase] - least_gain(phrase, names) + bonus

    best = max(commands, key=worth)
    return Choice(best, gains[best], gains[best] - max(gains[sound] for sound in SOUNDS), fits[best])


def was_said(choice: Choice, commands: Mapping[str, str], heard: str, names: tuple[str, ...]) -> bool:
    """Whether there is enough evidence for it."""
    if choice.phrase == heard and " " in heard:
        if choice.beyond >= 0.0:
            return choice.gain >= LEAST_GAIN_THE_SAME
        least = BEYOND_THE_SAME
    else:
        least = BEYOND_AGREED if commands[choice.phrase] == commands.get(heard) else BEYOND
    return choice.gain >= least_gain(choice.phrase, names) and choice.beyond >= least


def least_gain(phrase: str, names: tuple[str, ...]) -> float:
    """What a phrase must gain at least."""
    return LEAST_GAIN_NAME if phrase in names else LEAST_GAIN
