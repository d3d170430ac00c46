"""Answers about voices from models that never heard the speaker, made in minutes where no training run is at hand.

The tone model that ships heard every speaker of the corpora. So a small one is made anew for each fifth of the
speakers, without them: one hidden layer on statistics of the same log-mel window, which hears 48 % of the tones of
unseen speakers where that network hears 50 % (docs/results/train_voice.md). Its temperature comes from speakers that
neither it was made with nor is judged on.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from robot.evaluation import metrics
from robot.senses.hearing.logmel import LogMel, normalise
from tools.train.paths import required_file

LABELS = ("neutral", "happy", "sad", "angry")
CORPORA = ("ravdess", "emodb", "nemo", "turev")
RATE_HZ = 16_000
WINDOW = 2 * RATE_HZ
NOISE_DB = 10.0
FOLDS = 5
SPOKEN, FEWEST_FRAMES = -0.5, 20
"""A frame with a mean level below this, of normalised -1..1, is a pause; with fewer frames all of them count."""
HIDDEN, DROPOUT, EPOCHS, BATCH, RATE, DECAY, SMOOTHING = 48, 0.4, 30, 128, 2e-3, 1e-3, 0.1
TEMPERATURES = np.geomspace(0.5, 4.0, 40)

Floats = npt.NDArray[np.float64]


class Answers(NamedTuple):
    """``labels`` int64 (n,) into :data:`LABELS`, ``speakers`` str (n,), ``clean`` and ``noisy`` probabilities (n,4)."""

    labels: npt.NDArray[np.int64]
    speakers: npt.NDArray[np.str_]
    clean: Floats
    noisy: Floats


def quick_answers(root: Path) -> Answers:
    """What a model without the speaker says of every clip, clean and in everyday noise at 10 dB.

    Raises:
        DataAbsentError: the clips or the noises are not on this machine.
    """
    with required_file(root, "voice/voice.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] in CORPORA and row["coarse"] in LABELS]
    labels = np.array([LABELS.index(row["coarse"]) for row in rows])
    speakers = np.array([f"{row['dataset']}/{row['speaker']}" for row in rows])
    noises = [_read(path) for path in sorted((root / "voice" / "noise_esc10").rglob("*.opus"))]
    rng, mel = np.random.default_rng(0), LogMel()
    clean, noisy = [], []
    for row in rows:
        window = loudest(_read(required_file(root, f"voice/{row['file']}")))
        clean.append(statistics(window, mel))
        noisy.append(statistics(_in_noise(window, noises[rng.integers(len(noises))], rng), mel))
    return Answers(labels, speakers, *held_out(np.array(clean), np.array(noisy), labels, speakers))


def held_out(
    clean: Floats, noisy: Floats, labels: npt.NDArray[np.int64], speakers: npt.NDArray[np.str_]
) -> tuple[Floats, Floats]:
    """Probabilities (n,4) for statistics ``clean`` and ``noisy`` (n,k), each from a model without that speaker."""
    named = sorted(set(speakers.tolist()))
    folds = np.array([named.index(speaker) % FOLDS for speaker in speakers.tolist()])
    weights = _clip_weights(labels, speakers)
    found = np.zeros((2, len(labels), len(LABELS)))

    def made_of(rows: npt.NDArray[np.bool_]) -> _Small:
        return _Small(clean[rows], labels[rows], weights[rows])

    for fold in range(FOLDS):
        aside = folds == (fold + 1) % FOLDS
        judged = folds == fold
        temperature = best_temperature(made_of(~judged & ~aside).logits(clean[aside]), labels[aside])
        model = made_of(~judged)
        for kind, inputs in enumerate((clean, noisy)):
            found[kind, judged] = metrics.softmax(model.logits(inputs[judged]), temperature)
    return found[0], found[1]


def loudest(sound: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The two seconds of a clip with most power, padded with silence in front where it is shorter."""
    if len(sound) <= WINDOW:
        return np.concatenate([np.zeros(WINDOW - len(sound), np.float32), sound])
    power = np.cumsum(np.concatenate([[0.0], sound.astype(np.float64) ** 2]))
    start = int(np.argmax(power[WINDOW:] - power[:-WINDOW]))
    return sound[start : start + WINDOW]


def statistics(window: npt.NDArray[np.float32], mel: LogMel) -> Floats:
    """Of each band of the frames in which somebody speaks: mean, spread, percentiles and change, (7 * bands,)."""
    frames = normalise(mel.frames(window)).astype(np.float64)
    spoken = frames[frames.mean(axis=1) > SPOKEN]
    frames = spoken if len(spoken) >= FEWEST_FRAMES else frames
    change = np.diff(frames, axis=0)
    places = np.percentile(frames, [10, 50, 90], axis=0)
    return np.concatenate([frames.mean(0), frames.std(0), *places, np.abs(change).mean(0), change.std(0)])


