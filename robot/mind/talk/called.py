"""Whether words begin with the robot's name: then they are meant for it, and wake it."""

from difflib import SequenceMatcher

from robot.mind.crisis.plain import plain_words

BEFORE = frozenset({"hey", "hello", "hi", "ok", "okay", "hallo", "he", "oh", "good", "morning", "guten", "morgen"})
"""What stands before a name that is called."""

ALIKE, ALIKE_AFTER_HEY = 0.85, 0.7
"""How like the name the word must be (Ratcliff and Obershelp's ratio): the recogniser spells by ear, and does not know
the name. After a *hey* it takes less: `hey report` means `Rapport`."""


def calls(text: str, name: str) -> bool:
    """True if `text` calls somebody of this `name`: *Rapport!*, *hey Rapport, what time is it?*."""
    words, named = plain_words(text).split(), plain_words(name).split()
    hailed = 0
    while hailed < len(words) and words[hailed] in BEFORE and words[hailed] not in named:
        hailed += 1
    said = " ".join(words[hailed : hailed + len(named)])
    alike = SequenceMatcher(None, said, " ".join(named), autojunk=False).ratio()
    return bool(said) and alike >= (ALIKE_AFTER_HEY if hailed else ALIKE)
