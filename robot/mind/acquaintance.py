"""Somebody whom the robot was allowed to remember, and how it knows them again: by name, code word or token.

Pure. A name that sounds otherwise, or is nearly like two people's, is nobody's: calling Jan "Jana" out loud, and
keeping him in her place, is worse than not knowing him.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Annotated, Literal, Protocol

import msgspec
from msgspec import Meta

from robot.mind.crisis.plain import plain_words

Name = Annotated[str, Meta(min_length=1, max_length=40)]

AHEAD = 0.25
"""How far a name must be ahead of the runner-up, as likeness (Ratcliff and Obershelp's ratio)."""

SPELLINGS: tuple[tuple[str, str], ...] = (
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("c(?![ehi])", "k"),
    ("y|ie", "i"),
    (r"(?<=\w)h(?!\w)|(?<=[aeiou])h(?![aeiou])", ""),
    (r"(\w)\1+", r"\1"),
)
"""Ways to write the same sound, each with the one that stands for all of them: a recogniser spells by ear."""

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
    """Whose name sounds like this, where nobody else's is nearly like it; None where there is nobody."""
    heard = sound_of(name)
    same = [person for person in people if heard and sound_of(person.name) == heard]
    runner_up = max((_like(heard, sound_of(other.name)) for other in people if other not in same), default=0.0)
    return same[0] if len(same) == 1 and 1.0 - runner_up >= AHEAD else None


def sound_of(name: str) -> str:
    """A name as it is heard: *Katharina*, *Catarina* and *Katarina* are one."""
    sound = plain_words(name)
    for written, heard in SPELLINGS:
        sound = re.sub(written, heard, sound)
    return sound


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
