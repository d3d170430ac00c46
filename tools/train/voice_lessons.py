"""What the teachers have to say of each training clip: soft tones, and opinions to learn beside them.

A teacher is a logistic regression on the encoder's statistics (`voice_teacher`), one for each corpus. It is fitted on
training speakers alone; of its own corpus it speaks only of those that it was not fitted on. What every teacher says of
every clip, in the words of its own corpus, tells more than a label does, also of speech without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from tools.train import voice_data
from tools.train.voice_data import CORPORA, Clip, Floats
from tools.train.voice_labels import TONES

PARTS = 4
RIDGE = 3e-3
SPREAD = 0.05
"""Acted labels are not certain: so much of each goes evenly to the tones of its corpus."""
OPINIONS = len(CORPORA) * len(TONES)
"""For each corpus a logit of each tone, standardised; NaN for the tones that it does not have."""


@dataclass(frozen=True)
class Lessons:
    """What to say of each clip.

    ``tones`` float32 (n, 9) are to be aimed at (all 0 where there is none), ``possible`` bool (n, 9) says which tones
    its corpus has. ``opinions`` float32 (n, OPINIONS) are NaN where a teacher is not there or has not heard the clip.
    """

    tones: Floats
    possible: npt.NDArray[np.bool_]
    opinions: Floats


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
    opinions = np.full((len(clips), OPINIONS), np.nan, np.float32)
    heard = np.array([clip.file in features for clip in clips])
    if not heard.any():
        return Lessons(targets, possible, opinions)
    width = len(next(iter(features.values())))
    known = np.stack([features.get(clip.file, np.zeros(width, np.float32)) for clip in clips])
    for corpus in tones:
        mine = heard & np.array([bool(clip.tone) and clip.corpus == corpus for clip in clips])
        if mine.any():
            _ask(clips, known, mine, heard, targets, opinions, teacher_share)
    return Lessons(targets, possible, opinions)


def _doubt(clip: Clip) -> float:
    return max(SPREAD, 1.0 - clip.agreement)


def _ask(
    clips: Sequence[Clip],
    known: Floats,
    mine: npt.NDArray[np.bool_],
    heard: npt.NDArray[np.bool_],
    targets: Floats,
    opinions: Floats,
    teacher_share: float,
) -> None:
    """Put what the teacher of the corpus with the clips ``mine`` says into ``targets`` and ``opinions``."""
    rows = np.flatnonzero(mine)
    asked_of = [clips[row] for row in rows.tolist()]
    names = sorted({clip.tone for clip in asked_of}, key=TONES.index)
    columns = [TONES.index(name) for name in names]
    labels = np.array([names.index(clip.tone) for clip in asked_of])
    parts = voice_data.dealt([clip.speaker for clip in asked_of], PARTS)
    part = np.array([parts[clip.speaker] for clip in asked_of])
    said = np.full((len(clips), len(names)), np.nan, np.float32)
    for number in np.unique(part):
        rest = rows[part != number]
        asked = rows[part == number]
        if len(np.unique(labels[part != number])) == len(names):
            said[asked] = _logits(known, rest, labels[part != number], asked, len(names))
    others = np.flatnonzero(heard & ~mine)
    if len(names) > 1 and len(others):
        said[others] = _logits(known, rows, labels, others, len(names))
    told = rows[~np.isnan(said[rows]).any(axis=1)]
    spoken = np.asarray(torch.softmax(torch.from_numpy(said[told]), 1).numpy())
    where = np.ix_(told, np.array(columns))
    targets[where] = (1 - teacher_share) * targets[where] + teacher_share * spoken
    first = CORPORA.index(asked_of[0].corpus) * len(TONES)
    spread = np.nanstd(said, axis=0) + 1e-3
    opinions[:, [first + column for column in columns]] = (said - np.nanmean(said, axis=0)) / spread


def _logits(
    known: Floats,
    fitted_on: npt.NDArray[np.intp],
    labels: npt.NDArray[np.int64],
    asked: npt.NDArray[np.intp],
    kinds: int,
) -> Floats:
    """What a regression fitted on some rows says of others: (len(asked), kinds)."""
    both = np.concatenate([fitted_on, asked])
    x = standardised(known[both], np.arange(len(both)) < len(fitted_on))
    weights = fit_logistic(x[: len(fitted_on)], labels, kinds)
    return np.asarray(_with_one(x[len(fitted_on) :]) @ weights)


def _with_one(features: Floats) -> Floats:
    return np.concatenate([features, np.ones((len(features), 1), np.float32)], axis=1).astype(np.float32)
