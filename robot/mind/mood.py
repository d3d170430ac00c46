"""How the person in front seems to feel, over seconds, from face, voice and words, and how sure the robot is.

Each sense keeps its own running evidence (`robot.mind.evidence`); they are multiplied as independent witnesses, and
what any two say against each other (one pleasant, the other unpleasant) is taken off the confidence, so that
contradiction, such as glad words in an angry tone, ends in `unsure` rather than in a coin toss. A label changes only
after it has led by a margin for a dwell time and one sense has named it twice in a row: never on one frame.
"""

from collections.abc import Sequence
from itertools import combinations
from math import prod
from typing import NamedTuple

from robot.config import MoodSettings
from robot.messages import HeardTone, HeardWords, Hearing, Mood, Percept, Signal
from robot.mind.attention import Focus
from robot.mind.evidence import Evidence, Reading, Run, two_opinions
from robot.mind.mood_labels import (
    ALONE,
    FACE_SHARES,
    FACE_SHARPNESS,
    LOOKS,
    MOODS,
    PLEASANT,
    UNPLEASANT,
    VOICE_SHARES,
    VOICE_SHARPNESS,
    WORDS_SHARES,
    Alone,
    told_alone,
)
from robot.mind.reasons import Reasons, face_clue, heard_clue, voice_clue
from robot.mind.vocal_events import with_events

UNSURE = "unsure"
LOUDEST_OWN_NOISE = 0.5
"""A hop masked more than this by the robot's own motion or voice says nothing about a person."""

MATERIAL = 0.1
"""Confidence, valence or arousal must move this far for a new `Mood` under the same label."""

TONE_LOOKS_BACK_S = 1.0
"""A tone rests on at least this much speech, so that two of them in a short sentence are no fleeting sign."""

STABLE_S = 0.5
"""A mood that a sense has gone on naming for this long is a stable cue, no fleeting sign (Yan et al. 2013)."""

CLEAR = 0.05
"""... if it alone makes the mood this much more probable than a mood must be to be named."""

STILL_SAID = 0.3
"""A sense that has fallen silent still speaks for or against a mood while it is believed this much."""

RECHECK_S = 0.1
"""Without news the mood only fades; looking ten times a second is enough."""


class Fused(NamedTuple):
    """Both senses together.

    `probabilities` over `MOODS` sum to 1 and decide; `told`, too, is what is said of them: calibrated for a sense that
    is alone as well. `agreement` 0..1 is what contradiction leaves of them; `valence` and `arousal` are each -1..1; the
    shares 0..1 say how far each sense is to be believed.
    """

    probabilities: tuple[float, ...]
    told: tuple[float, ...]
    agreement: float
    valence: float
    arousal: float
    face_share: float
    voice_share: float
    words_share: float

    def confidence(self, mood: str) -> float:
        """How far `mood` may be named, 0..1: its probability, less what contradiction takes."""
        return self.probabilities[MOODS.index(mood)] * self.agreement

    @property
    def best(self) -> str:
        """The most likely mood."""
        return MOODS[self.probabilities.index(max(self.probabilities))]


