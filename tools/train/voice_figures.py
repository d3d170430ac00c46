"""What the outputs of the tone network come to: tones among those a corpus has, four coarse tones, events."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from robot.evaluation import metrics
from robot.evaluation.views import COARSE, COARSE_OF
from tools.train.voice_data import Clip, Floats
from tools.train.voice_heads import EVENT, QUALITY, TONE
from tools.train.voice_labels import AT_REST, EVENTS, TONES

Labels = npt.NDArray[np.int64]
_MERGE = np.array([[float(COARSE_OF.get(tone) == name) for name in COARSE] for tone in TONES])
"""(9, 4): which tones count as which coarse one."""


def among(outputs: Floats, names: Sequence[str], temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities (n, k) of some tones alone, in the order of ``names``."""
    columns = [TONES.index(name) for name in names]
    return metrics.softmax(outputs[:, TONE][:, columns], temperature)


def coarse(outputs: Floats, temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities (n, 4) of the coarse tones: those of the finer ones added up, the others left out."""
    merged = metrics.softmax(outputs[:, TONE], temperature) @ _MERGE
    return np.asarray(merged / np.maximum(merged.sum(axis=1, keepdims=True), 1e-12))


def coarse_labels(clips: Sequence[Clip]) -> Labels:
    """The coarse tone (n,) of each clip, -1 where it has none."""
    return np.array([COARSE.index(COARSE_OF[c.tone]) if c.tone in COARSE_OF else -1 for c in clips], np.int64)


def coarse_recall(clips: Sequence[Clip], outputs: Floats) -> float:
    """Mean recall of the four coarse tones."""
    truth = coarse_labels(clips)
    known = truth >= 0
    return metrics.unweighted_recall(truth[known], coarse(outputs[known]).argmax(axis=1), len(COARSE))


def tone_labels(clips: Sequence[Clip], names: Sequence[str]) -> Labels:
    """Each clip's tone as a place in ``names``, -1 where it is none of them."""
    return np.array([names.index(clip.tone) if clip.tone in names else -1 for clip in clips], np.int64)


def event_labels(clips: Sequence[Clip]) -> Labels:
    """Each clip's event (n,), -1 where it is not known."""
    return np.array([EVENTS.index(clip.event) if clip.event else -1 for clip in clips], np.int64)


def events(outputs: Floats) -> npt.NDArray[np.float64]:
    """Probabilities (n, 5) of the vocal events."""
    return metrics.softmax(outputs[:, EVENT])


def quality(outputs: Floats) -> npt.NDArray[np.float64]:
    """How good the sound is, 0..1 (n,)."""
    return np.asarray(1.0 / (1.0 + np.exp(-outputs[:, QUALITY].astype(np.float64))))


def called_a_feeling(
    outputs: Floats, temperature: float, unsure_below: float, least_quality: float
) -> npt.NDArray[np.bool_]:
    """Where the surest tone is a feeling, and the model would commit itself to it."""
    shares = metrics.softmax(outputs[:, TONE], temperature)
    felt = ~np.isin(shares.argmax(axis=1), [TONES.index(name) for name in AT_REST])
    return np.asarray(felt & (shares.max(axis=1) >= unsure_below) & (quality(outputs) >= least_quality))
