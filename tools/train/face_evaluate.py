"""Measure the int8 facial-expression file: FER+ parts, changed pictures, FER2013's own labels, and rejects."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from robot.evaluation import metrics
from robot.evaluation.metrics import Measured, bootstrap
from tools.train.face_augment import FaceChanges, augment
from tools.train.face_data import LABELS, FaceSet, network_input
from tools.train.int8_file import Int8File
from tools.train.package import Figure

STILL = FaceChanges(
    scale=0.0,
    shift=0.0,
    turn_deg=0.0,
    shear=0.0,
    contrast=(1.0, 1.0),
    brightness=0.0,
    gamma_log=0.0,
    noise=0.0,
    photometric_share=0.0,
    blur_share=0.0,
    erase_share=0.0,
)
"""No change but the mirror."""

HARDSHIPS = {
    "none but the mirror": STILL,
    "box size and place off as live (15 %, 10 %)": replace(STILL, scale=0.15, shift=0.10),
    "head tilted, up to 20 degrees": replace(STILL, turn_deg=20.0),
    "little light: contrast 0.3, noise 5 %": replace(
        STILL, contrast=(0.3, 0.3), noise=0.05, photometric_share=1.0, gamma_log=0.0
    ),
    "blurred by 3 or 5 pixels": replace(STILL, blur_share=1.0),
    "partly covered: a flat rectangle of up to 40 % of the side": replace(STILL, erase_share=1.0),
}
SMALL_SIDES_PX = (24, 16, 12)
"""Sides of a small face in the frame, before it is enlarged to 48 pixels."""


@dataclass(frozen=True)
class Hard:
    """Accuracy on changed pictures, and the share on which the model would not commit itself."""

    accuracy: Measured
    unsure: float


@dataclass(frozen=True)
class Answers:
    """What the int8 file said of a set: real logits (n,k) and the true labels (n,)."""

    truth: npt.NDArray[np.int64]
    logits: npt.NDArray[np.float32]

    def figures(self, data: str, temperature: float) -> tuple[Figure, ...]:
        """Accuracy, recall, calibration and accuracy with the least sure fifth left out."""
        said, kinds = self.logits.argmax(axis=1), self.logits.shape[1]
        sure = metrics.softmax(self.logits, temperature)
        measures = {
            "accuracy": lambda i: metrics.accuracy(self.truth[i], said[i]),
            "macro_recall": lambda i: metrics.unweighted_recall(self.truth[i], said[i], kinds),
            "calibration_error": lambda i: metrics.calibration_error(self.truth[i], sure[i]),
            "accuracy_at_80_percent_coverage": lambda i: metrics.accuracy_at_coverage(self.truth[i], sure[i], 0.8),
        }
        return tuple(Figure(name, bootstrap(m, len(self.truth)), data) for name, m in measures.items())


def answers(file: Int8File, data: FaceSet) -> Answers:
    """The file's answers to every picture of a set."""
    return Answers(data.majority, expressions(file, network_input(data.images)))


def expressions(file: Int8File, pictures: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The logits (n,8) of the expressions, without what the file says after them."""
    return file.logits(pictures)[:, : len(LABELS)]


def under_hardships(file: Int8File, data: FaceSet, temperature: float, unsure_below: float) -> dict[str, Hard]:
    """Accuracy and abstention on a set whose pictures are changed, by the name of the change."""
    changed = {name: _changed(data, how) for name, how in HARDSHIPS.items()}
    changed |= {f"face of {side} pixels": _small(data, side) for side in SMALL_SIDES_PX}
    return {
        name: _hard(metrics.softmax(expressions(file, pictures), temperature), data.majority, unsure_below)
        for name, pictures in changed.items()
    }


def _hard(shares: npt.NDArray[np.float64], truth: npt.NDArray[np.int64], unsure_below: float) -> Hard:
    right = shares.argmax(axis=1) == truth
    accuracy = bootstrap(lambda i: float(right[i].mean()), len(truth))
    return Hard(accuracy, float((shares.max(axis=1) < unsure_below).mean()))


def _changed(data: FaceSet, how: FaceChanges, seed: int = 1) -> npt.NDArray[np.float32]:
    generator = torch.Generator().manual_seed(seed)
    pictures = torch.from_numpy(data.images).permute(0, 3, 1, 2)
    parts = [augment(pictures[i : i + 512], generator, how) for i in range(0, len(data), 512)]
    return np.asarray(torch.cat(parts).permute(0, 2, 3, 1).numpy(), np.float32)


def _small(data: FaceSet, side_px: int) -> npt.NDArray[np.float32]:
    pictures = torch.from_numpy(data.images).permute(0, 3, 1, 2).float()
    small = nn.functional.interpolate(pictures, size=(side_px, side_px), mode="area")
    large = nn.functional.interpolate(small, size=pictures.shape[2:], mode="bilinear", align_corners=False)
    return np.asarray(network_input(large.permute(0, 2, 3, 1).numpy()), np.float32)


def fer2013_accuracy(file: Int8File, images: npt.NDArray[np.uint8], truth: npt.NDArray[np.int64]) -> Measured:
    """Accuracy on pictures (n,48,48,1) by FER2013's own seven labels (n,), of the head that learned them."""
    right = file.logits(network_input(images))[:, len(LABELS) :].argmax(axis=1) == truth
    return bootstrap(lambda i: float(right[i].mean()), len(right))


def accepted(file: Int8File, images: npt.NDArray[np.uint8], temperature: float, unsure_below: float) -> Measured:
    """The share of pictures (n,48,48,1) of which the model says a sure expression."""
    sure = metrics.softmax(expressions(file, network_input(images)), temperature).max(axis=1) >= unsure_below
    return bootstrap(lambda i: float(sure[i].mean()), len(sure))
