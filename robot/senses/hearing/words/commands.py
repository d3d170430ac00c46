"""The spoken commands: a closed list of phrases in `commands.toml`, and which of them a text is."""

import re
import tomllib
from functools import cache
from importlib import resources

import msgspec

Phrases = dict[str, tuple[str, ...]]
"""Command to what people say for it."""

POLITE = frozenset({"please", "now", "hey", "ok", "okay", "robot", "bitte", "jetzt", "roboter", "well", "um"})
"""Words that may stand around a command and change nothing."""


@cache
def phrases_of(language: str) -> Phrases:
    """The phrases of a BCP 47 language; English where there is no list of its own."""
    text = resources.files(__package__).joinpath("commands.toml").read_text(encoding="utf-8")
    lists = msgspec.convert(tomllib.loads(text), dict[str, Phrases])
    return lists.get(language.split("-", maxsplit=1)[0], lists["en"])


def command_in(text: str, language: str, name: str = "") -> str | None:
    """The command that `text` is, and nothing more than it; None for any other words.

    `name` is the robot's: like politeness it may stand around a command.
    """
    said = plain(text)
    around = POLITE | set(plain(name).split())
    bare = " ".join(word for word in said.split() if word not in around)
    return _by_phrase(language).get(said) or _by_phrase(language).get(bare)


def plain(text: str) -> str:
    """Lower case, letters and apostrophes only, one space between words; `Stop! Stop!` is `stop`."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.casefold().replace("’", "'"))
    for length in range(1, len(words) // 2 + 1):
        if words == (words[:length] * len(words))[: len(words)]:
            words = words[:length]
            break
    return " ".join(words)


@cache
def _by_phrase(language: str) -> dict[str, str]:
    return {plain(phrase): name for name, phrases in phrases_of(language).items() for phrase in phrases}
