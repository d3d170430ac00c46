"""What is made of words: the labels and numbers that may be told, kept and decided on. The words end here."""

from robot.messages import HeardWords
from robot.mind.crisis.words import crisis_in
from robot.mind.talk.intents import intents_of
from robot.mind.talk.sentiment import sentiment_of
from robot.transcript import Transcript

FORMULAS = frozenset({"greeting", "goodbye"})
"""Intents whose good words, as in *guten Abend*, are politeness and no joy."""


def meaning(words: Transcript, minute: int | None = None) -> HeardWords:
    """The meaning of one turn. Words without a feeling have none, which is no sign of a calm person.

    `minute` is the minute of the day, where there is a clock on the wall.
    """
    purpose = intents_of(words.language).read(words.text)
    feeling = sentiment_of(words.language).judge(words.text)
    polite = purpose.intent in FORMULAS and feeling.label == "happy"
    return HeardWords(
        id=words.id,
        t_s=words.t_s,
        began_s=words.began_s,
        ended_s=words.ended_s,
        language=words.language,
        words=len(words.text.split()),
        confidence=words.confidence,
        intent=purpose.intent,
        topic=purpose.topic,
        feeling=None if polite or feeling.label == "neutral" else feeling,
        crisis=crisis_in(words.text) is not None,
        minute=minute,
    )
