"""Pictures and clips of the same label, as the robot's models read them, clean and noisy, in two halves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robot.config import InferenceSettings
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model, read_model_files
from robot.mind.mood_labels import ALONE, FACE_SHARPNESS, VOICE_SHARPNESS, Alone
from robot.senses.sight.expression import ExpressionReader
from tools.benchmark.fusion_voices import quick_answers
from tools.train import face_data, voice_data, voice_evaluate, voice_figures, voice_protocol
from tools.train.paths import DataAbsentError
from tools.train.voice_data import Clip
from tools.train.voice_deep import ANSWERS
from tools.train.voice_evaluate import Answered
from tools.train.voice_material import HARD_CORPORA

LABELS = ("neutral", "happy", "sad", "angry")
FACE_LABELS = ("neutral", "happiness", "sadness", "anger")
"""The labels that both senses have, in the words of the tone model and of the expression model."""

OF_A_RUN = (
    "those of the files of the training run that the model that ships comes from, each without the speaker, "
    "with the temperature that fits them all; of the corpora that were also heard in noise "
    f"({' and '.join(HARD_CORPORA)})"
)
MADE_HERE = (
    "those of small models made for this without the speaker (one hidden layer on statistics of the same window, "
    "with a temperature from further speakers), since the network that ships has heard every speaker"
)
"""Who answered about voices, in words."""

CONTRAST, NOISE = 0.3, 0.05
"""A noisy picture: this much of its contrast, and noise of this share of white."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Pairs of a picture and a clip.

    ``truth`` int64 (n,) into :data:`LABELS`; ``speakers`` str (n,); ``faces`` and ``voices`` int64 (n,) are rows of the
    probabilities: ``clean_faces``, ``noisy_faces`` (m,8) in the order of FER+, ``clean_voices``, ``noisy_voices``
    (k,4). ``sharpness`` is that of face and voice, ``alone`` what is told of a sense that is alone, ``voices_by`` says
    whose answers about voices these are. ``seconds`` are the second opinions, ``clean`` and ``noisy`` (k,4), if any.
    """

    truth: npt.NDArray[np.int64]
    speakers: npt.NDArray[np.str_]
    faces: npt.NDArray[np.int64]
    voices: npt.NDArray[np.int64]
    clean_faces: Floats
    noisy_faces: Floats
    clean_voices: Floats
    noisy_voices: Floats
    sharpness: tuple[float, float] = (FACE_SHARPNESS, VOICE_SHARPNESS)
    alone: tuple[Alone, Alone, Alone] = ALONE
    voices_by: str = OF_A_RUN
    seconds: dict[str, Floats] | None = None


@dataclass(frozen=True)
class Voices:
    """Held-out answers: ``labels`` int64 (k,), ``speakers`` str (k,), ``clean`` and ``noisy`` probabilities (k,4).

    ``seconds`` are the second opinions on the same, where there are any.
    """

    labels: npt.NDArray[np.int64]
    speakers: npt.NDArray[np.str_]
    clean: Floats
    noisy: Floats
    seconds: dict[str, Floats] | None = None


def pairs_of(root: Path, voice_run: Path | None, each: int, second: Path | None = None) -> tuple[Pairs, Pairs]:
    """``each`` pairs a label for tuning, and as many other ones for the report.

    Without ``voice_run`` the answers about voices are those of small models made here. ``second`` is the ``--out`` of
    `tools.train.voice_deep`, to have its second opinion on those of a run.

    Raises:
        DataAbsentError: pictures, clips or the folds' answers are not on this machine.
    """
    voices = Voices(*quick_answers(root)) if voice_run is None else read_voices(root, voice_run, second)
    named = sorted(set(voices.speakers.tolist()))
    halves = np.array([named.index(speaker) % 2 for speaker in voices.speakers.tolist()])
    model = Model.load(find_model("face_expression", factory_models()), InferenceSettings())
    reader = ExpressionReader(model)
    parts = ((face_data.PUBLIC_TEST, 0), (face_data.PRIVATE_TEST, 1))
    tuning, reported = (
        _pair(face_data.load(root, usage), reader, voices, np.flatnonzero(halves == half), each)
        for usage, half in parts
    )
    if voice_run is None:
        return replace(tuning, voices_by=MADE_HERE), replace(reported, voices_by=MADE_HERE)
    return tuning, reported


def read_voices(root: Path, voice_run: Path | None, second: Path | None = None) -> Voices:
    """What the files of a training run said of speakers they never heard, with the temperature that fits them.

    Only the clips that were also heard in noise.

    Raises:
        DataAbsentError: the clips' list or the answers are missing.
    """
    answered = answered_by_strangers(root, voice_run)
    labels = voice_figures.coarse_labels(answered.clips)
    answered = answered.of((labels >= 0) & ~np.isnan(answered.noisy).any(axis=1))
    temperature = voice_evaluate.temperature(answered)
    return Voices(
        voice_figures.coarse_labels(answered.clips),
        np.array([f"{clip.corpus}/{clip.speaker}" for clip in answered.clips]),
        voice_figures.coarse(answered.clean, temperature),
        voice_figures.coarse(answered.noisy, temperature),
        None if second is None else _second_opinions(answered.clips, second),
    )


def _second_opinions(clips: Sequence[Clip], folder: Path) -> dict[str, Floats]:
    """Second opinions on the coarse tones, with the temperature of the model that ships."""
    manifest = read_model_files(find_model("voice_tone_deep", factory_models())).manifest
    said = second_answers(clips, folder)
    return {heard: voice_figures.coarse(outputs, manifest.temperature) for heard, outputs in said.items()}


def second_answers(clips: Sequence[Clip], folder: Path) -> dict[str, npt.NDArray[np.float32]]:
    """What the heads of `tools.train.voice_deep` said of the clips, ``clean`` and ``noisy`` (n, OUTPUTS).

    Raises:
        DataAbsentError: they left no answers to these clips in ``folder``.
    """
    try:
        with np.load(folder / ANSWERS) as held:
            places = {file: row for row, file in enumerate(held["files"].tolist())}
            rows = [places[clip.file] for clip in clips]
            return {heard: held[heard][rows] for heard in ("clean", "noisy")}
    except (OSError, KeyError):
        raise DataAbsentError(
            f"not measured: data absent (no {ANSWERS} for these clips in {folder}; make it with python -m "
            "tools.train.voice_deep)"
        ) from None


def answered_by_strangers(root: Path, voice_run: Path | None) -> Answered:
    """What the files of a training run's first seed said of clips whose speakers they never heard.

    Raises:
        DataAbsentError: the clips' list or the answers are missing.
    """
    clips = voice_data.read_list(root)
    folders = sorted(path.parent.parent for path in voice_run.glob("seed*/speakers0/answers.npz")) if voice_run else []
    answered = voice_evaluate.gathered(clips, voice_protocol.speaker_runs(clips), folders[0]) if folders else None
    if answered is None:
        raise DataAbsentError(
            f"not measured: data absent (no seed*/speakers0/answers.npz under --voice-run {voice_run}; "
            "make them with python -m tools.train.voice_tone)"
        )
    return answered


def _pair(
    pictures: face_data.FaceSet, reader: ExpressionReader, voices: Voices, rows: npt.NDArray[np.intp], each: int
) -> Pairs:
    known = pictures.with_majority()
    wanted = [face_data.LABELS.index(label) for label in FACE_LABELS]
    keep = np.isin(known.majority, wanted)
    images, labels = known.images[keep][..., 0], np.array([wanted.index(label) for label in known.majority[keep]])
    rng = np.random.default_rng(0)
    dim = 127.5 + (images.astype(np.float64) - 127.5) * CONTRAST + rng.normal(0, NOISE * 255, images.shape)
    faces, clips = [], []
    for label in range(len(LABELS)):
        faces.append(rng.choice(np.flatnonzero(labels == label), each))
        clips.append(rng.choice(rows[voices.labels[rows] == label], each))
    chosen = np.concatenate(clips)
    return Pairs(
        np.repeat(np.arange(len(LABELS)), each),
        voices.speakers[chosen],
        np.concatenate(faces),
        chosen,
        _read(images, reader),
        _read(np.clip(np.rint(dim), 0, 255).astype(np.uint8), reader),
        voices.clean,
        voices.noisy,
        seconds=voices.seconds,
    )


def _read(images: npt.NDArray[np.uint8], reader: ExpressionReader) -> Floats:
    """The expression model's probabilities (n,8) of grey pictures (n,48,48)."""
    return np.array([list(reader.judge(image, 1.0).probabilities.values()) for image in images])
