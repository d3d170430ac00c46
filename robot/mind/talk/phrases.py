"""The set replies of one language: phrases by key, and the closed lists of words that may be filled in."""

import tomllib
from functools import cache
from importlib import resources
from random import Random

import msgspec


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


@cache
def replybook(language: str) -> Replybook:
    """The set replies of a BCP 47 language; English where there are none of its own."""
    name = "de" if language.startswith("de") else "en"
    text = resources.files(__package__).joinpath(f"replies/{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Replybook)


class Chooser:
    """Chooses phrases so that none comes twice in a row, and the others of a key come first."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._said: dict[str, list[str]] = {}
        self._last = ""

    def choose(self, key: str, phrases: tuple[str, ...]) -> str:
        """One of `phrases`, not the last that was said and, while there are others, none said lately under `key`."""
        said = self._said.setdefault(key, [])
        fresh = [phrase for phrase in phrases if phrase not in said and phrase != self._last]
        if not fresh:
            said.clear()
            fresh = [phrase for phrase in phrases if phrase != self._last] or list(phrases)
        phrase = self._rng.choice(fresh)
        said.append(phrase)
        self._last = phrase
        return phrase
