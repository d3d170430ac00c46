"""Which phrases the people here like: what was rated, and how it changes what is said. Gone when the robot stops."""

from collections.abc import Sequence
from random import Random

MOST = 3
"""More ratings one way than this change nothing more: nobody's taste is for ever."""


class Taste:
    """A score for each phrase of each kind of words, -`MOST`..`MOST`."""

    def __init__(self) -> None:
        self._scores: dict[tuple[str, str], int] = {}

    def rate(self, key: str, phrase: str, *, liked: bool) -> None:
        """Somebody liked this phrase of `key`, or did not."""
        score = self._scores.get((key, phrase), 0) + (1 if liked else -1)
        self._scores[key, phrase] = min(MOST, max(-MOST, score))

    def choose(self, key: str, phrases: Sequence[str], rng: Random) -> str:
        """One of `phrases`: a liked one more often, a disliked one only where there is no other."""
        scores = [self._scores.get((key, phrase), 0) for phrase in phrases]
        if not any(scores):
            return rng.choice(list(phrases))
        borne = [phrase for phrase, score in zip(phrases, scores, strict=True) if score >= 0] or list(phrases)
        weights = [1 + max(0, self._scores.get((key, phrase), 0)) for phrase in borne]
        return rng.choices(borne, weights)[0]
