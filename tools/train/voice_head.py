"""A linear head on the statistics of Whisper's encoder: tones and vocal events of a whole clip.

Logistic regressions, one of nine tones and one of events, fitted on clips as they are and as they might reach a robot
(`voice_hardships`). Means and spreads of the features are folded into the weights, so that the file takes them raw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from tools.train import voice_data, voice_figures
from tools.train.voice_data import Clip, Floats
from tools.train.voice_hardships import LEARNED, NO_NOISE, Hardships
from tools.train.voice_heads import EVENT, OUTPUTS
from tools.train.voice_labels import EVENTS, TONES

STEPS = 80
RIDGE = 0.003
"""Of the squared weights on standardised features, the mean loss being a cross-entropy in nats."""
SPEECH_SHARE = 0.15
"""So much of the speech stands beside the bursts for what is no event; all of it would teach nothing more."""
SURELY_GOOD = 8.0
"""The head does not judge how good the sound is: what stands where the small network says so."""

Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Statistics:
    """What is learned from: statistics (d,) of clips as they are, by file name, and in hardships (None: none)."""

    clean: dict[str, Floats]
    hard: Hardships | None


@dataclass(frozen=True)
class Head:
    """``weights`` float32 (d + 1, tones + events) for raw statistics, the last row the biases."""

    weights: Floats

    def answers(self, statistics: Floats) -> Floats:
        """Outputs (n, OUTPUTS) in the order of the small network's, of statistics (n, d); affect is left at 0."""
        said = np.zeros((len(statistics), OUTPUTS), np.float32)
        said[:, : EVENT.stop] = statistics @ self.weights[:-1] + self.weights[-1]
        said[:, -1] = SURELY_GOOD
        return said

    def file(self) -> bytes:
        """The same as a float32 TFLite file: (1, d) to (1, tones + events)."""
        import tensorflow as tf  # noqa: PLC0415  only where a file is written

        inputs = tf.keras.Input(batch_shape=(1, len(self.weights) - 1))
        layer = tf.keras.layers.Dense(self.weights.shape[1])
        model: Any = tf.keras.Model(inputs, layer(inputs))
        layer.set_weights([self.weights[:-1], self.weights[-1]])
        return bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())


def learned(clips: Sequence[Clip], held: Flags, told: Statistics) -> Head:
    """The head fitted on all clips that are not ``held`` (n,), as far as they were heard.

    A clip in a noise that is held out is not learned from either.
    """
    rows = [row for row, clip in enumerate(clips) if not held[row] and clip.file in told.clean]
    mine, features = [clips[row] for row in rows], [told.clean[clips[row].file] for row in rows]
    if told.hard is not None:
        for way in LEARNED:
            more = [row for row in rows if _may_learn(told.hard, way, clips[row], held)]
            mine += [clips[row] for row in more]
            features += [told.hard.statistics[way][clips[row].file] for row in more]
    x = np.stack(features)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-4
    x = (x - mean) / spread
    weights = np.concatenate([_tones(mine, x), _events(mine, x)], axis=1)
    raw = weights[:-1] / spread[:, None]
    return Head(np.concatenate([raw, weights[-1:] - mean @ raw]).astype(np.float32))


def _may_learn(hard: Hardships, way: str, clip: Clip, held: Flags) -> bool:
    if clip.file not in hard.statistics[way]:
        return False
    noise = hard.noises[way][clip.file]
    return noise == NO_NOISE or not held[noise]


def _tones(clips: Sequence[Clip], x: Floats) -> Floats:
    rows = np.flatnonzero([bool(clip.tone) for clip in clips])
    mine = [clips[row] for row in rows.tolist()]
    sets = voice_data.tone_sets(mine)
    possible = np.array([[tone in sets[clip.corpus] for tone in TONES] for clip in mine])
    return fit(x[rows], voice_figures.tone_labels(mine, TONES), voice_data.tone_chances(mine), len(TONES), possible)


def _events(clips: Sequence[Clip], x: Floats) -> Floats:
    rng = np.random.default_rng(0)
    some = [bool(clip.event) and (clip.kind != "speech" or rng.random() < SPEECH_SHARE) for clip in clips]
    rows = np.flatnonzero(some)
    labels = voice_figures.event_labels([clips[row] for row in rows.tolist()])
    chances = (1.0 / np.maximum(np.bincount(labels, minlength=len(EVENTS)), 1))[labels]
    return fit(x[rows], labels, chances, len(EVENTS), np.ones((len(rows), len(EVENTS)), np.bool_))


def fit(features: Floats, labels: npt.NDArray[np.int64], chances: Doubles, kinds: int, possible: Flags) -> Floats:
    """Weights (d + 1, kinds) of a logistic regression; each row counts by its chance.

    Half of the loss is among the labels that are ``possible`` (n, kinds), as the small network learns: a corpus without
    bored people does not mean that there are none.
    """
    x = torch.from_numpy(np.concatenate([features, np.ones((len(features), 1), np.float32)], axis=1))
    y, mask = torch.from_numpy(labels), torch.from_numpy(~possible)
    each = torch.from_numpy((chances / chances.sum()).astype(np.float32))
    weights = torch.zeros((x.shape[1], kinds), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=STEPS, history_size=10, line_search_fn="strong_wolfe")
    cross_entropy = torch.nn.functional.cross_entropy

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        logits = x @ weights
        among = logits.masked_fill(mask, -30.0)
        losses = (cross_entropy(logits, y, reduction="none") + cross_entropy(among, y, reduction="none")) / 2
        loss = (losses * each).sum() + RIDGE * weights[:-1].pow(2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return np.asarray(weights.detach().numpy())
