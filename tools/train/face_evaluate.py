"""Measure the int8 facial-expression file: FER+ parts, changed pictures and studio photos."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from PIL import Image

from robot.evaluation import metrics
from robot.evaluation.metrics import Measured, bootstrap
from robot.senses.sight.crop import Framing, face_crop
from tools.train.face_augment import FaceChanges, augment
from tools.train.face_data import LABELS, FaceSet
from tools.train.face_train import network_input
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
    "box size and place off as live (15 %, 10 %)": FaceChanges(
        turn_deg=0.0, shear=0.0, photometric_share=0.0, blur_share=0.0, erase_share=0.0
    ),
    "head tilted, up to 20 degrees": FaceChanges(
        scale=0.0, shift=0.0, shear=0.0, photometric_share=0.0, blur_share=0.0, erase_share=0.0
    ),
    "little light: contrast 0.3, noise 5 %": FaceChanges(
        scale=0.0,
        shift=0.0,
        turn_deg=0.0,
        shear=0.0,
        contrast=(0.3, 0.3),
        brightness=0.0,
        gamma_log=0.0,
        noise=0.05,
        photometric_share=1.0,
        blur_share=0.0,
        erase_share=0.0,
    ),
    "blurred by 3 or 5 pixels": FaceChanges(
        scale=0.0, shift=0.0, turn_deg=0.0, shear=0.0, photometric_share=0.0, blur_share=1.0, erase_share=0.0
    ),
}


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
    return Answers(data.majority, file.logits(network_input(data.images)))


def under_hardship(file: Int8File, data: FaceSet, how: FaceChanges, seed: int = 1) -> Measured:
    """Accuracy on a set whose pictures are changed by ``how``."""
    changed = [
        augment(tf.constant(data.images[i : i + 512]), tf.constant([seed, i]), how).numpy()
        for i in range(0, len(data), 512)
    ]
    said = file.logits(np.concatenate(changed)).argmax(axis=1)
    return bootstrap(lambda i: metrics.accuracy(data.majority[i], said[i]), len(data))


def studio_photos(root: Path, file: Int8File, framing: Framing) -> tuple[Answers, npt.NDArray[np.str_]] | None:
    """The file's answers to the studio photos, one neutral and one smiling of each person, and the sex they reported.

    The faces are cut as the robot cuts live ones. None when the photos are absent.
    """
    listed = root / "face" / "photos.csv"
    if not listed.is_file():
        return None
    with listed.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["set"] == "london"]
    crops, truth = [], []
    for row in rows:
        with Image.open(root / "face" / "photos" / row["file"]) as picture:
            frame = np.asarray(picture.convert("RGB"))
        height, width = frame.shape[:2]
        left, top, right, bottom = (float(row[name]) for name in ("x0", "y0", "x1", "y1"))
        box = (left / width, top / height, (right - left) / width, (bottom - top) / height)
        crops.append(face_crop(frame, box, framing=framing))
        truth.append(LABELS.index(row["label"]))
    logits = file.logits(network_input(np.stack(crops)[..., None]))
    return Answers(np.array(truth), logits), np.array([row["gender"] for row in rows])