class MoodFusion:
    """Turns percepts into a `Mood`. Stepped by the loop; keeps no clock of its own."""

    def __init__(self, settings: MoodSettings, reasons: Reasons) -> None:
        self.settings = settings
        self._reasons = reasons
        # A face comes many times a second, a tone about twice: the spans make one second of either weigh one second.
        self._face, self._voice = face_evidence(settings.half_life_s), voice_evidence(settings.half_life_s)
        self._words, self._turns = words_evidence(settings.half_life_s), turn_evidence(settings.half_life_s)
        self._visit = 0
        self._label = UNSURE
        self._leader = UNSURE
        self._leading_since_s = 0.0
        self._changed_s = float("-inf")
        self._checked_s = float("-inf")
        self._count = 0
        self._mood: Mood | None = None

    def forget(self) -> None:
        """Let go of all that was felt: consent was taken back."""
        self._face.forget()
        self._voice.forget()
        self._words.forget()
        self._turns.forget()
        self._label = self._leader = UNSURE
        self._changed_s = float("-inf")
        self._mood = None

    def step(self, t_s: float, focus: Focus, hearings: Sequence[Hearing], signals: Sequence[Signal] = ()) -> Mood:
        """The mood at `t_s`: the same object as before while nothing material changed."""
        news = self._take_face(t_s, focus)
        for hearing in hearings:
            news = self._take_voice(t_s, hearing, focus.voice_share) or news
        for signal in signals:
            news = self._take_said(signal, focus.voice_share) or news
        if not news and t_s - self._checked_s < RECHECK_S and self._mood is not None:
            return self._mood
        self._checked_s = t_s
        voice = two_opinions(self._voice.read(t_s), self._turns.read(t_s))
        fused = fuse(self._face.read(t_s), voice, self._words.read(t_s))
        changed = self._relabel(t_s, fused, news)
        return self._publish(t_s, fused, changed)

    def cue(self, t_s: float) -> str | None:
        """The mood that one sense clearly goes on naming with nothing said against it; None if there is none."""
        named = set()
        for evidence, back_s, fresh_s in ((self._face, 0.0, 0.3), (self._voice, TONE_LOOKS_BACK_S, 0.8)):
            run, share = evidence.run, evidence.read(t_s).share
            if run is None or (t_s - run.last_s > fresh_s and share < STILL_SAID):
                continue
            lasting = run.count >= 2 and run.last_s - run.since_s + back_s >= STABLE_S - 1e-6
            clear = evidence.run_sure >= self.settings.unsure_below + CLEAR
            named.add(run.mood if lasting and clear else UNSURE)
        return None if len(named) != 1 or UNSURE in named else named.pop()

    def _take_face(self, t_s: float, focus: Focus) -> bool:
        if focus.visit != self._visit:
            self._face.forget()
            self._words.forget()
            self._turns.forget()
            self._visit = focus.visit
        if focus.face is None or focus.sighting_id is None or focus.face.expression is None:
            return False
        clue = face_clue(focus.sighting_id, focus.face)
        return self._face.add(t_s, clue, focus.face.expression, trust=1.0)

    def _take_voice(self, t_s: float, hearing: Hearing, theirs: float) -> bool:
        if hearing.tone is None or hearing.own_noise > LOUDEST_OWN_NOISE:
            return False
        return self._voice.add(t_s, voice_clue(hearing), hearing.tone, trust=theirs * (1.0 - hearing.own_noise))

    def _take_said(self, signal: Signal, theirs: float) -> bool:
        """What was said in one turn, or how."""
        match signal:
            case HeardWords(feeling=Percept() as feeling):
                return _take_turn(self._words, signal, feeling, theirs * signal.confidence)
            case HeardTone(tone=tone):
                return _take_turn(self._turns, signal, with_events(tone), theirs)
        return False

    def _relabel(self, t_s: float, fused: Fused, news: bool) -> bool:
        """Move to another label when it has earned it; True if the label changed."""
        leader = self._leading(fused)
        if leader == self._label:
            self._leader = leader
            return False
        if leader != self._leader:
            self._leader, self._leading_since_s = leader, t_s
        named_s = self._named_for_s(leader)
        if leader != UNSURE and not (news and named_s is not None):
            return False
        dwell_s = self.settings.min_dwell_s
        if max(t_s - self._leading_since_s, named_s or 0.0) < dwell_s or t_s - self._changed_s < dwell_s:
            return False
        self._label, self._changed_s = leader, t_s
        return True

    def _leading(self, fused: Fused) -> str:
        """The label that should hold now, with a margin in favour of the one that does."""
        settings = self.settings
        best, best_confidence = fused.best, fused.confidence(fused.best)
        if self._label == UNSURE:
            return best if best_confidence >= settings.unsure_below else UNSURE
        own_confidence = fused.confidence(self._label)
        if best_confidence >= settings.unsure_below and best_confidence >= own_confidence + settings.enter_margin:
            return best
        return self._label if own_confidence >= settings.unsure_below - settings.enter_margin else UNSURE

    def _named_for_s(self, mood: str) -> float | None:
        """How long a sense has gone on naming `mood`; None before it did so twice. Nothing ever names `unsure`."""
        if mood == UNSURE:
            return None
        return max((span_s for _, run, span_s in self._backing(mood) if run.count >= 2), default=None)

    def _publish(self, t_s: float, fused: Fused, changed: bool) -> Mood:
        label = self._label
        # A named mood says how often it is right; contradiction has then been weighed in whether it is named at all.
        confidence = fused.confidence(fused.best) if label == UNSURE else fused.told[MOODS.index(label)]
        last = self._mood
        if last is not None and not changed and not _moved(last, confidence, fused):
            return last
        because = self._because(label)
        mood = Mood(
            id=f"m{self._count}",
            t_s=round(t_s, 6),
            label=label,
            confidence=round(confidence, 4),
            valence=round(fused.valence, 4),
            arousal=round(fused.arousal, 4),
            face_weight=round(fused.face_share, 4),
            voice_weight=round(fused.voice_share, 4),
            words_weight=round(fused.words_share, 4),
            because=because,
        )
        self._count += 1
        text = self._say_why(t_s, label, confidence)
        self._reasons.note_mood(mood.id, label, mood.confidence, text, because)
        if changed:
            self._reasons.add(t_s, "mood", label, text, (mood.id,))
        self._mood = mood
        return mood

    def _backing(self, label: str) -> list[tuple[str, Run, float]]:
        """The runs that speak for `label` (for `unsure`, every run there is), in words, with the seconds they cover."""
        runs = (
            ("your face looked", self._face.run, 0.0),
            ("your voice sounded", self._voice.run, TONE_LOOKS_BACK_S),
            ("your words were", self._words.run, 0.0),
            ("as a whole you sounded", self._turns.run, 0.0),
        )
        return [
            (words, run, run.last_s - run.since_s + back_s)
            for words, run, back_s in runs
            if run is not None and label in (run.mood, UNSURE)
        ]

    def _because(self, label: str) -> tuple[str, ...]:
        return self._reasons.cite(*(clue for _, run, _ in self._backing(label) for clue in (run.first, run.last)))

    def _say_why(self, t_s: float, label: str, confidence: float) -> str:
        clues = [
            f"{words} {LOOKS[run.mood]} ({run.confidence:.2f} sure) for {span_s:.1f} s"
            for words, run, span_s in self._backing(label)
        ]
        if label != UNSURE:
            # Without a run the label holds on what is left of older evidence.
            why = " and ".join(clues) or "you did a moment ago"
            return f"You seem {LOOKS[label]} ({confidence:.2f} sure) because {why}"
        age_s = min(sense.age_s(t_s) for sense in (self._face, self._voice, self._words, self._turns))
        if age_s == float("inf"):
            return "I am not sure how you feel because I have no clue yet"
        if age_s > 1.0:
            return f"I am not sure how you feel because my last clue is {age_s:.1f} s old"
        said = " but ".join(clues) if clues else "what I see and hear is not clear"
        return f"I am not sure how you feel because {said} (best guess only {confidence:.2f} sure)"


