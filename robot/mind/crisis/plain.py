"""Words made plain, so that writing, fillers and mis-hearings make no difference to a list of patterns."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
"""German is compared as a keyboard without umlauts would write it."""


def plain_words(text: str) -> str:
    """Lower case, umlauts written out, other accents and everything that is no letter or digit left out."""
    lower = unicodedata.normalize("NFC", text).casefold().translate(UMLAUTS)
    letters = (letter for letter in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(letters)))


class Reading:
    """How plain words of one language are read: `heard_as` replaces whole words, then `fillers` are left out."""

    def __init__(self, heard_as: Mapping[str, str], fillers: Sequence[str]) -> None:
        longest_first = sorted(heard_as, key=lambda heard: (-len(heard.split()), -len(heard)))
        self._heard_as = dict(heard_as)
        self._heard = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
        self._fillers = frozenset(fillers)

    def read(self, plain: str) -> str:
        """`plain` as it is meant."""
        meant = self._heard.sub(lambda found: self._heard_as[found[0]], plain)
        return " ".join(word for word in meant.split() if word not in self._fillers)
