"""Errors and calibration of the robot's fusion on pairs, with each sense missing or noisy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from robot.config import MoodSettings
from robot.evaluation.metrics import Measured, bootstrap
from robot.messages import Percept
from robot.mind.evidence import Evidence, Reading, two_opinions
from robot.mind.mood import fuse, turn_evidence
from robot.mind.mood_labels import FACE_SHARES, MOODS, VOICE_SHARES, Alone
from robot.mind.reasons import Clue
from tools.benchmark.fusion_pairs import LABELS, Floats, Pairs
from tools.train import face_data

SETTLED_S = 4.0
"""How long each percept stands before the mood is read: as long as a look at somebody."""

FACE_EVERY_S, VOICE_EVERY_S = 1 / 15, 0.5
SENTENCE_S = 2.0
BINS = 15
DRAWS = 300
ALONE_GRID = tuple(
    Alone(power, neutral) for power in (1.0, 1.1, 1.2, 1.3, 1.4, 1.5) for neutral in (0.3, 0.4, 0.5, 0.7, 1.0)
)
GRID = tuple((face, voice) for face in (1.0, 1.1, 1.2) for voice in (1.0, 1.15, 1.3))


class Condition(NamedTuple):
    """Which percepts are there: `clean`, `noisy` or missing; and whether the voice has a second opinion."""

    words: str
    face: str | None
    voice: str | None
    second: bool = False

    @property
    def fused(self) -> bool:
        """Whether both senses are there."""
        return self.face is not None and self.voice is not None


CONDITIONS: dict[str, Condition] = {
    "both": Condition("face and voice", "clean", "clean"),
    "noisy_face": Condition("noisy face and voice", "noisy", "clean"),
    "noisy_voice": Condition("face and noisy voice", "clean", "noisy"),
    "both_noisy": Condition("noisy face and noisy voice", "noisy", "noisy"),
    "face_only": Condition("face, no voice", "clean", None),
    "voice_only": Condition("voice, no face", None, "clean"),
    "both_with_second": Condition("face and voice with its second opinion", "clean", "clean", second=True),
    "both_noisy_with_second": Condition("the same, both noisy", "noisy", "noisy", second=True),
    "voice_with_second": Condition("voice with its second opinion, no face", None, "clean", second=True),
    "noisy_voice_with_second": Condition("the same, noisy", None, "noisy", second=True),
}


@dataclass(frozen=True)
class Judged:
    """What the fusion made of each pair: right or not, how probable it called its mood, and whether it would say it."""

    right: npt.NDArray[np.bool_]
    sure: Floats
    unsure: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Score:
    """The figures of one condition, all shares 0..1; `difference` is the error less that of the better sense alone."""

    name: str
    error: Measured
    better_alone: Measured
    difference: Measured
    calibration: Measured
    unsure: Measured


def score(pairs: Pairs) -> list[Score]:
    """Every condition that there are answers for, with intervals over speakers."""
    return [_score_one(pairs, name) for name, one in CONDITIONS.items() if pairs.seconds is not None or not one.second]


def tune(pairs: Pairs) -> Iterator[tuple[tuple[float, float], float]]:
    """Other sharpness of (face, voice), and the largest calibration error over the conditions with both senses."""
    for sharpness in GRID:
        tried = replace(pairs, sharpness=sharpness)
        found = [judge(tried, one.face, one.voice) for one in CONDITIONS.values() if one.fused and not one.second]
        yield sharpness, max(calibration_error(judged.right, judged.sure) for judged in found)


def tune_alone(pairs: Pairs) -> Iterator[tuple[str, Alone, float]]:
    """Each sense alone: its condition, other ways to tell of it, and the calibration error with each."""
    for place, name in enumerate(("face_only", "voice_only")):
        condition = CONDITIONS[name]
        for how in ALONE_GRID:
            face, voice, words = (how if at == place else kept for at, kept in enumerate(pairs.alone))
            judged = judge(replace(pairs, alone=(face, voice, words)), condition.face, condition.voice)
            yield condition.words, how, calibration_error(judged.right, judged.sure)


def judge(pairs: Pairs, face: str | None, voice: str | None, *, second: bool = False) -> Judged:
    """Send every pair through the robot's evidence and fusion, the voice with its second opinion or without."""
    faces = None if face is None else pairs.clean_faces if face == "clean" else pairs.noisy_faces
    voices = None if voice is None else pairs.clean_voices if voice == "clean" else pairs.noisy_voices
    seen = _readings(faces, pairs.faces, face_data.LABELS, pairs.sharpness[0], sight=True)
    heard = _readings(voices, pairs.voices, LABELS, pairs.sharpness[1], sight=False)
    if second and pairs.seconds is not None and voice is not None:
        for row, first in heard.items():
            shares = dict(zip(LABELS, pairs.seconds[voice][row].tolist(), strict=True))
            heard[row] = two_opinions(first, _sentence(shares))
    none = _settled(None, 1.0, sight=True)
    settings = MoodSettings()
    right, sure, unsure = [], [], []
    for truth, at_face, at_voice in zip(pairs.truth, pairs.faces, pairs.voices, strict=True):
        fused = fuse(seen.get(int(at_face), none), heard.get(int(at_voice), none), alone=pairs.alone)
        right.append(fused.best == LABELS[truth])
        sure.append(fused.told[MOODS.index(fused.best)])
        unsure.append(fused.confidence(fused.best) < settings.unsure_below)
    return Judged(np.array(right), np.array(sure), np.array(unsure))


