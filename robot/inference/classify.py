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
    logits: NDArray[np.float32], manifest: Manifest, quality: float, evidence: Mapping[str, float] = NO_EVIDENCE
) -> Percept:
    """What the logits of a model mean, by its manifest; `quality` 0..1 is that of the input and is passed on.

    `evidence` is what another witness says: by how much each label becomes likelier, as natural log odds.

    Valence and arousal are the labels' positions (`affect`) weighted by their probabilities.
    """
    labels = manifest.output.labels
    shares = probabilities(logits, manifest.temperature)
    if evidence:
        shares = shares * np.exp([evidence.get(label, 0.0) for label in labels])
        shares /= shares.sum()
    best = int(shares.argmax())
    valence, arousal = shares @ np.array([manifest.affect[label] for label in labels])
    return Percept(
        label=labels[best],
        confidence=round(float(shares[best]), DECIMALS),
        unsure=bool(shares[best] < manifest.thresholds.unsure_below),
        valence=round(float(valence), DECIMALS),
        arousal=round(float(arousal), DECIMALS),
        quality=round(quality, DECIMALS),
        probabilities={label: round(float(share), DECIMALS) for label, share in zip(labels, shares, strict=True)},
    )
