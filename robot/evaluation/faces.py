"""Labelled faces in an ``.npz``, and what the expression model says of them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from robot.errors import EvaluationError
from robot.evaluation.answers import Answers
from robot.inference.manifest import Manifest
from robot.messages import Percept
from robot.senses.sight.expression import ExpressionJudge

ORDER = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
"""What the numbers in ``label`` mean: the order of FER+ (Barsoum et al. 2016)."""
TEST_PART = 2
"""``usage`` of FER2013's PrivateTest. Of a file with several parts only this one is measured: models are made on the
others."""
LEAST_SIDE_PX = 8

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""


@dataclass(frozen=True)
class LabelledFaces:
    """Grey pictures uint8 (n,h,w) and their label numbers int64 (n,), in the order of ``ORDER``."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    people: npt.NDArray[np.str_] | None

    def __len__(self) -> int:
        return len(self.labels)


def read_faces(path: Path) -> LabelledFaces:
    """The labelled pictures of an ``.npz`` with ``images`` and ``label`` (or FER2013 with FER+ votes: its PrivateTest).

    Raises:
        EvaluationError: no such file, no ``.npz``, or its arrays are not what they must be.
    """
    try:
        with np.load(path) as data:
            arrays = {
                name: data[name] for name in ("images", "label", "person", "usage", "ferplus_majority") if name in data
            }
    except FileNotFoundError:
        raise EvaluationError(f"{path}: no such file; give an .npz with `images` and `label`") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError) as error:
        raise EvaluationError(f"{path}: not a readable .npz ({error}); make it again with numpy.savez") from None
    if "label" not in arrays and {"usage", "ferplus_majority"} <= set(arrays):
        arrays["label"] = np.where(arrays["usage"] == TEST_PART, arrays["ferplus_majority"], -1)
    return _checked(arrays, path)


def _checked(arrays: dict[str, Any], path: Path) -> LabelledFaces:
    missing = sorted({"images", "label"} - set(arrays))
    if missing:
        raise EvaluationError(f"{path}: lacks the array {' and '.join(missing)}; both `images` and `label` are needed")
    images, labels = arrays["images"], arrays["label"]
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.dtype != np.uint8 or images.ndim != 3 or min(images.shape[1:]) < LEAST_SIDE_PX:
        raise EvaluationError(
            f"{path}: images are {images.dtype} {list(images.shape)}, must be grey uint8 (n,h,w) of at least "
            f"{LEAST_SIDE_PX} px; convert them"
        )
    if labels.shape != (len(images),):
        raise EvaluationError(f"{path}: label has shape {list(labels.shape)}, must be [{len(images)}], one a picture")
    numbers = _numbers(labels, path)
    keep = numbers >= 0
    if not keep.any():
        raise EvaluationError(f"{path}: no picture has a label; give at least one (0..7 or a name, -1 for none)")
    people = arrays.get("person")
    named = np.asarray(people[keep], np.str_) if people is not None and people.shape == labels.shape else None
    return LabelledFaces(images[keep], numbers[keep], named)


def _numbers(labels: npt.NDArray[Any], path: Path) -> npt.NDArray[np.int64]:
    """Label numbers of numbers or names."""
    if labels.dtype.kind in "US":
        names = [str(name) for name in labels.astype(np.str_)]
        strange = sorted(set(names) - set(ORDER))
        if strange:
            raise EvaluationError(f"{path}: label {strange[0]!r} is unknown; use {', '.join(ORDER)}")
        return np.array([ORDER.index(name) for name in names], np.int64)
    if labels.dtype.kind not in "iu" or (len(labels) and not -1 <= labels.min() <= labels.max() < len(ORDER)):
        raise EvaluationError(
            f"{path}: label must hold whole numbers -1..{len(ORDER) - 1} or names; see models evaluate --help"
        )
    return np.asarray(labels, np.int64)


def answer_faces(judge: ExpressionJudge, manifest: Manifest, faces: LabelledFaces, progress: Progress) -> Answers:
    """What the model says of every face whose label it knows; pictures are brought to the model's crop size.

    Raises:
        EvaluationError: the model knows none of the labels.
    """
    names = manifest.output.labels
    known = np.array([ORDER[label] in names for label in faces.labels])
    rows = np.flatnonzero(known)
    if len(rows) == 0:
        raise EvaluationError(f"{manifest.id} knows none of the labels in this set; it knows {', '.join(names)}")
    size_px = judge.framing.size_px
    percepts: list[Percept] = []
    for done, row in enumerate(rows, 1):
        percepts.append(judge.judge(_fitted(faces.images[row], size_px), 1.0))
        progress(done, len(rows))
    return Answers(
        names,
        np.array([names.index(ORDER[label]) for label in faces.labels[rows]], np.int64),
        np.array([[p.probabilities[name] for name in names] for p in percepts]),
        np.array([p.unsure for p in percepts]),
        people=None if faces.people is None else faces.people[rows],
    )


def _fitted(image: npt.NDArray[np.uint8], size_px: int) -> npt.NDArray[np.uint8]:
    if image.shape == (size_px, size_px):
        return image
    smaller = Image.fromarray(image).resize(
        (size_px, size_px), Image.Resampling.BOX if image.shape[0] > size_px else Image.Resampling.BILINEAR
    )
    return np.asarray(smaller, np.uint8)
