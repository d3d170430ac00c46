"""The mood that words tell by themselves: idioms and events first, then single words with negation and intensity.

English also asks VADER's lexicon (Hutto & Gilbert 2014). German has only our own. Words say little of a person, and
this is a guess like every percept: its probabilities are those of a count, and plain words are `neutral`.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

import msgspec

from robot.messages import Percept
from robot.mind.crisis.plain import plain_words

FEELINGS = ("happy", "sad", "angry", "afraid")
LABELS = ("neutral", *FEELINGS)

PATTERN, WORD, VADER = 2.0, 1.0, 1.0
"""How much a whole turn of phrase, a single word, and VADER's compound score count."""

FLIPPED = 0.74
"""What negation leaves of a word's strength on the other side (Hutto & Gilbert 2014)."""

REACH = 3
"""How many words a negator or a booster reaches."""

PLAIN = 0.6
"""The weight of `neutral`: a feeling must be said more clearly than this."""

UNSURE_BELOW = 0.5

CIRCUMPLEX: dict[str, tuple[float, float]] = {
    "neutral": (0.0, 0.0),
    "happy": (0.8, 0.3),
    "sad": (-0.7, -0.4),
    "angry": (-0.7, 0.6),
    "afraid": (-0.6, 0.6),
}
"""Label to (valence, arousal), after Russell (1980); judgement, not measurement."""

CONTRACTIONS: tuple[tuple[str, str], ...] = (
    (r"\bwon t\b", "will not"),
    (r"\bcan t\b|\bcannot\b", "can not"),
    (r"\b(\w+?)n t\b", r"\1 not"),
    (r"\b(geht|gibt|war|ist) s\b", r"\1 es"),
    (r"\bi m\b", "i am"),
    (r"\b(it|that|this|he|she|what|who|there|life|everything|nothing|nobody) s\b", r"\1 is"),
    (r"\b(you|we|they) re\b", r"\1 are"),
    (r"\b(i|you|we|they) ve\b", r"\1 have"),
    (r"\b(i|you|we|they|he|she|it) ll\b", r"\1 will"),
)


class _Irony(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    praise: tuple[str, ...]
    trouble: tuple[str, ...]
    always: tuple[str, ...]


class _Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of `lexicon/`. What follows a word of `until` is out of a negator's reach."""

    negators: frozenset[str]
    until: frozenset[str]
    boosters: dict[str, float]
    irony: _Irony
    patterns: dict[str, tuple[str, ...]]
    words: dict[str, frozenset[str]]


class Sentiment:
    """Judges words of one language (`en` or `de`)."""

    def __init__(self, language: str) -> None:
        self._vader = _vader_compound if language == "en" else None
        text = resources.files(__package__).joinpath(f"lexicon/{language}.toml").read_text(encoding="utf-8")
        lexicon = msgspec.convert(tomllib.loads(text), _Lexicon)
        self._lexicon = lexicon
        self._patterns = {mood: _any(patterns) for mood, patterns in lexicon.patterns.items()}
        self._ironic = re.compile(
            rf"^(?:{'|'.join(lexicon.irony.praise)})\b.*\b(?:{'|'.join(lexicon.irony.trouble)})\b"
            rf"|\b(?:{'|'.join(lexicon.irony.always)})\b"
        )
        self._mood_of = {word: mood for mood, words in lexicon.words.items() for word in words}

    def judge(self, text: str) -> Percept:
        """The feeling of `text`; `neutral` and of no valence where the words have none."""
        plain = written_out(plain_words(text))
        weights = dict.fromkeys(FEELINGS, 0.0)
        for mood, weight in self._found(plain, text):
            weights[mood] += weight
        total = PLAIN + sum(weights.values())
        probabilities = {"neutral": PLAIN / total} | {mood: weight / total for mood, weight in weights.items()}
        return _percept(probabilities)

    def _found(self, plain: str, text: str) -> Iterator[tuple[str, float]]:
        """Moods that something in the words speaks for, each with its weight."""
        if self._ironic.search(plain):
            yield "angry", PATTERN
            return
        if self._patterns["calm"].fullmatch(plain):
            return
        turns = list(self._turns(plain))
        said = [*((mood, PATTERN) for mood in turns), *self._words(plain.split())]
        yield from said
        compound = 0.0 if self._vader is None or turns else self._vader(text)
        yield from _as_moods(compound * VADER, said)

    def _turns(self, plain: str) -> Iterator[str]:
        """The mood of each kind of phrase in the words: what is good is bad where it is denied, and the rest is not."""
        for mood in FEELINGS:
            found = self._patterns[mood].finditer(plain)
            denied = [
                bool(self._lexicon.negators.intersection(self._reaching(plain[: match.start()].split())[1 - REACH :]))
                for match in found
            ]
            if not all(denied):
                yield mood
            elif denied and mood == "happy":
                yield "sad"

    def _words(self, words: list[str]) -> Iterator[tuple[str, float]]:
        for place, word in enumerate(words):
            mood = self._mood_of.get(word)
            if mood is None:
                continue
            before = self._reaching(words[:place])
            weight = WORD * self._boosted(before)
            if not self._lexicon.negators.intersection(before):
                yield mood, weight
            else:
                yield ("sad" if mood == "happy" else "happy"), weight * FLIPPED

    def _reaching(self, before: list[str]) -> list[str]:
        """The words that reach the one after them."""
        near = before[-REACH:]
        stops = [place for place, word in enumerate(near) if word in self._lexicon.until]
        return near[stops[-1] + 1 :] if stops else near

    def _boosted(self, before: list[str]) -> float:
        heard = f" {' '.join(before)} "
        factor = 1.0
        for booster, strength in self._lexicon.boosters.items():
            factor *= strength if f" {booster} " in heard else 1.0
        return factor


@cache
def sentiment_of(language: str) -> Sentiment:
    """The judge of a BCP 47 language; English where there is none of its own."""
    return Sentiment("de" if language.startswith("de") else "en")


def written_out(plain: str) -> str:
    """Plain words with English contractions in full: `can t` is `can not`."""
    for short, full in CONTRACTIONS:
        plain = re.sub(short, full, plain)
    return plain


def polarity(percept: Percept) -> str:
    """`positive`, `negative` or `neutral`, whichever is most probable."""
    shares = percept.probabilities
    sides = {
        "positive": shares["happy"],
        "negative": shares["sad"] + shares["angry"] + shares["afraid"],
        "neutral": shares["neutral"],
    }
    return max(sides, key=lambda side: sides[side])


def _as_moods(compound: float, said: list[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """VADER's score -1..1 as a mood: a bad feeling without a name is taken as the one that words named, or sorrow."""
    if compound > 0:
        yield "happy", compound
    elif compound < 0:
        bad = [(mood, weight) for mood, weight in said if mood != "happy"]
        yield max(bad, key=lambda each: each[1])[0] if bad else "sad", -compound


def _percept(probabilities: dict[str, float]) -> Percept:
    label = max(probabilities, key=lambda mood: probabilities[mood])
    valence, arousal = (sum(share * CIRCUMPLEX[mood][axis] for mood, share in probabilities.items()) for axis in (0, 1))
    sure = probabilities[label]
    rounded = {mood: round(share, 4) for mood, share in probabilities.items()}
    return Percept(label, round(sure, 4), sure < UNSURE_BELOW, round(valence, 4), round(arousal, 4), 1.0, rounded)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


def _vader_compound(text: str) -> float:
    from vader import polarity_scores  # ten thousand words, loaded when the first English ones are judged  # noqa: PLC0415

    return float(polarity_scores(text)["compound"])
