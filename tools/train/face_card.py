"""The card of the facial-expression model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from robot.evaluation import metrics
from robot.evaluation.metrics import Measured
from tools.train import card
from tools.train.face_data import LABELS
from tools.train.face_evaluate import Answers
from tools.train.package import Figure


@dataclass(frozen=True)
class FaceFindings:
    """What was measured on one int8 file; ``studio`` is None when the photos are absent."""

    figures: tuple[Figure, ...]
    test: Answers
    hardships: dict[str, Measured]
    studio: tuple[Answers, npt.NDArray[np.str_]] | None
    trained_on: int
    temperature: float


def _about(found: FaceFindings, terms: str) -> str:
    return f"""
Reads which of eight expressions a face shows, from one small grey picture of it. It reads what raters would call the
look on a face, not what the person feels.

## Use

A companion robot's guess at how a visitor looks, averaged over seconds and together with other senses. Not for judging,
sorting, hiring, watching or diagnosing people, and not at work or in school. No decision should follow from one
picture.

## Input and output

48x48 grey pixels, cut by `robot/senses/sight/crop.py` around a BlazeFace box: a square of 1.17 box sides with its
centre raised by 0.068 of the crop's side; (grey - 127.5) / 127.5, then int8. Eight int8 logits; divide them by the
temperature {found.temperature:.3f} before the softmax.

## Training data and its terms

The Training part of FER2013 with the ten votes a picture of FER+, as distributions; single votes dropped, pictures
without a usable face and pictures that also stand in a test part left out: {found.trained_on} pictures. {terms} The
epoch and the temperature were chosen on PublicTest; PrivateTest was only measured. The studio photos were never trained
on.
"""


UNTESTED = """
## Not tested

Children and old people on their own, glasses, masks, beards, profile views, groups by skin or origin, moving faces, and
whether acted and felt expressions differ. Disgust and contempt have 18 and 16 test pictures: their recall is hardly
known. FER2013 comes from web searches, so posed and Western faces lead.

## Affect

Each label's place in valence and arousal follows the order of Russell's circumplex (1980); the numbers are rounded from
values commonly quoted from Russell and Mehrabian (1977), and were not measured here. Surprise's valence is lowered,
because a surprised face may be pleased or not; contempt's place is our own estimate.
"""


def _studio(answers: Answers, groups: npt.NDArray[np.str_]) -> str:
    """How many neutral and smiling photos were read so, in all and by the sex people reported."""
    said = answers.logits.argmax(axis=1)
    rows = []
    for label in np.unique(answers.truth):
        for group in ("all", *np.unique(groups)):
            inside = (answers.truth == label) & ((groups == group) | (group == "all"))
            right = int((said[inside] == label).sum())
            others = [
                f"{int((said[inside] == k).sum())} {LABELS[k]}"
                for k in range(len(LABELS))
                if k != label and (said[inside] == k).any()
            ]
            rows.append([LABELS[label], str(group), f"{right} of {int(inside.sum())}", ", ".join(others) or "-"])
    return card.table(["asked to show", "people", "read so", "read otherwise"], rows)


def write(title: str, found: FaceFindings, terms: str) -> str:
    """The card in Markdown."""
    said = found.test.logits.argmax(axis=1)
    hard = [[name, card.percent(value)] for name, value in found.hardships.items()]
    studio = (
        "Not measured: the photos are absent."
        if found.studio is None
        else card.paragraphs(
            card.prose("""Face Research Lab London Set (DeBruine and Jones 2017, CC-BY-4.0), one neutral and one smiling
                      photo of each person, cut with the robot's own crop from a BlazeFace box:"""),
            _studio(*found.studio),
        )
    )
    return card.paragraphs(
        f"# {title}",
        card.prose(_about(found, terms)),
        "## Figures",
        card.figures_table(found.figures),
        card.prose("""Intervals: bootstrap over pictures, 1,000 draws. Calibration error: 15 bins of equal mass, after
                      the temperature. For scale: one rater agrees with the majority of the others on 77.1 % of this
                      test."""),
        "## Confusion, PrivateTest, int8",
        card.confusion_table(metrics.confusion(found.test.truth, said, len(LABELS)), LABELS),
        "## Harder pictures",
        "The PrivateTest pictures, changed at random (seed 1; half of them mirrored):",
        card.table(["change", "accuracy (95 % interval)"], hard),
        "## Studio photos",
        studio,
        card.prose(UNTESTED),
    )
