"""The answer to "why did you do that?": the last thing the robot did, why, and what it went by, in plain words.

Pure: from the ring of reasons to one or two sentences that can be spoken, in every language of the robot. The words
stand in answers/<language>.toml.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from robot.consent import RUNGS
from robot.mind.faculties import FAULTS, PASSING
from robot.mind.mood import UNSURE
from robot.mind.reasons import Reasons, Sentence
from robot.mind.statechart import BEHAVIOURS

ANSWERS = Path(__file__).parent / "answers"

TELLING: dict[str, frozenset[str]] = {
    "state": BEHAVIOURS,
    "care": frozenset({"fetch"}),
    "health": FAULTS | PASSING.keys(),
    "consent": frozenset(RUNGS),
    "command": frozenset({"louder", "quieter", "sleep", "wake"}),
    "answer": frozenset({"stop", "yield"}),
    "word": frozenset({"offer", "notice", "notice_private"}),
}
"""The reasons that one asks about, by kind. Looks, lights, sounds and most words come with a state."""

ON_THE_WAY = frozenset({"noticing", "alone"})
"""States that are only on the way to another one: if something more telling was done, that is meant."""

CERTAIN, LIKELY = 0.8, 0.6
"""From these confidences on the robot calls itself quite sure, and fairly sure."""


class AnswerWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one language: what was done, why, what happened to the robot, and what it went by.

    `again` are ways to begin the same answer once more, with `{answer}` in them.
    """

    nothing: str
    forgotten: str
    joined: str
    again: tuple[str, ...]
    did: dict[str, str]
    cause: dict[str, str]
    happened: dict[str, str]
    evidence: dict[str, str]


class Answer(NamedTuple):
    """What to say, and the reasons behind it."""

    text: str
    because: tuple[str, ...]


@cache
def answer_words(language: str) -> AnswerWords:
    """The words of `language`."""
    return msgspec.toml.decode((ANSWERS / f"{language}.toml").read_text(encoding="utf-8"), type=AnswerWords)


def answer_why(reasons: Reasons, words: AnswerWords) -> Answer:
    """Why the robot did what it did last."""
    found = _last_act(reasons)
    if found is None:
        return Answer(words.nothing, ())
    reason_id, act = found
    if act.what in words.happened:
        return Answer(words.happened[act.what], (reason_id,))
    cause = words.cause.get(act.cause.key)
    if cause is None:
        return Answer(words.forgotten, (reason_id,))
    text = words.joined.format(did=words.did[act.what], cause=cause.format(n=f"{act.cause.figure:.0f}"))
    evidence = _evidence(reasons, act, words)
    return Answer(f"{text} {evidence}" if evidence else text, (reason_id,))


def _last_act(reasons: Reasons) -> tuple[str, Sentence] | None:
    """The newest thing that one would ask about, as far as the ring goes back."""
    passing = None
    for reason_id, sentence in reasons.newest():
        if sentence.what not in TELLING.get(sentence.kind, ()):
            continue
        if sentence.kind != "state" or sentence.what not in ON_THE_WAY:
            return reason_id, sentence
        passing = passing or (reason_id, sentence)
        if sentence.what == "alone":
            break
    return passing


def _evidence(reasons: Reasons, act: Sentence, words: AnswerWords) -> str:
    """What a feeling was read from, and how sure it was; nothing where no feeling was named."""
    mood = next(
        (found for link in act.because if (found := reasons.get(link)) is not None and found.kind == "mood"), None
    )
    if mood is None or mood.what == UNSURE:
        return ""
    senses = {link[0] for link in mood.because} & {"s", "h", "w"}
    by = {frozenset("s"): "face", frozenset("h"): "voice", frozenset("sh"): "both", frozenset("w"): "words"}.get(
        frozenset(senses), "words_too" if "w" in senses else None
    )
    if by is None:
        return ""
    sure = "certain" if mood.cause.figure >= CERTAIN else "likely" if mood.cause.figure >= LIKELY else "doubtful"
    return f"{words.evidence[by]} {words.evidence[sure]}"
