"""From logits to a percept: calibrated probabilities, the best label, its doubt, and a place on the circumplex."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from robot.inference.manifest import Manifest
from robot.messages import Percept

NO_EVIDENCE: Mapping[str, float] = MappingProxyType({})

DECIMALS = 4
"""Numbers in a percept are rounded to this: finer is noise, and a report stays readable."""


def probabilities(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Softmax of `logits / temperature`, shape (labels,), summing to 1.

    The temperature, fitted on held-out data, makes confidences mean what they say (Guo et al. 2017, arXiv 1706.04599).
    """
    scaled = logits.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max())
    return np.asarray(powers / powers.sum())


def percept(
    answer: NDArray[np.float32], manifest: Manifest, quality: float, evidence: Mapping[str, float] = NO_EVIDENCE
) -> Percept:
    """What the answer of a model (logits and its further heads) means, by its manifest.

    `quality` 0..1 is that of the input and is passed on; a model that judges it itself may lower it. `evidence` is what
    another witness says: by how much each label becomes likelier, as natural log odds.

    Valence and arousal are what the model answers, or else the labels' positions (`affect`) weighted by their
    probabilities.
    """
    labels = manifest.output.labels
    shares = probabilities(answer[: len(labels)], manifest.temperature)
    if evidence:
        shares = shares * np.exp([evidence.get(label, 0.0) for label in labels])
        shares /= shares.sum()
    best = int(shares.argmax())
    valence, arousal = _affect(answer, shares, manifest)
    own = _own_quality(answer, manifest)
    return Percept(
        label=labels[best],
        confidence=round(float(shares[best]), DECIMALS),
        unsure=bool(shares[best] < manifest.thresholds.unsure_below or own < manifest.thresholds.quality_below),
        valence=round(float(valence), DECIMALS),
        arousal=round(float(arousal), DECIMALS),
        quality=round(min(quality, own), DECIMALS),
        probabilities={label: round(float(share), DECIMALS) for label, share in zip(labels, shares, strict=True)},
        events=_events(answer, manifest),
    )


def _affect(answer: NDArray[np.float32], shares: NDArray[np.float64], manifest: Manifest) -> NDArray[np.float64]:
    """Valence and arousal, each -1..1."""
    said = answer[manifest.output.head("affect")]
    if len(said):
        return np.clip(said.astype(np.float64) / manifest.output.affect_scale, -1.0, 1.0)
    return np.asarray(shares @ np.array([manifest.affect[label] for label in manifest.output.labels]))


def _own_quality(answer: NDArray[np.float32], manifest: Manifest) -> float:
    """How good the model finds its input, 0..1; 1 where it does not say."""
    said = answer[manifest.output.head("quality")]
    return float(1.0 / (1.0 + np.exp(-float(said[0])))) if len(said) else 1.0


def _events(answer: NDArray[np.float32], manifest: Manifest) -> dict[str, float]:
    """The probability of each event that the model knows; empty where it knows none."""
    where = manifest.output.head("events")
    said = answer[where]
    if not len(said):
        return {}
    shares = probabilities(said, 1.0)
    return {name: round(float(s), DECIMALS) for name, s in zip(manifest.output.heads["events"], shares, strict=True)}
