"""What the teacher has to say of each training clip: soft tones, and a picture of the clip to learn beside them.

The teacher is a logistic regression on the encoder's statistics (`voice_teacher`), one for each corpus. It is fitted on
training speakers alone, and speaks only of those that it was not fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from tools.train import voice_data
from tools.train.voice_data import Clip, Floats
from tools.train.voice_labels import TONES

PARTS = 4
RIDGE = 3e-3
SPREAD = 0.05
"""Acted labels are not certain: so much of each goes evenly to the tones of its corpus."""
PICTURE = 48


@dataclass(frozen=True)
class Lessons:
    """What to say of each clip.

    ``tones`` float32 (n, 9) are to be aimed at (all 0 where there is none), ``possible`` bool (n, 9) says which tones
    its corpus has, and the rows of ``pictures`` float32 (n, 48) are NaN where the teacher has not heard the clip.
    """

    tones: Floats
    possible: npt.NDArray[np.bool_]
    pictures: Floats


def fit_logistic(features: Floats, labels: npt.NDArray[np.int64], kinds: int, ridge: float = RIDGE) -> Floats:
    """Weights (d + 1, kinds) of a logistic regression in which all labels weigh the same; the last row are biases."""
    x, y = torch.from_numpy(_with_one(features)), torch.from_numpy(labels)
    counts = np.bincount(labels, minlength=kinds)
    each = torch.from_numpy((1.0 / np.maximum(counts, 1))[labels].astype(np.float32))
    each /= each.sum()
    weights = torch.zeros((x.shape[1], kinds), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=60, history_size=10, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        losses = torch.nn.functional.cross_entropy(x @ weights, y, reduction="none")
        loss = (losses * each).sum() + ridge * weights[:-1].pow(2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return np.asarray(weights.detach().numpy())


def shares(features: Floats, weights: Floats) -> Floats:
    """What a regression says of clips: (n, kinds), rows summing to 1."""
    return np.asarray(torch.softmax(torch.from_numpy(_with_one(features) @ weights), 1).numpy())


def standardised(features: Floats, fitted_on: npt.NDArray[np.bool_]) -> Floats:
    """Features (n, d) with mean 0 and spread 1 over the rows ``fitted_on`` (n,)."""
    known = features[fitted_on]
    return np.asarray((features - known.mean(axis=0)) / (known.std(axis=0) + 1e-4), np.float32)


def lessons(clips: Sequence[Clip], features: dict[str, Floats], teacher_share: float) -> Lessons:
    """What to learn of ``clips`` (only those that are trained on), ``teacher_share`` of it from the teacher."""
    tones = voice_data.tone_sets(clips)
    targets = np.zeros((len(clips), len(TONES)), np.float32)
    possible = np.zeros((len(clips), len(TONES)), np.bool_)
    for row, clip in enumerate(clips):
        if clip.tone:
            possible[row, [TONES.index(name) for name in tones[clip.corpus]]] = True
            targets[row] = possible[row] * (_doubt(clip) / len(tones[clip.corpus]))
            targets[row, TONES.index(clip.tone)] += 1.0 - _doubt(clip)
    heard = np.array([clip.file in features for clip in clips])
    if not heard.any():
        return Lessons(targets, possible, np.full((len(clips), PICTURE), np.nan, np.float32))
    width = len(next(iter(features.values())))
    known = np.stack([features.get(clip.file, np.zeros(width, np.float32)) for clip in clips])
    for corpus in tones:
        rows = np.flatnonzero(heard & np.array([bool(c.tone) and c.corpus == corpus for c in clips]))
        if teacher_share and len(rows):
            _ask(clips, known, rows, targets, teacher_share)
    return Lessons(targets, possible, _pictures(known, heard))


def _doubt(clip: Clip) -> float:
    return max(SPREAD, 1.0 - clip.agreement)


def _ask(
    clips: Sequence[Clip], known: Floats, rows: npt.NDArray[np.intp], targets: Floats, teacher_share: float
) -> None:
    """Mix what the teacher says of the clips ``rows`` of one corpus into their ``targets``."""
    names = sorted({clips[row].tone for row in rows}, key=TONES.index)
    labels = np.array([names.index(clips[row].tone) for row in rows])
    parts = voice_data.dealt([clips[row].speaker for row in rows], PARTS)
    part = np.array([parts[clips[row].speaker] for row in rows])
    columns = [TONES.index(name) for name in names]
    for number in np.unique(part):
        fitted_on = part != number
        if len(np.unique(labels[fitted_on])) < len(names):
            continue
        x = standardised(known[rows], fitted_on)
        weights = fit_logistic(x[fitted_on], labels[fitted_on], len(names))
        asked = rows[~fitted_on]
        mine = targets[np.ix_(asked, columns)]
        targets[np.ix_(asked, columns)] = (1 - teacher_share) * mine + teacher_share * shares(x[~fitted_on], weights)


def _pictures(known: Floats, heard: npt.NDArray[np.bool_]) -> Floats:
    """The `PICTURE` directions in which the statistics vary most, each with spread 1: (n, PICTURE)."""
    x = standardised(known, heard)
    values, directions = np.linalg.eigh(np.cov(x[heard].T))
    kept = directions[:, ::-1][:, :PICTURE] / np.sqrt(np.maximum(values[::-1][:PICTURE], 1e-6))
    pictures = np.asarray(x @ kept, np.float32)
    pictures[~heard] = np.nan
    return pictures


def _with_one(features: Floats) -> Floats:
    return np.concatenate([features, np.ones((len(features), 1), np.float32)], axis=1).astype(np.float32)
