"""The training loop: AdamW, warm-up and cosine, averaged weights, a log, curves, and a checkpoint after every epoch.

A run that was killed goes on from its last whole epoch when it is started again with the same folder.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from tools.train.runlog import RunLog

Batch = tuple[Any, Any, Any]
"""Inputs, target distributions (n,k) and row weights (n,)."""


@dataclass(frozen=True)
class Schedule:
    """How to train: ``peak_rate`` is the learning rate after ``warmup_epochs``, from where it falls as a cosine."""

    epochs: int
    steps_per_epoch: int
    peak_rate: float = 2e-3
    warmup_epochs: float = 1.0
    weight_decay: float = 0.05
    average_decay: float = 0.998

    def rate(self, step: int) -> float:
        """The learning rate of a step (from 0)."""
        warm = self.warmup_epochs * self.steps_per_epoch
        total = self.epochs * self.steps_per_epoch
        if step < warm:
            return self.peak_rate * (step + 1) / warm
        return self.peak_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm) / max(1.0, total - warm))))


class Trainer:
    """One training run of one Keras model in one folder.

    ``prepare(inputs, seed)`` augments a batch in the graph. ``validate(model)`` gives named figures of which
    ``choose_by`` (larger is better) picks the epoch whose averaged weights are kept in ``best.npz``. ``start`` names
    another run's ``best.npz`` to begin from.
    """

    def __init__(
        self,
        model: Any,
        schedule: Schedule,
        folder: Path,
        log: RunLog,
        *,
        seed: int,
        prepare: Callable[[Any, Any], Any],
        validate: Callable[[Any], dict[str, float]],
        choose_by: str,
        start: Path | None = None,
    ) -> None:
        self.model, self.schedule, self.folder, self.log, self.seed = model, schedule, folder, log, seed
        self._prepare, self._validate, self._choose_by, self._start = prepare, validate, choose_by, start
        self._optimizer = tf.keras.optimizers.AdamW(
            schedule.peak_rate, weight_decay=schedule.weight_decay, global_clipnorm=5.0
        )
        self._optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        self._optimizer.build(model.trainable_variables)
        self._weights = [v for v in model.variables if v.dtype == "float32"]
        self._average = [tf.Variable(tf.convert_to_tensor(v)) for v in self._weights]
        self._step = tf.function(self._train_step)

    def _train_step(self, inputs: Any, targets: Any, weights: Any, seed: Any, decay: Any) -> Any:
        inputs = self._prepare(inputs, seed)
        with tf.GradientTape() as tape:
            logits = self.model(inputs, training=True)
            losses = tf.nn.softmax_cross_entropy_with_logits(targets, logits)
            loss = tf.reduce_sum(losses * weights) / tf.reduce_sum(weights)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self._optimizer.apply_gradients(zip(gradients, self.model.trainable_variables, strict=True))
        for average, weight in zip(self._average, self._weights, strict=True):
            average.assign(average * decay + tf.convert_to_tensor(weight) * (1.0 - decay))
        return loss

    def _save(self, epoch: int, best: float) -> None:
        state = {f"w{i}": np.asarray(v) for i, v in enumerate(self._weights)}
        state |= {f"a{i}": v.numpy() for i, v in enumerate(self._average)}
        state |= {f"o{i}": np.asarray(v) for i, v in enumerate(self._optimizer.variables)}
        _write(self.folder / "last.npz", state | {"epoch": np.array(epoch), "best": np.array(best)})

    def _restore(self) -> tuple[int, float]:
        path = self.folder / "last.npz"
        if not path.is_file():
            if self._start is not None:
                self._load(self._start)
                for weight, average in zip(self._weights, self._average, strict=True):
                    average.assign(tf.convert_to_tensor(weight))
            return 0, -math.inf
        with np.load(path) as state:
            for i, (weight, average) in enumerate(zip(self._weights, self._average, strict=True)):
                weight.assign(state[f"w{i}"])
                average.assign(state[f"a{i}"])
            for i, variable in enumerate(self._optimizer.variables):
                variable.assign(state[f"o{i}"])
            self.log.say(f"resumed after epoch {int(state['epoch'])}")
            return int(state["epoch"]), float(state["best"])

    def _with_average(self, use: Callable[[Any], dict[str, float]]) -> dict[str, float]:
        held = [np.asarray(v) for v in self._weights]
        for weight, average in zip(self._weights, self._average, strict=True):
            weight.assign(average)
        figures = use(self.model)
        for weight, value in zip(self._weights, held, strict=True):
            weight.assign(value)
        return figures

    def run(self, batches: Callable[[int], Iterator[Batch]]) -> None:
        """Train every epoch not yet done, then load the best averaged weights into the model.

        ``batches(epoch)`` yields the batches of an epoch, all of one size, the same for the same epoch.
        """
        epoch, best = self._restore()
        while epoch < self.schedule.epochs:
            started, losses = time.monotonic(), []
            for index, (inputs, targets, weights) in enumerate(batches(epoch)):
                step = epoch * self.schedule.steps_per_epoch + index
                self._optimizer.learning_rate = self.schedule.rate(step)
                # Early on the average must forget the random start: (1+t)/(10+t), as TensorFlow's own average does.
                decay = min(self.schedule.average_decay, (1 + step) / (10 + step))
                losses.append(self._step(inputs, targets, weights, tf.constant([self.seed, step]), tf.constant(decay)))
            epoch += 1
            figures = self._with_average(self._validate)
            if figures[self._choose_by] > best:
                best = figures[self._choose_by]
                _write(self.folder / "best.npz", {f"a{i}": v.numpy() for i, v in enumerate(self._average)})
            self._save(epoch, best)
            self.log.row(
                {"epoch": epoch, "loss": float(np.mean(losses)), **figures, "seconds": time.monotonic() - started}
            )
        self.load_best()

    def load_best(self) -> None:
        """Put the averaged weights of the chosen epoch into the model."""
        self._load(self.folder / "best.npz")

    def _load(self, path: Path) -> None:
        with np.load(path) as state:
            for i, weight in enumerate(self._weights):
                weight.assign(state[f"a{i}"])


def _write(path: Path, arrays: dict[str, Any]) -> None:
    """Write an npz whole or not at all: a kill in the middle leaves the old file."""
    partial = path.with_name(path.name + ".partial.npz")
    np.savez(partial, **arrays)
    partial.replace(path)
