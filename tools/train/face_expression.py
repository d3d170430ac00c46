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

from robot.evaluation import metrics
from robot.senses.sight.crop import Framing
from tools.train import card, face_data, generated, package
from tools.train.face_data import LABELS, FaceSet
from tools.train.int8_file import Int8File
from tools.train.package import Figure, ModelPackage
from tools.train.paths import DataAbsentError, data_root
from tools.train.runlog import RunLog

VERSION = "0.1.0"
REPRESENTATIVE = 1000
COVERAGE = 0.8
AFFECT = {
    "neutral": (0.0, 0.0),
    "happiness": (0.8, 0.5),
    "surprise": (0.2, 0.7),
    "sadness": (-0.6, -0.3),
    "anger": (-0.5, 0.6),
    "disgust": (-0.6, 0.35),
    "fear": (-0.6, 0.6),
    "contempt": (-0.5, 0.2),
}
TERMS = (
    "Trained on FER2013 pictures, research challenge data gathered from the web without a licence to pass the pictures "
    "on, and FER+ votes (MIT); the weights are Apache-2.0, but the pictures' terms may bind commercial users."
)


@dataclass(frozen=True)
class Sets:
    """Pictures to train, choose (PublicTest) and test on (PrivateTest), and the data folder if there is one."""

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


def unsure_below(probabilities: Any) -> float:
    """The probability under which the least sure fifth of the validation rows lies."""
    return float(np.quantile(probabilities.max(axis=1), 1.0 - COVERAGE))


def make(
    sets: Sets,
    out: Path,
    log: RunLog,
    *,
    epochs: int,
    seed: int,
    width: float = 1.0,
    peak_rate: float = 2e-3,
    start: Path | None = None,
) -> ModelPackage:
    """Train (or go on training), quantise and measure; what comes back is ready to be written."""
    from tools.train import face_train, quantise  # noqa: PLC0415  TensorFlow only when it trains

    model = face_train.train(
        sets.training,
        sets.validation,
        out,
        log,
        epochs=epochs,
        seed=seed,
        width=width,
        peak_rate=peak_rate,
        start=start,
    )
    chosen = np.random.default_rng(seed).permutation(len(sets.training))[:REPRESENTATIVE]
    content = quantise.to_int8(model, face_train.network_input(sets.training.images[chosen]))
    float_logits = face_train.logits_of(model, sets.test.images)
    return measure(sets, content, float_logits, log, golden=face_train.network_input(golden_inputs()))


def measure(sets: Sets, content: bytes, float_logits: Any, log: RunLog, *, golden: Any) -> ModelPackage:
    """Measure an int8 file, beside the logits (n,8) of its float model on the test part, and write its card."""
    from tools.train import face_card, face_evaluate  # noqa: PLC0415  TensorFlow only when it trains

    file = Int8File(content)
    log.say(f"int8 file: {len(content)} bytes, input scale {file.input.scale:.6f} zero {file.input.zero_point}")
    validation = face_evaluate.answers(file, sets.validation)
    temperature = metrics.fit_temperature(validation.truth, validation.logits)
    test = face_evaluate.answers(file, sets.test)
    float_test = face_evaluate.Answers(sets.test.majority, float_logits)
    figures = test.figures(f"{sets.name}, PrivateTest", temperature)
    others = (
        *validation.figures(f"{sets.name}, PublicTest (chosen on)", temperature)[:2],
        *(Figure(f.name, f.measured, f.data, "float32") for f in float_test.figures(figures[0].data, 1.0)[:2]),
    )
    for figure in (*figures, *others):
        log.say(f"{figure.file} {figure.name}: {card.percent(figure.measured)} on {figure.data}")
    hard = {name: face_evaluate.under_hardship(file, sets.test, how) for name, how in face_evaluate.HARDSHIPS.items()}
    studio = face_evaluate.studio_photos(sets.root, file, Framing()) if sets.root else None
    findings = face_card.FaceFindings((*figures, *others), test, hard, studio, len(sets.training), temperature)
    text = face_card.write(f"face_expression {VERSION}", findings, TERMS)
    return ModelPackage(
        "face_expression",
        VERSION,
        "face_expression",
        content,
        LABELS,
        (-1.0, 1.0),
        {"kind": "face_crop", **asdict(Framing()), "colour": "grey", "mean": 127.5, "std": 127.5},
        temperature,
        unsure_below(metrics.softmax(validation.logits, temperature)),
        AFFECT,
        (*figures, *others),
        TERMS,
        date.today().isoformat(),
        text,
        file.input.encode(golden),
    )


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data is absent."""
    parser = argparse.ArgumentParser(prog="python -m tools.train.face_expression", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: log, curves, checkpoints, package")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--epochs", type=int, default=36)
    parser.add_argument("--peak-rate", type=float, default=2e-3, help="the highest learning rate")
    parser.add_argument("--start", type=Path, help="best.npz of an earlier run to go on from with a new schedule")
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
    ready = make(
        sets, given.out, log, epochs=epochs, seed=given.seed, width=width, peak_rate=given.peak_rate, start=given.start
    )
    package.write(ready, given.out / "package")
    log.say(f"packaged in {given.out / 'package'}: {len(ready.content)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
