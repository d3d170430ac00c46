"""How the labels of the models speak for the labels of a mood. Data, not code: a new model brings its own row.

Each row says how the probability of one model label is shared among the mood labels; a row sums to 1. The shares are
judgement, not measurement: a neutral face or voice speaks only weakly against a feeling (people often show less than
they feel), disgust and contempt have no mood of their own, and a tone model without a word for fear hears it as
sadness or anger.
"""

from typing import NamedTuple

MOODS: tuple[str, ...] = ("neutral", "happy", "sad", "angry", "afraid", "surprised")
"""The moods that can be named; `unsure` is the lack of one."""

PLEASANT: frozenset[str] = frozenset({"happy"})
UNPLEASANT: frozenset[str] = frozenset({"sad", "angry", "afraid"})
"""Moods on the two sides of the valence axis: senses that name both sides contradict each other."""

FACE_SHARES: dict[str, dict[str, float]] = {
    "neutral": {"neutral": 0.85, "sad": 0.05, "angry": 0.05, "surprised": 0.05},
    "happiness": {"happy": 1.0},
    "surprise": {"surprised": 0.9, "afraid": 0.1},
    "sadness": {"sad": 1.0},
    "anger": {"angry": 1.0},
    "disgust": {"angry": 0.6, "sad": 0.2, "neutral": 0.2},
    "fear": {"afraid": 0.9, "surprised": 0.1},
    "contempt": {"neutral": 0.6, "angry": 0.4},
}
"""The eight labels of FER+ (Barsoum et al. 2016)."""

VOICE_SHARES: dict[str, dict[str, float]] = {
    "neutral": {"neutral": 0.85, "sad": 0.05, "angry": 0.05, "happy": 0.05},
    "happy": {"happy": 0.9, "surprised": 0.1},
    "sad": {"sad": 0.9, "afraid": 0.1},
    "angry": {"angry": 0.9, "afraid": 0.1},
    "calm": {"neutral": 0.9, "happy": 0.1},
    "bored": {"neutral": 0.8, "sad": 0.2},
    "surprised": {"surprised": 0.9, "happy": 0.1},
    "fearful": {"afraid": 0.9, "sad": 0.1},
    "disgust": {"angry": 0.6, "sad": 0.2, "neutral": 0.2},
    "laugh": {"happy": 0.85, "neutral": 0.15},
    "cry": {"sad": 0.9, "afraid": 0.1},
    "scream": {"afraid": 0.6, "angry": 0.2, "surprised": 0.2},
    "sigh": {"neutral": 0.6, "sad": 0.3, "happy": 0.1},
}
"""The labels of the voice-tone models, four in the first, nine since, and the sounds of `robot.mind.vocal_events`."""

WORDS_SHARES: dict[str, dict[str, float]] = {
    "happy": {"happy": 1.0},
    "sad": {"sad": 1.0},
    "angry": {"angry": 1.0},
    "afraid": {"afraid": 1.0},
}
"""The labels of `robot.mind.talk.sentiment`. Words without a feeling say nothing of a person: `neutral` has no row."""

FACE_SHARPNESS, VOICE_SHARPNESS = 1.2, 1.15
"""The power that a model's shares are raised to before they are joined: the models are calibrated on people as often
neutral as in their data, and may be too modest where all moods are as likely. Chosen with `tools.benchmark.fusion
--tune` on one half of the speakers with PublicTest pictures, the voice's for voice_tone 0.3.0 and the face's for
face_expression 0.4.0. docs/results/fusion.md has what the other half says."""


class Alone(NamedTuple):
    """What is told of a sense while the others say nothing: its probabilities to a `power`, `neutral` times as neutral.

    A model that learned where people are mostly neutral calls too much neutral where all moods are as likely; two
    senses make up for that between them, one alone does not.
    """

    power: float = 1.0
    neutral: float = 1.0


ALONE: tuple[Alone, Alone, Alone] = (Alone(1.4, 0.4), Alone(1.4, 0.4), Alone())
"""Of face, voice and words. Chosen with `tools.benchmark.fusion --tune` like the sharpness above: nearly the least
calibration error of one sense alone on the half that is not reported, 2.7 % for the face, 4.7 % for the voice (without
it 9.8 %)."""

LOOKS: dict[str, str] = {
    "unsure": "unreadable",
    "neutral": "calm",
    "happy": "happy",
    "sad": "sad",
    "angry": "angry",
    "afraid": "afraid",
    "surprised": "surprised",
}
"""Each mood as the adjective of a sentence: "you seem ..."."""


def spread(probabilities: dict[str, float], shares: dict[str, dict[str, float]]) -> tuple[float, ...]:
    """A model's probabilities as probabilities over `MOODS`, in that order, summing to 1.

    A label without a row says nothing: its probability is spread evenly. Input that does not sum to 1 is scaled; all
    zeros give an even spread.
    """
    totals = dict.fromkeys(MOODS, 0.0)
    for label, probability in probabilities.items():
        for mood, share in shares.get(label, _EVEN).items():
            totals[mood] += share * max(0.0, probability)
    total = sum(totals.values())
    return tuple(value / total for value in totals.values()) if total > 0 else tuple(_EVEN.values())


def sharpened(probabilities: tuple[float, ...], power: float) -> tuple[float, ...]:
    """Probabilities raised to `power` (1 leaves them as they are) and scaled to sum to 1 again."""
    raised = tuple(value**power for value in probabilities)
    total = sum(raised)
    return tuple(value / total for value in raised) if total > 0 else probabilities


def told_alone(probabilities: tuple[float, ...], how: Alone, alone: float) -> tuple[float, ...]:
    """What is told of probabilities over `MOODS` of a sense that is as much as `alone` (0..1) the only one."""
    raised = [value ** (1.0 + (how.power - 1.0) * alone) for value in probabilities]
    raised[MOODS.index("neutral")] *= how.neutral**alone
    total = sum(raised)
    return tuple(value / total for value in raised) if total > 0 else probabilities


_EVEN: dict[str, float] = dict.fromkeys(MOODS, 1 / len(MOODS))
