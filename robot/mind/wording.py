"""What to say and when: wished-for words wait for their turn, and no phrase comes twice in a row.

Rules: the same kind of words not again within `say_again_after_s`; a gap between any two; not while the person
speaks, unless that goes on too long; and words whose moment has passed are dropped.
"""

from dataclasses import dataclass
from random import Random

from robot.mind.persona import Persona
from robot.mind.reasons import NO_CAUSE, Cause
from robot.mind.statechart import BEHAVIOURS
from robot.mind.taste import Taste

GAP_S = 2.5
"""From the start of one utterance to the next, at least; most phrases take about two seconds to speak."""

LETTERS_PER_S = 16.0
"""How fast words are spoken: 175 words a minute, espeak-ng's usual rate, of five letters and a space."""

SLOWEST = 1.5
"""A sad voice takes up to this many times as long."""

YIELD_S = 2.0
"""How long words wait for a speaking person to pause. Later than 2 s is felt as slow (Shiwa et al. 2008)."""

KEEP_S = 4.0
"""Words not said within this time are out of place."""

OF_STATES = BEHAVIOURS | {"hello"}
"""The words that come with a state; all others that are urgent answer somebody."""

NOTICES = ("notice_private", "notice")
"""The words for somebody new: where only presence is perceived, and where feelings are read."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Words waiting for their turn: the key of the phrases, since when, until when, why, and the reason behind them.

    A `phrase` is said as it is; without one a phrase of the key is chosen. `name` is put in for `{name}` as it is
    said, and nowhere else: what is written down of it is the phrase.
    """

    key: str
    since_s: float
    until_s: float
    urgent: bool
    why: str
    because: str
    cause: Cause = NO_CAUSE
    phrase: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A chirp waiting for a pause: its name, until when, why, and the reason behind it."""

    name: str
    until_s: float
    why: str
    because: str


class Wording:
    """Chooses phrases of a persona in one language, with an injected generator."""

    def __init__(self, persona: Persona, language: str, say_again_after_s: float, rng: Random) -> None:
        self._persona = persona
        self._language = language
        self._say_again_after_s = say_again_after_s
        self._rng = rng
        self.taste = Taste()
        self._waiting: list[Wish] = []
        self._said_s: dict[str, float] = {}
        self._last_phrase: dict[str, str] = {}
        self.newest = ""
        """What was said last, of any kind."""
        self._last_s = self._ends_s = self._free_s = self._slow_ends_s = self._answer_ends_s = float("-inf")

    def wish(
        self,
        t_s: float,
        key: str,
        why: str,
        because: str,
        urgent: bool = False,
        keep_s: float = KEEP_S,
        again_s: float | None = None,
        cause: Cause = NO_CAUSE,
        anyway: bool = False,
    ) -> bool:
        """Ask for words of `key`, wanted because of `why`, which is the reason with the id `because`.

        `urgent` words heed neither the gap nor a speaking person. A key without phrases says nothing. `again_s` is how
        long the same kind of words rests, where that is longer than usual; `anyway` they need no rest: they answer
        somebody. False if these words are not for now.
        """
        rests = not anyway and self._recently(t_s, key, max(self._say_again_after_s, again_s or 0.0))
        if rests or not self._persona.phrases(key, self._language):
            return False
        self.drop(key)
        self._waiting.append(Wish(key, t_s, t_s + keep_s, urgent, why, because, cause))
        return True

    def tell(
        self, t_s: float, key: str, phrase: str, why: str, because: str, keep_s: float = KEEP_S, name: str = ""
    ) -> None:
        """Ask for this very phrase, at once: an answer to somebody. `key` names its kind; an older one gives way."""
        self.drop(key)
        self._waiting.append(Wish(key, t_s, t_s + keep_s, True, why, because, phrase=phrase, name=name))

    def adopt(self, persona: Persona, say_again_after_s: float) -> None:
        """Speak as another persona from now on; what was said lately still counts."""
        self._persona, self._say_again_after_s = persona, say_again_after_s

    def speak(self, language: str) -> None:
        """Choose phrases in another language from now on."""
        self._language = language

    def drop(self, *keys: str) -> None:
        """Take back wishes whose moment has passed."""
        self._waiting = [wish for wish in self._waiting if wish.key not in keys]

    def forget(self) -> None:
        """Take back every wish; what was just being said is over."""
        self._waiting.clear()
        self._ends_s = self._free_s = self._slow_ends_s = self._answer_ends_s = float("-inf")

    def sounding(self, t_s: float) -> bool:
        """True while the last utterance may still sound."""
        return t_s < self._free_s

    def talking(self, t_s: float) -> bool:
        """True while the last words are being spoken, at the usual rate."""
        return t_s < self._ends_s

    def answering(self, t_s: float) -> bool:
        """True while an answer to somebody is being spoken, at the usual rate."""
        return t_s < self._answer_ends_s

    def audible(self, t_s: float) -> bool:
        """True while the last words may still be heard, however slowly they are spoken."""
        return t_s < self._slow_ends_s

    def cut(self, t_s: float) -> None:
        """What was being said is broken off at `t_s`; other words may follow at once."""
        self._ends_s, self._free_s, self._slow_ends_s = min(self._ends_s, t_s), min(self._free_s, t_s), t_s
        self._answer_ends_s = min(self._answer_ends_s, t_s)

    def due(self, t_s: float, person_speaking: bool) -> tuple[Wish, str] | None:
        """The wish whose turn it is, with the phrase to say; None if there is nothing to say now."""
        if not self._waiting:
            return None
        self._waiting = [wish for wish in self._waiting if t_s <= wish.until_s]
        ready = (wish for wish in self._waiting if self._ready(t_s, wish, person_speaking))
        wish = min(ready, key=lambda wish: not wish.urgent, default=None)
        if wish is None:
            return None
        self._waiting.remove(wish)
        return wish, self._say(t_s, wish)

    def join(self, t_s: float, *keys: str) -> tuple[Wish, str] | None:
        """A waiting wish of one of `keys` with its phrase, to be said in one breath with what was due just now."""
        wish = next((wish for wish in self._waiting if wish.key in keys), None)
        if wish is None:
            return None
        self._waiting.remove(wish)
        return wish, self._say(t_s, wish)

    def pick(self, key: str) -> str:
        """A phrase of `key`, neither the last one of its kind nor what was said last while there are others."""
        phrases = self._persona.phrases(key, self._language)
        fresh = [phrase for phrase in phrases if phrase not in (self._last_phrase.get(key), self.newest)]
        phrase = self.taste.choose(key, fresh or list(phrases), self._rng)
        self._last_phrase[key] = phrase
        return phrase

    def _say(self, t_s: float, wish: Wish) -> str:
        phrase = self.pick(wish.key) if wish.phrase is None else wish.phrase
        self.newest = phrase
        self._said_s[wish.key] = t_s
        ends_s = self._ends_s if self._last_s == t_s else t_s  # words of one breath follow each other
        self._ends_s = ends_s + len(phrase) / LETTERS_PER_S
        self._slow_ends_s = t_s + SLOWEST * (self._ends_s - t_s)
        self._free_s, self._last_s = max(t_s + GAP_S, self._ends_s), t_s
        if wish.urgent and wish.key not in OF_STATES:
            self._answer_ends_s = self._ends_s
        return phrase

    def _ready(self, t_s: float, wish: Wish, person_speaking: bool) -> bool:
        if wish.urgent:
            return True
        patient = person_speaking and t_s - wish.since_s < YIELD_S
        return not patient and t_s >= self._free_s

    def _recently(self, t_s: float, key: str, again_s: float) -> bool:
        said_s = self._said_s.get(key)
        return said_s is not None and t_s - said_s < again_s
