"""`rapport models evaluate`: how good a model is on labelled faces or voices of your own."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from robot.cli.complete import completing
from robot.config import Config, InferenceSettings
from robot.errors import EvaluationError
from robot.inference.store import factory_models, find_model, ids_in

if TYPE_CHECKING:
    from robot.evaluation.answers import Evaluation
    from robot.inference.model import Model

DESCRIPTION = """Measure a model on labelled data: accuracy, unweighted recall, recall of each label, calibration error,
accuracy among the surest answers, and the confusion matrix, with 95 % intervals.

A model that reads faces takes an .npz:
  images   grey uint8 (n,h,w), face crops
  label    0 neutral 1 happiness 2 surprise 3 sadness 4 anger 5 disgust 6 fear 7 contempt, or the names; -1 for none
  person   who it is, if known: intervals then resample people

A model that hears voices takes a folder with a voice.csv (columns file, emotion, coarse; better also dataset, speaker,
sex, language) and the clips, in any format, rate and number of channels. Every clip is played to the robot's own ear;
the figures are told for each data set, language and sex. A row whose kind is burst or body_sound is a sound without
words: its emotion (or emotion_raw) is laugh, cry, scream, sigh or anything else, and counts for the vocal events alone.
voice_tone_deep, the second opinion, is asked about each turn that the ear cuts out, and about no sound without words.

Only people and recordings that the model has never learned from tell how good it is; its card names what it learned
from (`rapport models card MODEL`).
"""
PROGRESS_EVERY = 50


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    parser = actions.add_parser(
        "evaluate",
        help="how good a model is on labelled faces or voices",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    model = parser.add_argument("model", metavar="MODEL", help="id, id/version or a path")
    completing(model, lambda: ids_in(factory_models()))
    parser.add_argument(
        "--data", type=Path, metavar="PATH", help="the .npz or the folder (default: the data set under $RAPPORT_DATA)"
    )
    parser.add_argument(
        "--dataset", action="append", default=[], metavar="NAME", help="voices: only this data set; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    # NumPy, the interpreter and FFmpeg take their time to import: only this action pays.
    import msgspec  # noqa: PLC0415

    from robot.evaluation.told import told  # noqa: PLC0415
    from robot.inference.model import Model  # noqa: PLC0415

    model = Model.load(find_model(options.model, factory_models()), InferenceSettings(accelerator="cpu"))
    measure = {"face_expression": _faces, "voice_tone": _voices}[model.manifest.task]
    evaluation = measure(model, options)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(evaluation), indent=2).decode())
    else:
        print(told(evaluation))
    return 0


def _faces(model: "Model", options: argparse.Namespace) -> "Evaluation":
    from robot.evaluation.answers import evaluate  # noqa: PLC0415
    from robot.evaluation.faces import answer_faces, read_faces  # noqa: PLC0415
    from robot.senses.sight.expression import ExpressionReader  # noqa: PLC0415

    if options.dataset:
        raise EvaluationError("--dataset divides voices; an .npz of faces has none: leave it out")
    path = options.data or _usual("face/fer2013_ferplus.npz")
    faces = read_faces(path)
    answers = answer_faces(ExpressionReader(model), model.manifest, faces, _progress("pictures"))
    unknown = len(faces) - len(answers)
    return evaluate(
        _name(model), path.name, answers, {"with a label the model does not know": unknown} if unknown else {}
    )


def _voices(model: "Model", options: argparse.Namespace) -> "Evaluation":
    from robot.evaluation.answers import evaluate  # noqa: PLC0415
    from robot.evaluation.turns import TurnEar  # noqa: PLC0415
    from robot.evaluation.views import views_of  # noqa: PLC0415
    from robot.evaluation.voices import answer_voices, read_clips, tones_heard  # noqa: PLC0415
    from robot.senses.hearing.tone_model import build_ear  # noqa: PLC0415
    from robot.senses.hearing.words.statistics import KIND as WHOLE_TURNS  # noqa: PLC0415

    folder = options.data or _usual("voice")
    clips = read_clips(folder, options.dataset)
    settings = Config().hearing
    if model.manifest.input.preprocessing.get("kind") == WHOLE_TURNS:
        with TurnEar(model, settings) as ear:
            judged = answer_voices(ear.hear, model.manifest, clips, _progress("clips"), events=False)
    else:
        judged = answer_voices(
            lambda sound: tones_heard(build_ear(settings, model), sound), model.manifest, clips, _progress("clips")
        )
    data = ", ".join(options.dataset) or str(folder)
    return evaluate(_name(model), data, judged.tones, judged.left_out, views_of(judged))


def _usual(name: str) -> Path:
    """Where the labelled data lies when nobody says where."""
    root = os.environ.get("RAPPORT_DATA")
    path = (Path(root) if root else factory_models().parent.parent / "shared" / "data") / name
    if not path.exists():
        raise EvaluationError(f"not measured: data absent ({path}); name labelled data with --data or set RAPPORT_DATA")
    return path


def _name(model: "Model") -> str:
    return f"{model.manifest.id} {model.manifest.version}"


def _progress(what: str) -> Callable[[int, int], None]:
    """A counter on the terminal, if somebody looks."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty() and (done % PROGRESS_EVERY == 0 or done == total):
            print(f"\r{done} of {total} {what}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return show
