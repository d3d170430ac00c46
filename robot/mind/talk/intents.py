"""What somebody wants with their words, and what they talk about: one of a few labels, by patterns.

The patterns stand in `intents.toml`. `tells` is a sentence with a meaning but no wish, `unclear` words without any.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from robot.mind.crisis.plain import plain_words
from robot.mind.talk.sentiment import written_out

TELLS, UNCLEAR, QUESTION = "tells", "unclear", "question"

LEAST_WORDS = 2
"""A single word that fits no pattern says nothing that could be answered."""


class _Patterns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    intents: dict[str, tuple[str, ...]]
    topics: dict[str, tuple[str, ...]]


class Purpose(NamedTuple):
    """The intent of words, and their topic if they have one."""

    intent: str
    topic: str | None


class Intents:
    """The patterns of one language."""

    def __init__(self, language: str) -> None:
        text = resources.files(__package__).joinpath("intents.toml").read_text(encoding="utf-8")
        both = msgspec.convert(tomllib.loads(text), dict[str, _Patterns])
        patterns = both[language]
        self._intents = {name: re.compile("|".join(each)) for name, each in patterns.intents.items()}
        self._topics = {name: re.compile(rf"\b(?:{'|'.join(each)})\b") for name, each in patterns.topics.items()}

    def read(self, text: str) -> Purpose:
        """What `text` is for and about."""
        plain = written_out(plain_words(text))
        intent = next((name for name, pattern in self._intents.items() if pattern.fullmatch(plain)), None)
        topic = next((name for name, pattern in self._topics.items() if pattern.search(plain)), None)
        if intent is None:
            intent = TELLS if topic is not None or len(plain.split()) >= LEAST_WORDS else UNCLEAR
        return Purpose(intent, topic)


@cache
def intents_of(language: str) -> Intents:
    """The patterns of a BCP 47 language; English where there are none of its own."""
    return Intents("de" if language.startswith("de") else "en")
