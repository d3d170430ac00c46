"""What one sense says over time: a leaky average of its percepts, and how much there is behind it.

Weight is counted in seconds of good observation, so that neither the frame rate nor the number of models decides
which sense counts more. All values are plain numbers; nothing here knows faces from voices.
"""

from dataclasses import dataclass
from math import isfinite

from robot.messages import Percept
from robot.mind.mood_labels import MOODS, sharpened, spread
from robot.mind.reasons import Clue

DOUBT_S = 0.2
"""An even guess mixed in with this weight: evidence of 0.2 s is believed by half. Keeps one frame from deciding."""

TURN_S = 0.5
"""A sense that has named another mood without a break for this long has turned: what it said before no longer counts.
Micro-expressions are over within half a second (Yan et al. 2013); what lasts longer is meant to be seen."""

TURNED = 0.2
"""... if it names that mood by this much more than all that went before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Evidence at one moment.

    `share` 0..1 is how far it is to be believed. `probabilities` over `MOODS` sum to 1 and already lean to an even
    guess by what is missing in `share`. `valence` and `arousal`, each -1..1, are plain averages.
    """

    share: float
    probabilities: tuple[float, ...]
    valence: float
    arousal: float


SAME_SOUND = 0.7
"""The power that each of two opinions on the same sound is raised to before they are multiplied: they err alike in
part. About the likeliest for both tone models on people that neither heard (docs/results/voice_deep.md)."""


def two_opinions(first: Reading, second: Reading) -> Reading:
    """What two models of one and the same sound say together; where one is silent, what the other says."""
    power = 1.0 - (1.0 - SAME_SOUND) * min(first.share, second.share)
    raised = [(one * other) ** power for one, other in zip(first.probabilities, second.probabilities, strict=True)]
    total, shares = sum(raised), first.share + second.share
    if total <= 0 or shares <= 0:
        return first
    return Reading(
        max(first.share, second.share),
        tuple(value / total for value in raised),
        (first.share * first.valence + second.share * second.valence) / shares,
        (first.share * first.arousal + second.share * second.arousal) / shares,
    )


@dataclass(frozen=True, slots=True)
class Run:
    """The latest unbroken run of percepts that name the same mood.

    `confidence` is their average; `first` and `last` are kept as clues for the reasons.
    """

    mood: str
    since_s: float
    count: int
    first: Clue
    last: Clue
    last_s: float
    confidence: float


