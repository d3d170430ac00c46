"""FER2013 pictures with the votes of FER+, as training targets and as test labels, and more faces to train on.

FER+ (Barsoum et al. 2016, arXiv 1608.01041) gives each FER2013 picture ten votes over eight expressions, "unknown" and
"not a face". Training uses the votes as a distribution; tests use the strict majority.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from tools.train.paths import required_file

LABELS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
FER2013_LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""FER2013's own labels, one a picture, in its order."""
TRAINING, PUBLIC_TEST, PRIVATE_TEST = 0, 1, 2
FER_SIDE_PX = 48
LEAST_USABLE_VOTES = 4
"""Votes that must name one of the eight expressions, of ten, for a picture to be trained on."""
MOST_NOT_A_FACE_VOTES = 4
ONE_OPINION = 0.85
"""What one person's label is worth as a target; the rest is spread evenly over the other labels."""


@dataclass(frozen=True)
class FaceSet:
    """Pictures with targets.

    ``images`` uint8 (n,48,48,1), ``targets`` float32 (n,8) summing to 1 a row (0 for a row nobody could name),
    ``majority`` int64 (n,), the strict-majority label or -1, and ``fer2013`` int64 (n,), FER2013's own label or -1.
    """

    images: npt.NDArray[np.uint8]
    targets: npt.NDArray[np.float32]
    majority: npt.NDArray[np.int64]
    fer2013: npt.NDArray[np.int64]

    @property
    def lessons(self) -> npt.NDArray[np.float32]:
        """What a network learns: the targets, then FER2013's label as 1 of 7, all 0 where there is none: (n,15)."""
        named = self.fer2013[:, None] == np.arange(len(FER2013_LABELS))
        return np.concatenate([self.targets, named.astype(np.float32)], axis=1)

    def __len__(self) -> int:
        return len(self.images)

    def __add__(self, other: FaceSet) -> FaceSet:
        return FaceSet(
            np.concatenate([self.images, other.images]),
            np.concatenate([self.targets, other.targets]),
            np.concatenate([self.majority, other.majority]),
            np.concatenate([self.fer2013, other.fer2013]),
        )

    def with_majority(self) -> FaceSet:
        """Only the pictures that have a strict-majority label."""
        keep = self.majority >= 0
        return FaceSet(self.images[keep], self.targets[keep], self.majority[keep], self.fer2013[keep])


def network_input(images: Any) -> Any:
    """Grey uint8 pictures as the network's float32 -1..1."""
    return np.asarray(images, np.float32) / 127.5 - 1.0


def unnamed(count: int) -> npt.NDArray[np.int64]:
    """No label of FER2013's own for ``count`` pictures."""
    return np.full(count, -1, np.int64)


def vote_targets(votes: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Votes (n,10) as distributions (n,8) over the expressions; a row without a usable vote is all zero.

    Single votes are dropped as slips, as the authors of FER+ do, unless nothing else is left.
    """
    expressions = votes[:, : len(LABELS)].astype(np.float32)
    kept = np.where(expressions > 1, expressions, 0.0)
    chosen = np.where(kept.sum(1, keepdims=True) > 0, kept, expressions)
    total = chosen.sum(1, keepdims=True)
    return np.asarray(np.divide(chosen, total, out=np.zeros_like(chosen), where=total > 0), np.float32)


def shows_face(votes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which rows of votes (n,10) show a face: bool (n,)."""
    return np.asarray(votes[:, 9] <= MOST_NOT_A_FACE_VOTES)


def usable(votes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which rows of votes (n,10) show a face whose expression enough raters could name: bool (n,)."""
    return np.asarray((votes[:, : len(LABELS)].sum(1) >= LEAST_USABLE_VOTES) & shows_face(votes))


def load(root: Path, usage: int) -> FaceSet:
    """One part of FER2013: ``TRAINING``, ``PUBLIC_TEST`` or ``PRIVATE_TEST``.

    The training part leaves out pictures without a face, nearly uniform ones and those whose pixels also stand in a
    test part; faces that too few raters could name keep only FER2013's label. The test parts keep every row, so that
    the strict majority has its published number of pictures.

    Raises:
        DataAbsentError: the file is not under ``root``.
    """
    with np.load(required_file(root, "face/fer2013_ferplus.npz")) as data:
        votes = data["ferplus_votes"]
        keep = data["usage"] == usage
        if usage == TRAINING:
            keep = keep & shows_face(votes) & ~data["train_leak"].astype(bool) & ~data["flat"].astype(bool)
        images = data["images"][keep][..., None]
        targets = vote_targets(votes[keep])
        if usage == TRAINING:
            targets[~usable(votes[keep])] = 0.0
        majority, own = data["ferplus_majority"][keep], data["fer_label"][keep]
        return FaceSet(images, targets, majority.astype(np.int64), own.astype(np.int64))


def everyday_faces(root: Path) -> FaceSet:
    """The neutral and happy faces of the muxspace set, 48x48: press photographs, among them many polite smiles.

    Each has the opinion of one person, which counts for ``ONE_OPINION``; its other labels are not to be relied on.

    Raises:
        DataAbsentError: the file is not under ``root``.
    """
    with np.load(required_file(root, "face/muxspace_train.npz"), allow_pickle=False) as data:
        trusted = np.isin(data["label"], (LABELS.index("neutral"), LABELS.index("happiness")))
        images, labels = data["images"][trusted], data["label"][trusted].astype(np.int64)
    size = FER_SIDE_PX
    small = np.stack(
        [np.asarray(Image.fromarray(picture).resize((size, size), Image.Resampling.BOX)) for picture in images]
    )
    targets = np.full((len(labels), len(LABELS)), (1 - ONE_OPINION) / (len(LABELS) - 1), np.float32)
    targets[np.arange(len(labels)), labels] = ONE_OPINION
    return FaceSet(small[..., None], targets, labels, unnamed(len(labels)))


def nothing_to_read(root: Path) -> FaceSet:
    """Training pictures in which the raters saw no face, as likely one expression as another: to learn doubt from.

    Raises:
        DataAbsentError: the file is not under ``root``.
    """
    images = no_faces(root, TRAINING)
    none = unnamed(len(images))
    return FaceSet(images, np.full((len(images), len(LABELS)), 1 / len(LABELS), np.float32), none, none)


def fer2013(root: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """FER2013's PrivateTest with its own labels: pictures uint8 (3589,48,48,1) and labels 0..6, in its order.

    Raises:
        DataAbsentError: the file is not under ``root``.
    """
    test = load(root, PRIVATE_TEST)
    return test.images, test.fer2013


def no_faces(root: Path, usage: int) -> npt.NDArray[np.uint8]:
    """The pictures of a part of FER2013 in which at least half of the raters saw no face: uint8 (n,48,48,1)."""
    with np.load(required_file(root, "face/fer2013_ferplus.npz")) as data:
        keep = (data["usage"] == usage) & ~shows_face(data["ferplus_votes"])
        if usage == TRAINING:
            keep = keep & ~data["train_leak"].astype(bool)
        return np.asarray(data["images"][keep][..., None], np.uint8)
