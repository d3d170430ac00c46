"""What a model said of a labelled set, and the figures that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import msgspec
import numpy as np
import numpy.typing as npt

from robot.evaluation import metrics

COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""The shares of the surest answers for which the coverage curve is told."""
DRAWS = 500
"""Bootstrap draws for an interval: enough for its ends to be right to a tenth of its width."""


@dataclass(frozen=True)
class Answers:
    """One row for each picture or clip that the model answered.

    ``truth`` int64 (n,) are indices into ``labels``; ``probabilities`` float64 (n,k) the calibrated answers.
    ``unsure`` bool (n,) says where the model itself would not commit. ``groups`` names further divisions of the rows,
    each a str array (n,), such as ``sex`` or ``data set``; ``people`` str (n,) names who each row is of, so that
    intervals resample people, or is None where that is not known.
    """

    labels: tuple[str, ...]
    truth: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float64]
    unsure: npt.NDArray[np.bool_]
    groups: Mapping[str, npt.NDArray[np.str_]] = field(default_factory=dict)
    people: npt.NDArray[np.str_] | None = None

    def __len__(self) -> int:
        return len(self.truth)

    def of(self, rows: npt.NDArray[np.bool_]) -> Answers:
        """Only some rows, bool (n,)."""
        people = None if self.people is None else self.people[rows]
        groups = {name: values[rows] for name, values in self.groups.items()}
        return Answers(self.labels, self.truth[rows], self.probabilities[rows], self.unsure[rows], groups, people)


class Estimate(msgspec.Struct, frozen=True):
    """A figure, 0..1, with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


class Figures(msgspec.Struct, frozen=True):
    """How good the answers to ``n`` rows are.

    ``coverage`` maps a share of the surest answers to the accuracy among them; ``recall`` a label to the share of its
    rows that were read so. ``confusion`` counts rows by true label (first index) and answer, in the order of
    ``labels``. ``unsure_share`` is where the model would not commit, ``sure_accuracy`` the accuracy where it did (None
    if it never did).
    """

    n: int
    accuracy: Estimate
    unweighted_recall: Estimate
    calibration_error: Estimate
    unsure_share: float
    sure_accuracy: float | None
    coverage: dict[str, float]
    recall: dict[str, float]
    labels: tuple[str, ...]
    confusion: list[list[int]]


class Evaluation(msgspec.Struct, frozen=True):
    """A model measured on a set: on all of it, and on each part of it (``parts``: division, name, figures).

    ``views`` are the same answers seen otherwise, such as with labels put together: the view's name to its parts.
    """

    model: str
    data: str
    left_out: dict[str, int]
    figures: Figures
    parts: dict[str, dict[str, Figures]]
    views: dict[str, dict[str, dict[str, Figures]]] = {}


def figures(answers: Answers) -> Figures:
    """All figures of some answers (at least one row)."""
    truth, sure = answers.truth, answers.probabilities
    said, kinds = sure.argmax(axis=1), len(answers.labels)
    committed = ~answers.unsure

    def estimate(measure: object) -> Estimate:
        found = metrics.bootstrap(measure, len(truth), draws=DRAWS, groups=answers.people)  # type: ignore[arg-type]
        return Estimate(_round(found.value), _round(found.low), _round(found.high))

    each = metrics.recalls(truth, said, kinds)
    return Figures(
        n=len(truth),
        accuracy=estimate(lambda i: metrics.accuracy(truth[i], said[i])),
        unweighted_recall=estimate(lambda i: metrics.unweighted_recall(truth[i], said[i], kinds)),
        calibration_error=estimate(lambda i: metrics.calibration_error(truth[i], sure[i])),
        unsure_share=_round(float(answers.unsure.mean())),
        sure_accuracy=_round(metrics.accuracy(truth[committed], said[committed])) if committed.any() else None,
        coverage={f"{c:g}": _round(metrics.accuracy_at_coverage(truth, sure, c)) for c in COVERAGES},
        recall={name: _round(float(r)) for name, r in zip(answers.labels, each, strict=True) if not np.isnan(r)},
        labels=answers.labels,
        confusion=metrics.confusion(truth, said, kinds).tolist(),
    )


def evaluate(
    model: str,
    data: str,
    answers: Answers,
    left_out: Mapping[str, int],
    views: Mapping[str, Answers] = MappingProxyType({}),
) -> Evaluation:
    """All figures, of everything and of each part of it. ``left_out`` counts rows not answered, by reason."""
    seen = {name: {"all": {"together": figures(other)}, **parts_of(other)} for name, other in views.items()}
    return Evaluation(model, data, dict(left_out), figures(answers), parts_of(answers), seen)


def parts_of(answers: Answers) -> dict[str, dict[str, Figures]]:
    """The figures of each part of each division that has more than one."""
    return {
        division: {str(name): figures(answers.of(values == name)) for name in np.unique(values)}
        for division, values in answers.groups.items()
        if len(np.unique(values)) > 1
    }


def _round(value: float) -> float:
    return round(value, 4)
