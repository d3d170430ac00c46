"""The card of the facial-expression model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from robot.evaluation import metrics
from tools.train import card
from tools.train.face_data import LABELS
from tools.train.face_evaluate import Answers, Hard
from tools.train.face_photos import Photos
from tools.train.package import Figure


@dataclass(frozen=True)
class FaceFindings:
    """What was measured on one int8 file; ``studio`` is None when the photos are absent.

    ``seeds`` maps a seed to its int8 accuracies on the part that was chosen on and on the test part, and by FER2013's
    own labels (0 on drawn faces).
    """

    figures: tuple[Figure, ...]
    test: Answers
    hardships: dict[str, Hard]
    studio: Photos | None
    trained_on: int
    temperature: float
    recipe: str
    seeds: dict[int, tuple[float, float, float]]


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
temperature {found.temperature:.3f} before the softmax. After them stand seven more, the head `fer2013`: what FER2013's
own labels would be, which Rapport does not use.

## Training data and its terms

The Training part of FER2013 with the ten votes a picture of FER+, as distributions, single votes dropped, and FER2013's
own labels; pictures without a face and pictures that also stand in a test part left out; everyday faces that one person
called neutral or happy, which counts for 85 %; and pictures in which the raters saw no face, as likely any expression:
{found.trained_on} pictures in all. {terms} The
epoch, the seed and the temperature were chosen on PublicTest; PrivateTest was only measured. The studio photos were
never trained on.

{found.recipe}
"""


UNTESTED = """
## Not tested

Children and old people on their own, glasses, masks, beards, profile views, larger groups by skin or origin, moving
faces, and whether acted and felt expressions differ. Disgust and contempt have 18 and 16 test pictures: their recall is
hardly known. FER2013 comes from web searches, so posed and Western faces lead.

## Affect

Each label's place in valence and arousal follows the order of Russell's circumplex (1980); the numbers are rounded from
values commonly quoted from Russell and Mehrabian (1977), and were not measured here. Surprise's valence is lowered,
because a surprised face may be pleased or not; contempt's place is our own estimate.
"""


def _studio(photos: Photos) -> str:
    """How many neutral and smiling photos were read so, in all, by sex and by group, and the largest gaps."""
    divisions = {"all": np.full(len(photos.truth), "all"), "sex": photos.sex, "group": photos.group}
    rows = []
    for label in np.unique(photos.truth):
        for division, names in divisions.items():
            for name in np.unique(names):
                inside = (names == name) & (photos.truth == label)
                said = photos.said[inside]
                others = [f"{int((said == k).sum())} {LABELS[k]}" for k in np.unique(said[said >= 0]) if k != label]
                if (said < 0).any():
                    others.append(f"{int((said < 0).sum())} no face found")
                share = card.percent(photos.recall(int(label), inside))
                count = f"{int((said == label).sum())} of {len(said)}"
                rows.append([LABELS[label], str(name), count, share, ", ".join(others) or "-"])
            if division != "all":
                gap = card.percent(photos.gap(int(label), names))
                rows.append([LABELS[label], f"largest gap by {division}", "", gap, ""])
    return card.table(["asked to show", "people", "read so", "share (95 % interval)", "read otherwise"], rows)


def _seeds(seeds: dict[int, tuple[float, float, float]]) -> str:
    """Each seed, their mean and their spread."""
    rows = [[str(seed), *(f"{100 * share:.2f} %" for share in shares)] for seed, shares in seeds.items()]
    all_shares = np.array(list(seeds.values())) * 100
    if len(all_shares) > 1:
        spread = all_shares.std(axis=0, ddof=1)
        means = [f"{m:.2f} % ± {s:.2f}" for m, s in zip(all_shares.mean(axis=0), spread, strict=True)]
        rows.append(["mean and standard deviation", *means])
    return card.table(["seed", "PublicTest (chosen on)", "PrivateTest", "PrivateTest, FER2013's own labels"], rows)


def write(title: str, found: FaceFindings, terms: str) -> str:
    """The card in Markdown."""
    said = found.test.logits.argmax(axis=1)
    hard = [
        [name, card.percent(value.accuracy), f"{100 * value.unsure:.0f} %"] for name, value in found.hardships.items()
    ]
    studio = (
        "Not measured: the photos are absent."
        if found.studio is None
        else card.paragraphs(
            card.prose("""Face Research Lab London Set (DeBruine and Jones 2017, CC-BY-4.0), one neutral and one smiling
                      photo of each person, through the robot's whole sight:"""),
            _studio(found.studio),
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
        "## Seeds",
        card.prose("The int8 file of each seed by the same recipe; the one that is best on PublicTest ships:"),
        _seeds(found.seeds),
        "## Confusion, PrivateTest, int8",
        "![Confusion matrix: rows are the raters' majority, columns what the model said](confusion.svg)",
        card.confusion_table(metrics.confusion(found.test.truth, said, len(LABELS)), LABELS),
        "## Harder pictures",
        "The PrivateTest pictures, changed at random (seed 1; half of them mirrored):",
        card.table(["change", "accuracy (95 % interval)", "unsure"], hard),
        "## Studio photos",
        studio,
        card.prose(UNTESTED),
    )
