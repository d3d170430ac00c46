"""How good predictions are: accuracy, recall, calibration, coverage, confusion, with bootstrap intervals.

NumPy only, so that tests and tools can use it without the training packages. Labels are integers 0..k-1 in arrays (n,),
logits and probabilities floats (n,k).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.integer]
Floats = npt.NDArray[np.floating]


def softmax(logits: Floats, temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities (n,k) of logits (n,k) divided by ``temperature`` (> 0)."""
    scaled = np.asarray(logits, np.float64) / temperature
    raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def accuracy(truth: Labels, predicted: Labels) -> float:
    """Share of equal labels, 0..1. Raises ValueError when there are none."""
    if len(truth) == 0:
        raise ValueError("accuracy of no labels is not defined")
    return float(np.mean(np.asarray(truth) == np.asarray(predicted)))


def confusion(truth: Labels, predicted: Labels, classes: int) -> npt.NDArray[np.int64]:
    """Counts (classes,classes): row = true label, column = predicted label."""
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (np.asarray(truth), np.asarray(predicted)), 1)
    return counts


def recalls(truth: Labels, predicted: Labels, classes: int) -> npt.NDArray[np.float64]:
    """Recall of each class (classes,), NaN for a class that does not occur in ``truth``."""
    counts = confusion(truth, predicted, classes)
    total = counts.sum(axis=1)
    return np.asarray(np.divide(np.diag(counts), total, out=np.full(classes, np.nan), where=total > 0))


def unweighted_recall(truth: Labels, predicted: Labels, classes: int) -> float:
    """Mean recall over the classes that occur in ``truth``, 0..1. Raises ValueError when none does."""
    each = recalls(truth, predicted, classes)
    if np.isnan(each).all():
        raise ValueError("recall of no labels is not defined")
    return float(np.nanmean(each))


def calibration_error(truth: Labels, probabilities: Floats, bins: int = 15) -> float:
    """Expected calibration error over ``bins`` of equal mass, 0..1.

    The rows are sorted by their highest probability and cut into bins of (nearly) as many rows each; the error is the
    mean distance of accuracy and confidence weighted by rows (Nguyen and O'Connor 2015).
    """
    confidence = np.asarray(probabilities).max(axis=1)
    right = (np.asarray(probabilities).argmax(axis=1) == np.asarray(truth)).astype(np.float64)
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(p) * abs(right[p].mean() - confidence[p].mean()) for p in parts) / len(order))


def coverage_curve(truth: Labels, probabilities: Floats) -> npt.NDArray[np.float64]:
    """Accuracy (n,) among the most confident 1, 2 ... n rows: what abstaining on the rest would buy."""
    confidence = np.asarray(probabilities).max(axis=1)
    right = np.asarray(probabilities).argmax(axis=1) == np.asarray(truth)
    order = np.argsort(-confidence, kind="stable")
    return np.asarray(np.cumsum(right[order]) / np.arange(1, len(order) + 1))


def accuracy_at_coverage(truth: Labels, probabilities: Floats, coverage: float) -> float:
    """Accuracy among the most confident share ``coverage`` (0 < coverage <= 1) of the rows."""
    curve = coverage_curve(truth, probabilities)
    return float(curve[max(0, round(coverage * len(curve)) - 1)])


def negative_log_likelihood(targets: Floats, probabilities: Floats) -> float:
    """Mean cross-entropy, in nat, of probabilities (n,k) under target distributions (n,k)."""
    logs = np.log(np.clip(np.asarray(probabilities), 1e-12, 1.0))
    return float(-(np.asarray(targets) * logs).sum(axis=1).mean())


def fit_temperature(truth: Labels, logits: Floats) -> float:
    """The temperature in 0.25..4 that gives labels the highest likelihood (Guo et al. 2017), to 0.5 %."""
    candidates = np.exp(np.arange(np.log(0.25), np.log(4.0), 0.005))
    rows = np.arange(len(truth))
    costs = [-np.log(np.clip(softmax(logits, t)[rows, truth], 1e-12, 1.0)).mean() for t in candidates]
    return float(candidates[int(np.argmin(costs))])


@dataclass(frozen=True)
class Measured:
    """A figure with its 95 % bootstrap interval and the number of rows behind it."""

    value: float
    low: float
    high: float
    rows: int


def bootstrap(
    measure: Callable[[npt.NDArray[np.intp]], float],
    rows: int,
    *,
    seed: int = 0,
    draws: int = 1000,
    groups: npt.NDArray[Any] | None = None,
) -> Measured:
    """``measure(indices)`` on all rows, with a percentile interval over ``draws`` resamples with replacement.

    With ``groups`` (rows,), such as speakers, whole groups are resampled: rows of one speaker are not independent.
    The interval always holds the value: a calibration error is larger on resamples, which have fewer different rows.
    """
    rng = np.random.default_rng(seed)
    members = None
    if groups is not None:
        members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    values = np.empty(draws)
    for draw in range(draws):
        if members is None:
            chosen = rng.integers(0, rows, rows)
        else:
            chosen = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        values[draw] = measure(chosen)
    low, high = np.nanpercentile(values, [2.5, 97.5])
    value = float(measure(np.arange(rows)))
    return Measured(value, min(float(low), value), max(float(high), value), rows)
