"""Figures of the tone model on speakers it never heard, pooled over folds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from robot.config import HearingSettings
from robot.evaluation import metrics
from robot.evaluation.metrics import Measured, bootstrap
from tools.train.package import Figure
from tools.train.voice_data import LABELS

RECIPE = "held-out speakers, 2 s windows"
CLIPS = "held-out speakers, whole clips"
"""Logits averaged over windows every 0.5 s, as the robot's mood does while somebody speaks."""
JUDGED_S = HearingSettings().min_speech_s
"""The robot judges no tone on less speech than this; single words are shorter."""
CHOSEN_ON = 0
"""The fold on whose held-out recall the recipe was chosen; figures without it are told, too."""


@dataclass(frozen=True)
class HeldOut:
    """Every reported clip once, answered by the fold that did not hear its speaker.

    ``truth``, ``folds`` int64 (n,); ``speakers``, ``corpora`` str (n,); ``logits`` int8 file's, ``float_logits`` the
    unquantised model's, ``noisy_logits`` the int8 file's in noise of 10 dB, ``clip_logits`` its mean over the windows
    of the whole clip, all real (n,k); ``speech_s`` (n,) seconds of speech in the clip.
    """

    truth: npt.NDArray[np.int64]
    folds: npt.NDArray[np.int64]
    speakers: npt.NDArray[np.str_]
    corpora: npt.NDArray[np.str_]
    logits: npt.NDArray[np.float32]
    float_logits: npt.NDArray[np.float32]
    noisy_logits: npt.NDArray[np.float32]
    clip_logits: npt.NDArray[np.float32]
    speech_s: npt.NDArray[np.float64]

    def temperature(self) -> float:
        """The temperature that fits all held-out answers."""
        return metrics.fit_temperature(self.truth, self.logits)

    def probabilities(self) -> npt.NDArray[np.float64]:
        """Probabilities (n,k), each fold's with the temperature that fits the other folds: an honest calibration."""
        given = np.empty(self.logits.shape)
        for fold in np.unique(self.folds):
            inside = self.folds == fold
            fitted = metrics.fit_temperature(self.truth[~inside], self.logits[~inside])
            given[inside] = metrics.softmax(self.logits[inside], fitted)
        return given


def _recall(truth: npt.NDArray[np.int64], logits: npt.NDArray[np.float32]) -> Callable[[npt.NDArray[np.intp]], float]:
    said = logits.argmax(axis=1)
    return lambda rows: metrics.unweighted_recall(truth[rows], said[rows], len(LABELS))


def _mean_of_corpora(held: HeldOut, logits: npt.NDArray[np.float32]) -> Callable[[npt.NDArray[np.intp]], float]:
    """Recall of each corpus, averaged: a large corpus of hard clips counts no more than a small one."""
    said = logits.argmax(axis=1)

    def measure(rows: npt.NDArray[np.intp]) -> float:
        parts = [rows[held.corpora[rows] == corpus] for corpus in np.unique(held.corpora[rows])]
        return float(np.mean([metrics.unweighted_recall(held.truth[p], said[p], len(LABELS)) for p in parts]))

    return measure


def figures(held: HeldOut) -> tuple[Figure, ...]:
    """Recall pooled, by corpus, in noise and unquantised; calibration and abstention. Intervals by speaker."""
    count, sure = len(held.truth), held.probabilities()

    def measured(measure: Callable[[npt.NDArray[np.intp]], float]) -> Measured:
        return bootstrap(measure, count, groups=held.speakers)

    found = [
        Figure("unweighted_recall", measured(_recall(held.truth, held.logits)), RECIPE),
        Figure("unweighted_recall", measured(_recall(held.truth, held.float_logits)), RECIPE, "float32"),
        Figure("unweighted_recall_mean_of_corpora", measured(_mean_of_corpora(held, held.logits)), RECIPE),
        Figure("unweighted_recall", measured(_recall(held.truth, held.clip_logits)), CLIPS),
        Figure("unweighted_recall_mean_of_corpora", measured(_mean_of_corpora(held, held.clip_logits)), CLIPS),
        Figure("unweighted_recall", measured(_recall(held.truth, held.noisy_logits)), f"{RECIPE}, noise at 10 dB"),
        Figure("calibration_error", measured(lambda i: metrics.calibration_error(held.truth[i], sure[i])), RECIPE),
        Figure("accuracy", measured(lambda i: metrics.accuracy(held.truth[i], sure[i].argmax(axis=1))), RECIPE),
        Figure(
            "accuracy_at_80_percent_coverage",
            measured(lambda i: metrics.accuracy_at_coverage(held.truth[i], sure[i], 0.8)),
            RECIPE,
        ),
    ]
    for name, logits in ((RECIPE, held.logits), (CLIPS, held.clip_logits)):
        found += _of_parts(held, name, logits)
    return tuple(found)


def _of_parts(held: HeldOut, name: str, logits: npt.NDArray[np.float32]) -> list[Figure]:
    """Recall of each corpus, of all without the fold the recipe was chosen on, and of what the robot would judge."""
    parts = {corpus: held.corpora == corpus for corpus in np.unique(held.corpora)}
    parts[f"without fold {CHOSEN_ON}"] = held.folds != CHOSEN_ON
    parts[f"with {JUDGED_S:g} s of speech or more"] = held.speech_s >= JUDGED_S
    found = []
    for part, inside in parts.items():
        rows = np.flatnonzero(inside)
        measure = _recall(held.truth[rows], logits[rows])
        found.append(
            Figure("unweighted_recall", bootstrap(measure, len(rows), groups=held.speakers[rows]), f"{part}, {name}")
        )
    return found
