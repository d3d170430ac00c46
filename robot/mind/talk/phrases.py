"""The set replies of one language: phrases by key, and the closed lists of words that may be filled in."""

import re
import tomllib
from functools import cache
from pathlib import Path
from random import Random

import msgspec

REPLIES = Path(__file__).parent / "replies"


class Replybook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of `replies/`."""

    phrases: dict[str, tuple[str, ...]]
    topics: dict[str, str]
    places: dict[str, str]
    times: dict[str, str]

    def minutes(self, seconds: float) -> str:
        """A stretch of time in words."""
        count = round(seconds / 60)
        if count < 1:
            return self.times["moment"]
        return self.times["minute"] if count == 1 else self.times["minutes"].format(count=count)

    def clock(self, minute_of_day: int) -> str:
        """A time of day in words."""
        return self.times["clock"].format(hour=minute_of_day // 60, minute=minute_of_day % 60)


def key_of(book: Replybook, phrase: str) -> str | None:
    """The key that `phrase` stands under, filled in or not; None if it is no set reply."""
    return next((key for key, each in book.phrases.items() if any(_fits(phrase, written) for written in each)), None)


def _fits(phrase: str, written: str) -> bool:
    parts = re.split(r"\{[^}]*\}", written)
    return re.fullmatch(".+".join(map(re.escape, parts)), phrase) is not None


def replies_path(language: str) -> Path:
    """The file with the set replies of a BCP 47 language."""
    return REPLIES / f"{'de' if language.startswith('de') else 'en'}.toml"


@cache
def replybook(language: str) -> Replybook:
    """The set replies of a BCP 47 language; English where there are none of its own."""
    return msgspec.convert(tomllib.loads(replies_path(language).read_text(encoding="utf-8")), Replybook)


class Chooser:
    """Chooses phrases so that none comes twice in a row, and the others of a key come first."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._said: dict[str, list[str]] = {}
        self._last = ""

    def choose(self, key: str, phrases: tuple[str, ...], newest: str = "") -> str:
        """One of `phrases`, not the last that was said and, while there are others, none said lately under `key`.

        `newest` is what the robot said last, of whatever kind: several of these choose for one voice.
        """
        said = self._said.setdefault(key, [])
        last = (self._last, newest)
        fresh = [phrase for phrase in phrases if phrase not in said and phrase not in last]
        if not fresh:
            said.clear()
            fresh = [phrase for phrase in phrases if phrase not in last]
            fresh = fresh or [phrase for phrase in phrases if phrase != newest] or list(phrases)
        phrase = self._rng.choice(fresh)
        said.append(phrase)
        self._last = phrase
        return phrase
