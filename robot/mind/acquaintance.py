"""Somebody whom the robot was allowed to remember, and how it knows them again: by name, code word or token.

Pure. A name that is only nearly right, or fits two people nearly as well, is nobody: calling Ana "Theo" out loud is
worse than not knowing her.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Annotated, Literal, Protocol

import msgspec
from msgspec import Meta

from robot.mind.crisis.plain import plain_words

Name = Annotated[str, Meta(min_length=1, max_length=40)]

SURE = 0.85
"""A name must be at least this like the one that is remembered (Ratcliff and Obershelp's ratio) ..."""

AHEAD = 0.25
"""... and this far ahead of the runner-up."""

MOST_NAME_WORDS = 3
SHORTEST_CODE = 4
"""A code word shorter than this would turn up in any talk."""


class Acquaintance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is kept of a person. Days count from 1970.

    `greeting` replaces the robot's own words at the next meeting, `{name}` in it is the name. `code_word` and `token`
    tell who it is without the name. `face_rest` and `voice_rest` are how they look and sound at rest
    (`robot.mind.baseline`): probabilities by label, no picture and no sound.
    """

    id: str
    name: Name
    language: Literal["en", "de"] = "en"
    greeting: Annotated[str, Meta(max_length=120)] = ""
    preferences: dict[Name, Annotated[str, Meta(max_length=120)]] = {}
    code_word: Annotated[str, Meta(max_length=60)] = ""
    token: Annotated[str, Meta(max_length=120)] = ""
    face_rest: dict[str, float] = {}
    voice_rest: dict[str, float] = {}


class Memory(Protocol):
    """The people who are remembered. Every method returns at once."""

    @property
    def state(self) -> str:
        """`ok`, `lost` or `off`, as in `robot.messages.Health`."""
        ...

    def open(self) -> None:
        """Begin to read; may be called again and again."""
        ...

    def people(self) -> tuple[Acquaintance, ...]:
        """Everybody who is remembered."""
        ...

    def keep(self, person: Acquaintance) -> None:
        """Remember somebody, or what is new of them."""
        ...

    def forget(self, person_id: str) -> None:
        """Forget somebody for good."""
        ...


def introduced(text: str) -> str:
    """The name in `my name is Ada`, `ich heiße Ada`; the empty string where nobody says theirs."""
    for pattern in INTRODUCTIONS:
        found = pattern.search(text)
        if found:
            return tidy_name(found[1])
    return ""


def tidy_name(text: str) -> str:
    """A name as it was said, without what surrounds it; empty where it is more than a name."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)
    if not words or len(words) > MOST_NAME_WORDS or {word.lower() for word in words} & NO_NAMES:
        return ""
    return " ".join(word[0].upper() + word[1:] for word in words)[:40]


def known_by_name(name: str, people: Sequence[Acquaintance]) -> Acquaintance | None:
    """Who has this name, where that is far more likely than anybody else; None where it is not."""
    heard = plain_words(name)
    scored = sorted(((_like(heard, plain_words(person.name)), person.id) for person in people), reverse=True)
    if not heard or not scored or scored[0][0] < SURE:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < AHEAD:
        return None
    return next(person for person in people if person.id == scored[0][1])


def known_by_code(text: str, people: Sequence[Acquaintance]) -> Acquaintance | None:
    """Whose code word was said, where it is one person's alone."""
    said = f" {plain_words(text)} "
    found = [
        person
        for person in people
        if len(code := plain_words(person.code_word)) >= SHORTEST_CODE and f" {code} " in said
    ]
    return found[0] if len(found) == 1 else None


def known_by_token(token: str, people: Sequence[Acquaintance]) -> Acquaintance | None:
    """Whose token was shown."""
    found = [person for person in people if person.token and person.token == token]
    return found[0] if len(found) == 1 else None


def _like(name: str, other: str) -> float:
    return SequenceMatcher(None, name, other, autojunk=False).ratio()


INTRODUCTIONS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bmy name(?:'s|’s| is) ([^.,!?;]+)",
        r"\b(?:call me|i am called) ([^.,!?;]+)",
        r"\b(?:ich heiße|ich heisse|mein name ist|nenn mich|nennen sie mich) ([^.,!?;]+)",
        r"^\W*(?:it is|it's|it’s|this is|hier ist|hier spricht) ([^.,!?;]+)[.!]?$",
    )
)

NO_NAMES: frozenset[str] = frozenset(
    {"the", "a", "an", "not", "and", "so", "very", "just", "really", "here", "there", "yes", "no", "nothing", "nobody"}
    | {"ok", "okay", "please", "thanks", "raining", "cold", "hot", "late", "nicht", "und", "sehr", "nur", "ja", "nein"}
    | {"nichts", "niemand", "bitte", "danke", "der", "die", "das", "ein", "eine", "was", "wie", "warum"}
)
"""Words that stand after *it is* or *call me* without being anybody's name."""