def face_evidence(half_life_s: float) -> Evidence:
    """An empty evidence of a face."""
    return Evidence(FACE_SHARES, half_life_s, first_span_s=0.05, longest_span_s=0.2, sharpness=FACE_SHARPNESS)


def voice_evidence(half_life_s: float) -> Evidence:
    """An empty evidence of a voice."""
    return Evidence(VOICE_SHARES, half_life_s, first_span_s=0.5, longest_span_s=0.6, sharpness=VOICE_SHARPNESS)


def words_evidence(half_life_s: float) -> Evidence:
    """An empty evidence of words. A sentence weighs like the second that it lasts, and comes seldom."""
    return Evidence(WORDS_SHARES, half_life_s, first_span_s=0.5, longest_span_s=2.0)


def turn_evidence(half_life_s: float) -> Evidence:
    """An empty evidence of how turns are said: of a voice, with the spans of words."""
    return Evidence(VOICE_SHARES, half_life_s, first_span_s=0.5, longest_span_s=2.0)


def _take_turn(evidence: Evidence, said: HeardWords | HeardTone, percept: Percept, trust: float) -> bool:
    """A sentence is no passing sign: it was meant from its first word to its last."""
    clue = heard_clue(said)
    took = [evidence.add(said_s, clue, percept, trust) for said_s in (said.began_s, said.ended_s)]
    return any(took)


NO_WORDS = Reading(0.0, (1 / len(MOODS),) * len(MOODS), 0.0, 0.0)


def fuse(face: Reading, voice: Reading, words: Reading = NO_WORDS, alone: tuple[Alone, Alone, Alone] = ALONE) -> Fused:
    """Join independent witnesses under an even prior: probabilities multiply, and an even guess changes nothing.

    What is told of a sense that speaks alone is as `alone` says; the more the others are believed, the less so.
    Contradiction is the largest probability that one sense means a pleasant and another an unpleasant mood; what
    is left after it scales every confidence.
    """
    senses = (face, voice, words)
    probabilities = _joined([sense.probabilities for sense in senses])
    conflict = max(
        _side(one, PLEASANT) * _side(other, UNPLEASANT) + _side(one, UNPLEASANT) * _side(other, PLEASANT)
        for one, other in combinations(senses, 2)
    )
    shares = max(1.0, sum(sense.share for sense in senses))
    return Fused(
        probabilities,
        _joined(_by_company(senses, alone)),
        1.0 - min(1.0, conflict),
        sum(sense.share * sense.valence for sense in senses) / shares,
        sum(sense.share * sense.arousal for sense in senses) / shares,
        *(sense.share for sense in senses),
    )


def _joined(witnesses: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The product of independent witnesses, summing to 1; the first of them where they exclude each other."""
    product = [prod(named) for named in zip(*witnesses, strict=True)]
    total = sum(product)
    return tuple(value / total for value in product) if total > 0 else witnesses[0]


def _by_company(senses: tuple[Reading, ...], alone: tuple[Alone, ...]) -> list[tuple[float, ...]]:
    """What is told of each sense, by how far it alone is believed."""
    found = []
    for sense, how in zip(senses, alone, strict=True):
        others = max(other.share for other in senses if other is not sense)
        found.append(told_alone(sense.probabilities, how, sense.share * (1.0 - min(1.0, others))))
    return found


def _side(reading: Reading, side: frozenset[str]) -> float:
    """How much of what a sense really says lies on one side of the valence axis, 0..1."""
    leaned = (1 - reading.share) * len(side) / len(MOODS)
    return max(0.0, sum(reading.probabilities[MOODS.index(mood)] for mood in side) - leaned)


def _moved(last: Mood, confidence: float, fused: Fused) -> bool:
    """True if any number of the mood moved materially since it was last published."""
    pairs = ((last.confidence, confidence), (last.valence, fused.valence), (last.arousal, fused.arousal))
    return any(abs(new - old) >= MATERIAL for old, new in pairs)
