"""How a visitor looks and sounds at rest: a resting face is not sad, and a loud voice is not angry.

While a sense shows nothing strong, a running median of its probabilities is kept for the visitor. What is above the
usual in it is taken off that feeling, within bounds: a feeling shown clearly is seen as before, a baseline can only
make the robot calmer, and it is forgotten when the visitor leaves.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import msgspec

from robot.messages import Hearing, Percept
from robot.mind.attention import Focus
from robot.mind.rested import RestedPercept
from robot.mind.vocal_events import is_event

NEUTRAL = "neutral"
AT_REST = frozenset({NEUTRAL, "calm", "bored"})
"""The labels that are no feeling."""
USUAL_NEUTRAL = 0.7
"""What a model usually gives to those for somebody at rest; the other labels share the rest. Judgement."""

CALM_BELOW = 0.6
"""A stretch is calm while no feeling is more probable than this."""

STEP_PER_S = 0.1
"""How fast the running median moves in probability. Each second of observation counts the same, whatever it shows, so
that outliers cannot pull: the stochastic approximation of a median (Robbins and Monro 1951)."""

MOST_INFLUENCE = 2.5
"""A feeling is divided, and "neutral" multiplied, by this at most: what is 0.9 sure keeps its name."""

LEAST_NAMED = 0.35
"""Below this probability the corrected percept names nothing."""

FORGET_S = 10.0
"""Nothing seen or heard of a visitor for this long: they have left."""

FACE_SPAN_S, VOICE_SPAN_S = 0.2, 0.6
"""What one percept counts for at most; as in `robot.mind.mood`."""


class Baseline:
    """How one sense reads one visitor at rest."""

    def __init__(self, longest_span_s: float) -> None:
        self._longest_span_s = longest_span_s
        self.forget()

    def forget(self) -> None:
        """Somebody else is there now, or nobody."""
        self._rest: dict[str, float] = {}
        self._last_s: float | None = None

    def recall(self, rest: Mapping[str, float]) -> None:
        """Begin with how somebody who is known was at rest before; nothing where that is empty."""
        if rest:
            self._rest = dict(rest)

    @property
    def rest(self) -> dict[str, float]:
        """The running median of each label's probability; empty before anything was seen."""
        return dict(self._rest)

    def learn(self, t_s: float, percept: Percept) -> None:
        """Take a percept into the baseline if it belongs to a calm stretch."""
        span_s = self._longest_span_s if self._last_s is None else min(self._longest_span_s, t_s - self._last_s)
        self._last_s = t_s
        labels = percept.probabilities
        if NEUTRAL not in labels or not all(0.0 <= value <= 1.0 for value in (*labels.values(), percept.quality)):
            return
        if not self._rest or self._rest.keys() != labels.keys():
            self._rest = {label: usual(label, labels) for label in labels}
        if max((value for label, value in labels.items() if label not in AT_REST), default=0.0) >= CALM_BELOW:
            return
        step = STEP_PER_S * span_s * percept.quality
        for label, value in labels.items():
            self._rest[label] += min(step, max(-step, value - self._rest[label]))

    def correct(self, percept: Percept) -> Percept:
        """The percept with the visitor's rest allowed for; the same object where that changes nothing."""
        labels = percept.probabilities
        if self._rest.keys() != labels.keys():
            return percept
        raised = {label: value * self._influence(label, labels) for label, value in labels.items()}
        total = sum(raised.values())
        if raised == labels or not 0.0 < total < float("inf"):
            return percept
        corrected = {label: round(value / total, 4) for label, value in raised.items()}
        label = max(corrected, key=lambda name: corrected[name])
        confidence = corrected[label]
        felt = 1.0 - _rested(labels)
        calmer = min(1.0, (1.0 - _rested(corrected)) / felt) if felt > 0 else 1.0
        return RestedPercept(
            label=label,
            confidence=confidence,
            unsure=confidence < LEAST_NAMED or (percept.unsure and confidence <= percept.confidence),
            valence=round(percept.valence * calmer, 4),
            arousal=round(percept.arousal * calmer, 4),
            quality=percept.quality,
            probabilities=corrected,
            events=percept.events,
            at_first=percept.label,
        )

    def _influence(self, label: str, labels: Collection[str]) -> float:
        """What a label's probability is multiplied by: feelings by 1 or less, those at rest by 1 or more."""
        ratio = usual(label, labels) / max(self._rest[label], 1e-6)
        if label in AT_REST:
            return min(MOST_INFLUENCE, max(1.0, ratio))
        return max(1 / MOST_INFLUENCE, min(1.0, ratio))


def _rested(probabilities: Mapping[str, float]) -> float:
    return sum(value for label, value in probabilities.items() if label in AT_REST)


class Baselines:
    """Face and voice of the visitor whom the robot attends to."""

    def __init__(self) -> None:
        self.face = Baseline(FACE_SPAN_S)
        self.voice = Baseline(VOICE_SPAN_S)
        self._visit = 0
        self._last_s = float("-inf")

    def step(self, t_s: float, focus: Focus, hearings: Sequence[Hearing]) -> tuple[Focus, Sequence[Hearing]]:
        """The same face and sound with what they express corrected."""
        if focus.visit != self._visit or t_s - self._last_s > FORGET_S:
            self._visit = focus.visit
            self.face.forget()
            self.voice.forget()
        if focus.face is not None or any(hearing.speaking for hearing in hearings):
            self._last_s = t_s
        return self._face(t_s, focus), [self._voice(t_s, hearing) for hearing in hearings]

    def forget(self) -> None:
        """Let go of the visitor's rest."""
        self.face.forget()
        self.voice.forget()

    def _face(self, t_s: float, focus: Focus) -> Focus:
        if focus.face is None or focus.face.expression is None:
            return focus
        self.face.learn(t_s, focus.face.expression)
        corrected = self.face.correct(focus.face.expression)
        if corrected is focus.face.expression:
            return focus
        return replace(focus, face=msgspec.structs.replace(focus.face, expression=corrected))

    def _voice(self, t_s: float, hearing: Hearing) -> Hearing:
        if hearing.tone is None:
            return hearing
        if not is_event(hearing.tone):
            self.voice.learn(t_s, hearing.tone)
        corrected = self.voice.correct(hearing.tone)
        return hearing if corrected is hearing.tone else msgspec.structs.replace(hearing, tone=corrected)


def usual(label: str, labels: Collection[str]) -> float:
    """The probability of `label`, one of `labels`, at rest before anything is known of a visitor."""
    resting = sum(other in AT_REST for other in labels)
    if label in AT_REST:
        return USUAL_NEUTRAL / resting
    return (1 - USUAL_NEUTRAL) / max(1, len(labels) - resting)
