"""What the teachers have to say of each training clip: soft tones, and opinions to learn beside them.

A teacher is a logistic regression on the encoder's statistics (`voice_teacher`), one for the tones of each corpus and
one for the vocal events. It is fitted on training speakers alone; of its own clips it speaks only of speakers that it
was not fitted on. What every teacher says of every clip tells more than a label does, also of speech without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from tools.train import voice_data
from tools.train.voice_data import Clip, Floats
from tools.train.voice_labels import EVENTS, TONES
from tools.train.voice_subjects import COLUMNS, Subject, subjects

PARTS = 4
RIDGE = 3e-3
SPREAD = 0.05
"""Acted labels are not certain: so much of each goes evenly to the tones of its corpus."""


@dataclass(frozen=True)
class Lessons:
    """What to say of each clip.

    ``tones`` float32 (n, 9) are to be aimed at (all 0 where there is none), ``possible`` bool (n, 9) says which tones
    its corpus has; ``events`` float32 (n, 5) likewise, all 0 where the event is not known. ``opinions`` float32
    (n, COLUMNS), standardised logits of every teacher, are NaN where one is not there or has not heard the clip.
    """

    tones: Floats
    possible: npt.NDArray[np.bool_]
    events: Floats
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
    """What to learn of ``clips`` (only those that are trained on), ``teacher_share`` of it from the teachers."""
    told = _from_labels(clips)
    heard = np.array([clip.file in features for clip in clips])
    if heard.any():
        width = len(next(iter(features.values())))
        known = np.stack([features.get(clip.file, np.zeros(width, np.float32)) for clip in clips])
        for subject in subjects(clips, heard):
            _ask([clip.speaker for clip in clips], known, subject, heard, told, teacher_share)
    return told


def _from_labels(clips: Sequence[Clip]) -> Lessons:
    """What the labels alone say."""
    tones = voice_data.tone_sets(clips)
    targets = np.zeros((len(clips), len(TONES)), np.float32)
    possible = np.zeros((len(clips), len(TONES)), np.bool_)
    events = np.zeros((len(clips), len(EVENTS)), np.float32)
    for row, clip in enumerate(clips):
        if clip.tone:
            possible[row, [TONES.index(name) for name in tones[clip.corpus]]] = True
            targets[row] = possible[row] * (_doubt(clip) / len(tones[clip.corpus]))
            targets[row, TONES.index(clip.tone)] += 1.0 - _doubt(clip)
        if clip.event:
            events[row, EVENTS.index(clip.event)] = 1.0
    return Lessons(targets, possible, events, np.full((len(clips), COLUMNS), np.nan, np.float32))


def _doubt(clip: Clip) -> float:
    return max(SPREAD, 1.0 - clip.agreement)


def _ask(
    speakers: Sequence[str],
    known: Floats,
    subject: Subject,
    heard: npt.NDArray[np.bool_],
    told: Lessons,
    teacher_share: float,
) -> None:
    """Put what the teacher of a subject says into ``told``."""
    rows, labels, kinds = subject.rows, subject.labels, len(subject.names)
    parts = voice_data.dealt([speakers[row] for row in rows.tolist()], PARTS)
    part = np.array([parts[speakers[row]] for row in rows])
    said = np.full((len(speakers), kinds), np.nan, np.float32)
    for number in np.unique(part):
        rest, asked = part != number, rows[part == number]
        if len(np.unique(labels[rest])) == kinds:
            said[asked] = _logits(known, rows[rest], labels[rest], asked, kinds)
    others = np.setdiff1d(np.flatnonzero(heard), rows)
    if len(others):
        said[others] = _logits(known, rows, labels, others, kinds)
    answered = rows[~np.isnan(said[rows]).any(axis=1)]
    spoken = np.asarray(torch.softmax(torch.from_numpy(said[answered]), 1).numpy())
    aim, order = (told.events, EVENTS) if subject.of_events else (told.tones, TONES)
    where = np.ix_(answered, np.array([order.index(name) for name in subject.names]))
    aim[where] = (1 - teacher_share) * aim[where] + teacher_share * spoken
    told.opinions[:, subject.columns] = (said - np.nanmean(said, axis=0)) / (np.nanstd(said, axis=0) + 1e-3)


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
