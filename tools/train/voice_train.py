"""Train the tone network on pools of windows, once for each fold of speakers or on everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from robot.evaluation.metrics import unweighted_recall
from tools.train import voice_network
from tools.train.fit import Batch, Schedule, Trainer
from tools.train.runlog import RunLog
from tools.train.voice_data import LABELS

BATCH = 32
SMOOTHING = 0.05
"""Acted labels are not certain: a tenth of each goes evenly to all four tones."""


@dataclass(frozen=True)
class Windows:
    """Pools (clips, copies, frames, bands) with a label and a weight for each clip."""

    pool: Any
    labels: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]


def logits_of(model: Any, windows: Any, batch: int = 256) -> npt.NDArray[np.float32]:
    """The float model's logits (n,k) of windows (n, frames, bands)."""
    parts = [
        np.asarray(model(np.asarray(windows[i : i + batch], np.float32)[..., None], training=False))
        for i in range(0, len(windows), batch)
    ]
    return np.concatenate(parts)


def mask(windows: Any, seed: Any) -> Any:
    """SpecAugment (Park et al. 2019), mild: up to 30 frames in a row and up to 6 bands in a row set to the middle."""
    seeds = tf.random.experimental.stateless_split(seed, 4)
    count, frames, bands = tf.shape(windows)[0], windows.shape[1], windows.shape[2]

    def stretch(length: int, longest: int, place_seed: Any, size_seed: Any) -> Any:
        size = tf.random.stateless_uniform([count, 1], size_seed, 0.0, float(longest))
        start = tf.random.stateless_uniform([count, 1], place_seed) * (float(length) - size)
        steps = tf.range(length, dtype=tf.float32)[None, :]
        return (steps >= start) & (steps < start + size)

    in_time = stretch(frames, 30, seeds[0], seeds[1])[:, :, None, None]
    in_band = stretch(bands, 6, seeds[2], seeds[3])[:, None, :, None]
    return tf.where(in_time | in_band, -0.5, windows)


def batches(data: Windows, steps: int, seed: int, epoch: int) -> Iterator[Batch]:
    """``steps`` batches; clips are drawn by their weight, each time another of their copies."""
    rng = np.random.default_rng([seed, epoch])
    chance = data.weights / data.weights.sum()
    targets = np.eye(len(LABELS), dtype=np.float32)[data.labels] * (1 - SMOOTHING) + SMOOTHING / len(LABELS)
    rows = rng.choice(len(data.labels), steps * BATCH, p=chance)
    copies = rng.integers(0, data.pool.shape[1], len(rows))
    ones = tf.ones([BATCH])
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        windows = data.pool[part, copies[start : start + BATCH]].astype(np.float32)
        yield tf.constant(windows[..., None]), tf.constant(targets[part]), ones


def train(
    data: Windows, check: Windows | None, folder: Path, log: RunLog, *, epochs: int, seed: int, width: float = 1.0
) -> Any:
    """A Keras model with the averaged weights of the last epoch.

    No epoch is chosen by ``check`` (recall on it is only shown): there is no validation set of speakers to spare, and
    choosing on the held-out speakers would flatter the figures measured on them.
    """
    tf.keras.utils.set_random_seed(seed)
    model = voice_network.build(data.pool.shape[2], data.pool.shape[3], len(LABELS), width=width)
    steps = max(1, len(data.labels) // BATCH)
    done = [0]

    def validate(model: Any) -> dict[str, float]:
        done[0] += 1
        shown = (
            {}
            if check is None
            else {
                "held_out_recall": unweighted_recall(
                    check.labels, logits_of(model, check.pool[:, 0]).argmax(axis=1), len(LABELS)
                )
            }
        )
        return {"epochs_done": float(done[0]), **shown}

    log.say(f"{len(data.labels)} clips, {model.count_params()} weights, {epochs} epochs of {steps}")
    schedule = Schedule(epochs, steps, peak_rate=2e-3, average_decay=0.998)
    Trainer(model, schedule, folder, log, seed=seed, prepare=mask, validate=validate, choose_by="epochs_done").run(
        lambda epoch: batches(data, steps, seed, epoch)
    )
    return model
