"""Studio photos and pictures without a face, through the robot's whole sight: detector, crop, level, network."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from hardware.ports import Frame
from robot.config import InferenceSettings, SightSettings
from robot.evaluation import metrics
from robot.evaluation.metrics import Measured, bootstrap
from robot.inference.classify import NO_EVIDENCE
from robot.messages import Percept
from robot.senses.sight.crop import Framing
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.sight import Sight
from tools.train.face_data import LABELS
from tools.train.int8_file import Int8File

Judged = npt.NDArray[np.int64]


class Int8Judge:
    """An int8 file as the robot's sight asks it, before it has a manifest."""

    framing = Framing()

    def __init__(self, file: Int8File, temperature: float, unsure_below: float) -> None:
        self._file, self._temperature, self._unsure_below = file, temperature, unsure_below

    def judge(
        self, crop: npt.NDArray[np.uint8], quality: float, evidence: Mapping[str, float] = NO_EVIDENCE
    ) -> Percept:
        """The expression in a grey crop uint8 (48,48), and what another witness says of it."""
        values = (crop.astype(np.float32) - 127.5) / 127.5
        logits = self._file.logits(values[None, ..., None])[:, : len(LABELS)]
        shares = metrics.softmax(logits, self._temperature)[0]
        shares = shares * np.exp([evidence.get(label, 0.0) for label in LABELS])
        shares /= shares.sum()
        best = int(shares.argmax())
        named = dict(zip(LABELS, map(float, shares), strict=True))
        return Percept(LABELS[best], float(shares[best]), bool(shares[best] < self._unsure_below), 0, 0, quality, named)


@dataclass(frozen=True)
class Photos:
    """What was read from each studio photo: ``truth`` and ``said`` (n,) labels, -1 where no face was found.

    ``people``, ``sex`` and ``group`` str (n,) are as the people reported them.
    """

    truth: Judged
    said: Judged
    people: npt.NDArray[np.str_]
    sex: npt.NDArray[np.str_]
    group: npt.NDArray[np.str_]

    def recall(self, label: int, inside: npt.NDArray[np.bool_]) -> Measured:
        """The share of photos of a label that were read so, with an interval over people."""
        rows = np.flatnonzero(inside & (self.truth == label))
        right = self.said[rows] == label
        return bootstrap(lambda i: float(right[i].mean()), len(rows), groups=self.people[rows])

    def gap(self, label: int, division: npt.NDArray[np.str_]) -> Measured:
        """The largest difference of that share between the groups of a division that hold more than two people."""
        rows = np.flatnonzero(self.truth == label)
        names = [name for name in np.unique(division) if len(np.unique(self.people[division == name])) > 2]

        def measure(i: npt.NDArray[np.intp]) -> float:
            chosen = rows[i]
            shares = [
                float((self.said[part] == label).mean())
                for part in (chosen[division[chosen] == name] for name in names)
                if len(part)
            ]
            return max(shares) - min(shares)

        return bootstrap(measure, len(rows))


def open_sight(file: Int8File, temperature: float, unsure_below: float) -> Sight:
    """The robot's own sight with the int8 file in it."""
    settings = SightSettings()
    detector = FaceDetector.open(InferenceSettings(accelerator="cpu"), settings.min_face_score)
    return Sight(detector, Int8Judge(file, temperature, unsure_below), settings)


def studio_photos(root: Path, sight: Sight) -> Photos | None:
    """The studio photos, one neutral and one smiling of each person; None when they are absent."""
    listed = root / "face" / "photos.csv"
    if not listed.is_file():
        return None
    with listed.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["set"] == "london"]
    percepts = [_largest(sight, _picture(root / "face" / "photos" / row["file"])) for row in rows]
    return Photos(
        np.array([LABELS.index(row["label"]) for row in rows]),
        np.array([-1 if percept is None else LABELS.index(percept.label) for percept in percepts]),
        np.array([row["person"] for row in rows]),
        np.array([row["gender"] for row in rows]),
        np.array([row["ethnicity"] for row in rows]),
    )


def faceless_accepted(root: Path, sight: Sight) -> Measured | None:
    """The share of pictures without a face in which a sure expression is seen; None when the pictures are absent."""
    objects = root / "face" / "nonface" / "objects.npz"
    if not objects.is_file():
        return None
    with np.load(objects) as data:
        pictures = [np.repeat(image[..., None], 3, axis=2) for image in data["images"]]
    with (root / "face" / "photos.csv").open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["set"] == "rainbow"]
    pictures += [_picture(root / "face" / "photos" / row["file"]) for row in rows]
    accepted = np.array([(p := _largest(sight, picture)) is not None and not p.unsure for picture in pictures])
    return bootstrap(lambda i: float(accepted[i].mean()), len(accepted))


def _picture(path: Path) -> npt.NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def _largest(sight: Sight, pixels: npt.NDArray[np.uint8]) -> Percept | None:
    faces = sight.see(Frame(0, 0.0, np.ascontiguousarray(pixels)), None).faces
    return faces[0].expression if faces else None
