"""Train, quantise, measure and package the facial-expression model.

    python -m tools.train.face_expression --out DIR [--data DIR] [--epochs 36] [--seed 0] [--quick]

Run it again with the same ``--out`` to go on after a stop. The model directory is ``DIR/package``. With ``--quick`` it
trains on drawn faces for a minute, to prove the steps; nothing it then prints says how good a model is.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from robot.senses.sight.crop import Framing
from tools.train import card, face_data, generated, metrics, package
from tools.train.face_data import LABELS, FaceSet
from tools.train.package import Figure, ModelPackage
from tools.train.paths import DataAbsentError, data_root
from tools.train.runlog import RunLog

VERSION = "0.1.0"
REPRESENTATIVE = 1000
COVERAGE = 0.8
AFFECT = {
    "neutral": (0.0, 0.0), "happiness": (0.8, 0.5), "surprise": (0.2, 0.7), "sadness": (-0.6, -0.3),
    "anger": (-0.5, 0.6), "disgust": (-0.6, 0.35), "fear": (-0.6, 0.6), "contempt": (-0.5, 0.2),
}
TERMS = ("Trained on FER2013 pictures, research challenge data gathered from the web without a licence to pass the pictures "
         "on, and FER+ votes (MIT); the weights are Apache-2.0, but the pictures' terms may bind commercial users.")


@dataclass(frozen=True)
class Sets:
    """Training, choosing (PublicTest) and testing (PrivateTest) pictures, and the folder of the studio photos if any."""

    training: FaceSet
    validation: FaceSet
    test: FaceSet
    root: Path | None
    name: str


def real_sets(root: Path) -> Sets:
    """FER2013 with FER+ votes. Raises DataAbsentError."""
    parts = [face_data.load(root, part) for part in (face_data.TRAINING, face_data.PUBLIC_TEST, face_data.PRIVATE_TEST)]
    return Sets(parts[0], parts[1].with_majority(), parts[2].with_majority(), root, "FER+ strict majority")


def drawn_sets(seed: int) -> Sets:
    """Drawn faces that only prove the steps."""
    def drawn(count: int, which: int) -> FaceSet:
        images, kinds = generated.faces(count, seed * 10 + which)
        return FaceSet(images, np.eye(len(LABELS), dtype=np.float32)[kinds], kinds)

    return Sets(drawn(1280, 1), drawn(256, 2), drawn(256, 3), None, "drawn faces")


def golden_inputs() -> Any:
    """Grey uint8 (48,48,48,1): drawn faces and smooth noise, nothing from a data set."""
    return np.concatenate([generated.faces(32, 2024)[0], generated.noise_pictures(16, 2025)])


def unsure_below(truth: Any, probabilities: Any) -> float:
    """The probability under which the least sure fifth of the validation rows lies."""
    return float(np.quantile(probabilities.max(axis=1), 1.0 - COVERAGE))


def make(sets: Sets, out: Path, log: RunLog, *, epochs: int, seed: int, width: float = 1.0) -> ModelPackage:
    """Train (or go on training), quantise and measure; what comes back is ready to be written."""
    from tools.train import face_evaluate, face_train, quantise

    model = face_train.train(sets.training, sets.validation, out, log, epochs=epochs, seed=seed, width=width)
    chosen = np.random.default_rng(seed).permutation(len(sets.training))[:REPRESENTATIVE]
    content = quantise.to_int8(model, face_train.network_input(sets.training.images[chosen]))
    file = quantise.Int8File(content)
    log.say(f"int8 file: {len(content)} bytes, input scale {file.input.scale:.6f} zero {file.input.zero_point}")
    validation = face_evaluate.answers(file, sets.validation)
    temperature = metrics.fit_temperature(validation.truth, validation.logits)
    test = face_evaluate.answers(file, sets.test)
    float_test = face_evaluate.Answers(sets.test.majority, face_train.logits_of(model, sets.test.images))
    figures = test.figures(f"{sets.name}, PrivateTest", temperature)
    others = (
        *validation.figures(f"{sets.name}, PublicTest (chosen on)", temperature)[:2],
        *(Figure(f.name, f.measured, f.data, "float32") for f in float_test.figures(figures[0].data, 1.0)[:2]),
    )
    for figure in (*figures, *others):
        log.say(f"{figure.file} {figure.name}: {card.percent(figure.measured)} on {figure.data}")
    hard = {name: face_evaluate.under_hardship(file, sets.test, how) for name, how in face_evaluate.HARDSHIPS.items()}
    studio = face_evaluate.studio_photos(sets.root, file, Framing()) if sets.root else None
    text = _card(sets, figures, others, test, hard, studio, temperature)
    return ModelPackage(
        "face_expression", VERSION, "face_expression", content, LABELS, (-1.0, 1.0),
        {"kind": "face_crop", **asdict(Framing()), "colour": "grey", "mean": 127.5, "std": 127.5}, temperature,
        unsure_below(validation.truth, metrics.softmax(validation.logits, temperature)), AFFECT, (*figures, *others),
        TERMS, date.today().isoformat(), text, file.input.encode(face_train.network_input(golden_inputs())))


def _card(sets: Sets, figures: tuple[Figure, ...], others: tuple[Figure, ...], test: Any, hard: dict[str, Any],
          studio: Any, temperature: float) -> str:
    said = test.logits.argmax(axis=1)
    studio_text = "Not measured: the photos are absent."
    if studio is not None:
        studio_text = _studio_text(*studio)
    return card.paragraphs(
        f"# face_expression {VERSION}",
        "Reads which of eight expressions a face shows, from one small grey picture of it. It reads what raters would call "
        "the look on a face, not what the person feels.",
        "## Use\nA companion robot's guess at how a visitor looks, averaged over seconds and together with other senses. "
        "Not for judging, sorting, hiring, watching or diagnosing people, and not at work or in school. No decision should "
        "follow from one picture.",
        "## Input and output\n48x48 grey pixels, cut by `robot/senses/sight/crop.py` around a BlazeFace box: a square of "
        "1.17 box sides with its centre raised by 0.068 of the crop's side; (grey - 127.5) / 127.5, then int8. Eight int8 "
        f"logits; divide by the temperature {temperature:.3f} before the softmax.",
        "## Training data and its terms\nThe Training part of FER2013 with the ten votes a picture of FER+, as "
        "distributions; single votes dropped, pictures without a usable face and pictures that also stand in a test part "
        f"left out: {len(sets.training)} pictures. {TERMS} The epoch and the temperature were chosen on PublicTest; "
        "PrivateTest was only measured. The studio photos were never trained on.",
        "## Figures\n" + card.figures_table((*figures, *others)) + "\n\nIntervals: bootstrap over pictures, 1,000 draws. "
        "Calibration error: 15 bins of equal mass, after the temperature. For scale: one rater agrees with the majority of "
        "the others on 77.1 % of this test.",
        "## Confusion, PrivateTest, int8\n" + card.confusion_table(
            metrics.confusion(test.truth, said, len(LABELS)), LABELS),
        "## Harder pictures\nThe PrivateTest pictures, changed at random (seed 1; half of them mirrored):\n\n" + card.table(
            ["change", "accuracy (95 % interval)"], [[name, card.percent(value)] for name, value in hard.items()]),
        "## Studio photos\n" + studio_text,
        "## Not tested\nChildren and old people on their own, glasses, masks, beards, profile views, groups by skin or "
        "origin, moving faces, and the acted or felt difference. Disgust and contempt have 18 and 16 test pictures: their "
        "recall is hardly known. FER2013 comes from web searches, so posed and Western faces lead.",
        "## Affect\nEach label's place in valence and arousal follows the order of Russell's circumplex (1980); the numbers "
        "are rounded from values commonly quoted from Russell and Mehrabian (1977), and were not measured here. Surprise's "
        "valence is lowered, because a surprised face may be pleased or not; contempt's place is our own estimate.",
    )


def _studio_text(answers: Any, groups: Any) -> str:
    said = answers.logits.argmax(axis=1)
    rows = []
    for label in np.unique(answers.truth):
        for group in ("all", *np.unique(groups)):
            inside = (answers.truth == label) & ((groups == group) | (group == "all"))
            right = int((said[inside] == label).sum())
            others = [f"{int((said[inside] == k).sum())} {LABELS[k]}" for k in range(len(LABELS))
                      if k != label and (said[inside] == k).any()]
            rows.append([LABELS[label], str(group), f"{right} of {int(inside.sum())}", ", ".join(others) or "-"])
    return ("Face Research Lab London Set (DeBruine and Jones 2017, CC-BY-4.0), one neutral and one smiling photo of each "
            "person, cut with the robot's own crop from a BlazeFace box:\n\n"
            + card.table(["asked to show", "people", "read so", "read otherwise"], rows))


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data is absent."""
    parser = argparse.ArgumentParser(prog="python -m tools.train.face_expression", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: log, curves, checkpoints, package")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--epochs", type=int, default=36)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="prove the steps on drawn faces")
    given = parser.parse_args(arguments)
    try:
        sets = drawn_sets(given.seed) if given.quick else real_sets(data_root(given.data))
    except DataAbsentError as error:
        print(error, file=sys.stderr)
        return 2
    log = RunLog(given.out)
    epochs, width = (8, 0.5) if given.quick else (given.epochs, 1.0)
    ready = make(sets, given.out, log, epochs=epochs, seed=given.seed, width=width)
    package.write(ready, given.out / "package")
    log.say(f"packaged in {given.out / 'package'}: {len(ready.content)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
