"""Train the facial-expression network on votes, choosing the epoch on FER2013's PublicTest part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from robot.evaluation.metrics import accuracy
from tools.train import face_augment, face_network
from tools.train.face_data import FaceSet
from tools.train.fit import Batch, Schedule, Trainer
from tools.train.runlog import RunLog

BATCH = 128


def network_input(images: Any) -> Any:
    """Grey uint8 pictures as the network's float32 -1..1."""
    return np.asarray(images, np.float32) / 127.5 - 1.0


def logits_of(model: Any, images: Any, batch: int = 512) -> Any:
    """The float model's logits (n,k) of grey uint8 pictures (n,48,48,1)."""
    parts = [model(network_input(images[i : i + batch]), training=False) for i in range(0, len(images), batch)]
    return np.concatenate([np.asarray(part) for part in parts])


def batches(data: FaceSet, seed: int, epoch: int) -> Iterator[Batch]:
    """The training set in an order given by ``seed`` and ``epoch``, in whole batches."""
    order = np.random.default_rng([seed, epoch]).permutation(len(data))
    weights = tf.ones([BATCH])
    for start in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[start : start + BATCH]
        yield tf.constant(data.images[rows]), tf.constant(data.targets[rows]), weights


def train(
    training: FaceSet,
    validation: FaceSet,
    folder: Path,
    log: RunLog,
    *,
    epochs: int,
    seed: int,
    width: float = 1.0,
    peak_rate: float = 2e-3,
    start: Path | None = None,
) -> Any:
    """A Keras model with the averaged weights of the epoch that is most accurate on ``validation``.

    ``start``: the ``best.npz`` of an earlier run to go on from with a new schedule.
    """
    tf.keras.utils.set_random_seed(seed)
    model = face_network.build(training.targets.shape[1], width=width)
    how = face_augment.FaceChanges()
    schedule = Schedule(epochs, len(training) // BATCH, peak_rate)

    def validate(model: Any) -> dict[str, float]:
        predicted = logits_of(model, validation.images).argmax(axis=1)
        return {"validation_accuracy": accuracy(validation.majority, predicted)}

    log.say(f"{len(training)} pictures, {model.count_params()} weights, {epochs} epochs of {schedule.steps_per_epoch}")
    trainer = Trainer(
        model,
        schedule,
        folder,
        log,
        seed=seed,
        validate=validate,
        choose_by="validation_accuracy",
        start=start,
        prepare=lambda x, s: face_augment.augment(x, s, how),
    )
    trainer.run(lambda epoch: batches(training, seed, epoch))
    return model
