"""Tells words of a crisis from words that only sound like them: a list of patterns in English and German.

No model and no score: what is found is found always, and `docs/reference/crisis.md` says what the list was tried on.
Both languages are looked for whatever the robot speaks, since people in need do not choose.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from robot.mind.crisis.plain import Reading, plain_words

Kind = Literal["suicide", "self_harm", "violence", "emergency"]
"""What the words are about: thoughts of suicide, harming oneself, danger from somebody, danger to life."""

LANGUAGES = ("en", "de")


class _Harmless(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    idioms: tuple[str, ...]


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file. What happens in `fiction` is harmless unless the speaker (`first_person`) is in the sentence too."""

    fillers: tuple[str, ...]
    first_person: tuple[str, ...]
    fiction: tuple[str, ...]
    heard_as: dict[str, str]
    words: dict[str, str]
    harmless: _Harmless
    patterns: dict[Kind, tuple[str, ...]]


class CrisisWords:
    """The list of one language, ready to be searched."""

    def __init__(self, language: str) -> None:
        text = resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
        written = msgspec.convert(tomllib.loads(text), _List)
        self._words = written.words
        self._reading = Reading(written.heard_as, written.fillers)
        self._first_person = frozenset(written.first_person)
        self._fiction = frozenset(written.fiction)
        self._harmless = self._any(written.harmless.idioms)
        self._kinds = {kind: self._any(patterns) for kind, patterns in written.patterns.items()}

    def find(self, plain: str) -> Kind | None:
        """What these plain words (`plain_words`) are about, the gravest first; None where they are no crisis."""
        meant = self._reading.read(plain)
        words = set(meant.split())
        if words & self._fiction and not words & self._first_person:
            return None
        left = self._harmless.sub(" ~ ", meant)
        return next((kind for kind, pattern in self._kinds.items() if pattern.search(left)), None)

    def _any(self, patterns: tuple[str, ...]) -> re.Pattern[str]:
        """One expression for all of them, each beginning at a word."""
        written = "|".join(f"(?:{pattern})" for pattern in patterns)
        for _ in range(2):  # a word may be made of words
            written = re.sub(r"\{([A-Z]+)\}", lambda name: self._words[name[1]], written)
        return re.compile(rf"\b(?:{written})")


@cache
def _words_of(language: str) -> CrisisWords:
    return CrisisWords(language)


def crisis_in(text: str) -> Kind | None:
    """What the words of `text` are about if a person must hear of them at once; None for all other words."""
    plain = plain_words(text)
    return next((kind for language in LANGUAGES if (kind := _words_of(language).find(plain)) is not None), None)
