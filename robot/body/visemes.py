"""How wide the mouth is for each speech sound, 0 shut to 1 wide open.

Vowels by their height in the vowel chart of the IPA: the lower the tongue, the wider the jaw. Of the consonants only
those of the lips and teeth must be seen to close; the others leave the mouth a little open.
"""

import unicodedata

CLOSURE_S = 0.05
"""How long the mouth is shut before the burst of a stop; closures of speech last 50 to 100 ms."""

_VOWELS = {
    1.0: "aɑæɐɶ",
    0.8: "ɛɔʌɒœɜɝ",
    0.6: "eoəøɤɘɵɚ",
    0.4: "ɪʊʏ",
    0.3: "iuyɨʉɯ",
}
VOWELS = {vowel: width for width, vowels in _VOWELS.items() for vowel in vowels}

SHUT = frozenset("pbmɓ")
NEARLY_SHUT = frozenset("fvɱʋ")
STOPS = frozenset("pbtdkgɡqʔcɟɓɗʈɖ")
NEARLY, AJAR = 0.1, 0.25


def opening(name: str) -> float:
    """How wide the mouth is for a phoneme of the IPA, 0..1. A pause is shut; a diphthong is its first vowel."""
    first = _first(name)
    if first in VOWELS:
        return VOWELS[first]
    if first == "" or first in SHUT:
        return 0.0
    return NEARLY if first in NEARLY_SHUT else AJAR


def is_vowel(name: str) -> bool:
    """True for a phoneme whose first sound is a vowel."""
    return _first(name) in VOWELS


def is_stop(name: str) -> bool:
    """True for a sound that begins with a closure."""
    return _first(name) in STOPS


def _first(name: str) -> str:
    """The first letter, without stress marks, length marks and diacritics; empty when there is none."""
    bare = (letter for letter in unicodedata.normalize("NFD", name) if unicodedata.category(letter)[0] == "L")
    return next((letter for letter in bare if unicodedata.category(letter) != "Lm"), "")