class Evidence:
    """The running evidence of one sense.

    `half_life_s` is how long a percept takes to count half. `first_span_s` is what the first percept after a pause
    counts for, `longest_span_s` the most that a later one counts for: both in seconds. `sharpness` is the power that
    probabilities are raised to.
    """

    def __init__(
        self,
        shares: dict[str, dict[str, float]],
        half_life_s: float,
        first_span_s: float,
        longest_span_s: float,
        sharpness: float = 1.0,
    ) -> None:
        self._shares = shares
        self._sharpness = sharpness
        self._half_life_s = half_life_s
        self._first_span_s = first_span_s
        self._longest_span_s = longest_span_s
        self.forget()

    def forget(self) -> None:
        """Start from nothing: somebody else stands there now."""
        self._weight_s = 0.0
        self._last_s = 0.0
        self._average = (1 / len(MOODS),) * len(MOODS)
        self._valence = 0.0
        self._arousal = 0.0
        self.run: Run | None = None
        self._turning = _Sum()

    def add(self, t_s: float, clue: Clue, percept: Percept, trust: float) -> bool:
        """Take in a percept at `t_s`, weighed by its quality and by `trust` 0..1. False if it was worth nothing."""
        numbers = (percept.valence, percept.arousal, percept.quality, *percept.probabilities.values())
        if not all(map(isfinite, numbers)):
            return False
        elapsed_s = t_s - self._last_s
        fresh_start = self._weight_s == 0 or elapsed_s > 2 * self._longest_span_s
        span_s = self._first_span_s if fresh_start else elapsed_s
        weight_s = min(span_s, self._longest_span_s) * _unit(percept.quality) * _unit(trust)
        if weight_s <= 0:
            return False
        kept_s = self._weight_s * halved(elapsed_s, self._half_life_s)
        new = weight_s / (kept_s + weight_s)
        named = sharpened(spread(percept.probabilities, self._shares), self._sharpness)
        self._average = tuple(old + new * (now - old) for old, now in zip(self._average, named, strict=True))
        self._valence += new * (_signed(percept.valence) - self._valence)
        self._arousal += new * (_signed(percept.arousal) - self._arousal)
        self._weight_s, self._last_s = kept_s + weight_s, t_s
        if not percept.unsure:  # a guess below the model's own threshold is weighed but names nothing
            self._extend_run(t_s, clue, MOODS[named.index(max(named))], percept.confidence)
            self._turning.add(weight_s, named, _signed(percept.valence), _signed(percept.arousal))
            self._turn()
        return True

    def _turn(self) -> None:
        """Leave the past behind once a run that says something else has lasted."""
        run, turning = self.run, self._turning
        if run is None or run.count < 2 or run.last_s - run.since_s < TURN_S:
            return
        mood = MOODS.index(run.mood)
        if turning.average[mood] < self._average[mood] + TURNED or turning.weight_s >= self._weight_s:
            return
        self._average, self._valence, self._arousal = turning.average, turning.valence, turning.arousal
        self._weight_s = turning.weight_s

    def _extend_run(self, t_s: float, clue: Clue, mood: str, confidence: float) -> None:
        run = self.run
        if run is None or run.mood != mood or t_s - run.last_s > 2 * self._longest_span_s:
            self.run = Run(mood, t_s, 1, clue, clue, t_s, confidence)
            self._turning = _Sum()
            return
        count = run.count + 1
        mean = run.confidence + (confidence - run.confidence) / count
        self.run = Run(mood, run.since_s, count, run.first, clue, t_s, mean)

    @property
    def run_sure(self) -> float:
        """How probable the present run alone makes its mood, 0..1; an even guess where there is no run."""
        share = self._turning.weight_s / (self._turning.weight_s + DOUBT_S)
        return share * max(self._turning.average) + (1 - share) / len(MOODS)

    def age_s(self, t_s: float) -> float:
        """Seconds since the last percept that counted; infinite if there was none."""
        return t_s - self._last_s if self._weight_s > 0 else float("inf")

    def read(self, t_s: float) -> Reading:
        """The evidence at `t_s`: belief starts to halve when the next percept is overdue."""
        if self._weight_s == 0:
            return Reading(0.0, self._average, 0.0, 0.0)
        overdue_s = max(0.0, t_s - self._last_s - self._longest_span_s)
        share = self._weight_s / (self._weight_s + DOUBT_S) * halved(overdue_s, self._half_life_s)
        even = (1 - share) / len(MOODS)
        probabilities = tuple(share * value + even for value in self._average)
        return Reading(share, probabilities, self._valence, self._arousal)


class _Sum:
    """The plain weighted average of the percepts of one run."""

    def __init__(self) -> None:
        self.weight_s = 0.0
        self.average = (1 / len(MOODS),) * len(MOODS)
        self.valence = self.arousal = 0.0

    def add(self, weight_s: float, named: tuple[float, ...], valence: float, arousal: float) -> None:
        self.weight_s += weight_s
        new = weight_s / self.weight_s
        self.average = tuple(old + new * (now - old) for old, now in zip(self.average, named, strict=True))
        self.valence += new * (valence - self.valence)
        self.arousal += new * (arousal - self.arousal)


def halved(elapsed_s: float, half_life_s: float) -> float:
    """What is left of 1 after `elapsed_s`; a half-life of 0 forgets at once."""
    if elapsed_s <= 0:
        return 1.0
    return float(0.5 ** (elapsed_s / half_life_s)) if half_life_s > 0 else 0.0


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))


def _signed(value: float) -> float:
    return min(1.0, max(-1.0, value))