def calibration_error(right: npt.NDArray[np.bool_], sure: Floats) -> float:
    """Expected calibration error over `BINS` bins of equal mass, 0..1 (Nguyen and O'Connor 2015)."""
    parts = [part for part in np.array_split(np.argsort(sure, kind="stable"), BINS) if len(part)]
    return float(sum(len(part) * abs(right[part].mean() - sure[part].mean()) for part in parts) / len(sure))


def _score_one(pairs: Pairs, name: str) -> Score:
    condition = CONDITIONS[name]
    judged = judge(pairs, condition.face, condition.voice, second=condition.second)
    alone = [
        judge(pairs, face, voice, second=condition.second).right
        for face, voice in ((condition.face, None), (None, condition.voice))
        if face is not None or voice is not None
    ]

    def better(rows: npt.NDArray[np.intp]) -> float:
        return min(1.0 - float(right[rows].mean()) for right in alone)

    def error(rows: npt.NDArray[np.intp]) -> float:
        return 1.0 - float(judged.right[rows].mean())

    count = len(pairs.truth)

    def measured(measure: object) -> Measured:
        return bootstrap(measure, count, groups=pairs.speakers, draws=DRAWS)  # type: ignore[arg-type]

    return Score(
        name,
        measured(error),
        measured(better),
        measured(lambda rows: error(rows) - better(rows)),
        measured(lambda rows: calibration_error(judged.right[rows], judged.sure[rows])),
        measured(lambda rows: float(judged.unsure[rows].mean())),
    )


def _readings(
    probabilities: Floats | None,
    rows: npt.NDArray[np.int64],
    labels: tuple[str, ...],
    sharpness: float,
    *,
    sight: bool,
) -> dict[int, Reading]:
    """The settled reading of every row that occurs; none for a missing sense."""
    if probabilities is None:
        return {}
    return {
        int(row): _settled(dict(zip(labels, probabilities[row].tolist(), strict=True)), sharpness, sight=sight)
        for row in np.unique(rows)
    }


def _sentence(probabilities: dict[str, float]) -> Reading:
    """What the robot's evidence holds of a sentence of `SENTENCE_S` at its end."""
    evidence = turn_evidence(MoodSettings().half_life_s)
    label = max(probabilities, key=lambda name: probabilities[name])
    percept = Percept(label, probabilities[label], True, 0.0, 0.0, 1.0, probabilities)
    for t_s in (SETTLED_S - SENTENCE_S, SETTLED_S):
        evidence.add(t_s, Clue("", ""), percept, trust=1.0)
    return evidence.read(SETTLED_S)


def _settled(probabilities: dict[str, float] | None, sharpness: float, *, sight: bool) -> Reading:
    """What the robot's evidence holds after `SETTLED_S` of the same percept."""
    half_life_s = MoodSettings().half_life_s
    if sight:
        evidence = Evidence(FACE_SHARES, half_life_s, 0.05, 0.2, sharpness)
    else:
        evidence = Evidence(VOICE_SHARES, half_life_s, 0.5, 0.6, sharpness)
    if probabilities is None:
        return evidence.read(0.0)
    label = max(probabilities, key=lambda name: probabilities[name])
    percept = Percept(label, probabilities[label], True, 0.0, 0.0, 1.0, probabilities)
    every_s = FACE_EVERY_S if sight else VOICE_EVERY_S
    for number in range(1, round(SETTLED_S / every_s) + 1):
        evidence.add(number * every_s, Clue("", ""), percept, trust=1.0)
    return evidence.read(SETTLED_S)