def best_temperature(logits: Floats, labels: npt.NDArray[np.int64]) -> float:
    """The temperature with the least negative log-likelihood."""
    rows = np.arange(len(labels))
    losses = [-np.log(metrics.softmax(logits, float(t))[rows, labels] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


class _Small:
    """One hidden layer, learned by Adam (Kingma and Ba 2015) with dropout; a clip counts by its ``weights`` (n,)."""

    def __init__(self, inputs: Floats, labels: npt.NDArray[np.int64], weights: Floats) -> None:
        self._mean, self._spread = inputs.mean(0), inputs.std(0) + 1e-6
        self._rng = np.random.default_rng(0)
        x, targets = self._ready(inputs), np.eye(len(LABELS))[labels] * (1 - SMOOTHING) + SMOOTHING / len(LABELS)
        width = x.shape[1]
        self._layers = [
            self._rng.normal(0, np.sqrt(2 / width), (width, HIDDEN)),
            np.zeros(HIDDEN),
            self._rng.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, len(LABELS))),
            np.zeros(len(LABELS)),
        ]
        means, squares = ([np.zeros_like(layer) for layer in self._layers] for _ in range(2))
        steps = 0
        for epoch in range(EPOCHS):
            rate = RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
            for rows in np.array_split(self._rng.permutation(len(x)), max(1, len(x) // BATCH)):
                steps += 1
                for at, slope in enumerate(self._slopes(x[rows], targets[rows], weights[rows])):
                    means[at] = 0.9 * means[at] + 0.1 * slope
                    squares[at] = 0.999 * squares[at] + 0.001 * slope**2
                    size = np.sqrt(squares[at] / (1 - 0.999**steps)) + 1e-8
                    self._layers[at] = self._layers[at] - rate * means[at] / (1 - 0.9**steps) / size

    def logits(self, inputs: Floats) -> Floats:
        """(n,4) for inputs (n,k)."""
        first, bias, second, offset = self._layers
        return np.asarray(np.maximum(self._ready(inputs) @ first + bias, 0.0) @ second + offset)

    def _slopes(self, x: Floats, targets: Floats, weights: Floats) -> list[Floats]:
        first, bias, second, offset = self._layers
        x = x * (self._rng.random(x.shape) > 0.2) / 0.8 + self._rng.normal(0, 0.1, x.shape)
        raw = x @ first + bias
        kept = (self._rng.random(raw.shape) > DROPOUT) / (1 - DROPOUT)
        hidden = np.maximum(raw, 0.0) * kept
        wrong = (metrics.softmax(hidden @ second + offset) - targets) * weights[:, None] / len(x)
        back = (wrong @ second.T) * kept * (raw > 0)
        return [x.T @ back + DECAY * first, back.sum(0), hidden.T @ wrong + DECAY * second, wrong.sum(0)]

    def _ready(self, inputs: Floats) -> Floats:
        return np.asarray((inputs - self._mean) / self._spread)


def _clip_weights(labels: npt.NDArray[np.int64], speakers: npt.NDArray[np.str_]) -> Floats:
    """Weights (n,), mean 1: a corpus by the root of its size, the labels in a corpus equally."""
    corpora = np.array([speaker.partition("/")[0] for speaker in speakers.tolist()])
    weights = np.zeros(len(labels))
    for corpus in np.unique(corpora):
        for label in range(len(LABELS)):
            rows = (corpora == corpus) & (labels == label)
            weights[rows] = np.sqrt(np.sum(corpora == corpus)) / max(1, rows.sum())
    return np.asarray(weights / weights.mean())


def _read(path: Path) -> npt.NDArray[np.float32]:
    import soundfile  # noqa: PLC0415  only where the data is

    samples, _ = soundfile.read(path, dtype="float32")
    return np.asarray(samples, np.float32)


def _in_noise(
    window: npt.NDArray[np.float32], noise: npt.NDArray[np.float32], rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    start = int(rng.integers(max(1, len(noise) - WINDOW)))
    part = np.resize(noise[start : start + WINDOW], WINDOW)
    wanted = np.sqrt(np.mean(window**2)) / 10.0 ** (NOISE_DB / 20.0)
    return np.asarray(window + part * wanted / max(float(np.sqrt(np.mean(part**2))), 1e-9), np.float32)
