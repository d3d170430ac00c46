"""The port that speech engines plug into, and what every one of them is fed: clean text and a language it may have."""

import re
import unicodedata
from typing import Protocol

from hardware.ports import Sound
from robot.body.voice.prosody import Prosody
from robot.errors import SpeechError

LONGEST_TEXT = 600
"""Characters of one utterance, about 45 s. A companion that talks longer is not listening."""


class SpeechEngine(Protocol):
    """Turns text into sound. Used from one thread at a time; `close` may come from another."""

    @property
    def name(self) -> str:
        """What it is, for status lines."""
        ...

    def synthesise(self, text: str, language: str, prosody: Prosody) -> Sound:
        """Speak `text` in the BCP 47 `language`: mono, 16 kHz, peak below 0.9. Nothing speakable gives an empty sound.

        Raises:
            SpeechError: the engine failed, died or took too long; the next call tries afresh.
        """
        ...

    def close(self) -> None:
        """Let the engine go. May be called twice."""
        ...


def speakable(text: str) -> str:
    """What can be said of `text`: one line, no control characters, no pictographs, at most `LONGEST_TEXT` characters.

    Control characters are dropped because espeak takes some as commands (Ctrl-A), and so are its doubled brackets,
    which would spell phonemes. An emoji would be read out by its Unicode name.
    """
    kept = "".join(character if _is_spoken(character) else " " for character in text)
    line = " ".join(kept.replace("[[", "[ ").split())
    if len(line) <= LONGEST_TEXT:
        return line
    cut = line[:LONGEST_TEXT]
    return cut[: cut.rfind(" ")] if " " in cut else cut


def language_tag(language: str) -> str:
    """The language in lower case, checked to be a tag and nothing else, for it becomes an argument of a program.

    Raises:
        SpeechError: it is not a BCP 47 tag.
    """
    tag = language.lower()
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", tag):
        raise SpeechError(f"{language!r} is not a language tag; give one such as 'en' or 'de-AT'")
    return tag


def _is_spoken(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "C":
        return False
    return not (ord(character) >= 0x2190 and (category in ("So", "Sk") or 0xFE00 <= ord(character) <= 0xFE0F))
