"""Labelled voices in a folder, and what the robot's ear and tone model say of them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.sound_file import read_sound_file
from robot.errors import EvaluationError, MediaError
from robot.evaluation.answers import Answers
from robot.inference.manifest import Manifest
from robot.messages import Percept
from robot.senses.hearing.hearing import Ear

LIST_FILE = "voice.csv"
NEEDED = ("file", "emotion", "coarse")
DIVISIONS = {"dataset": "data set", "language": "language", "sex": "sex"}
"""Columns by which the figures are told apart, and what to call them."""
TAIL_S = 0.5
"""Silence after a clip, so that its last word is judged too."""

LONGEST_S = 600.0
"""A longer file is no clip of one tone; an hour of it would be listened to for minutes."""
COARSE = ("neutral", "happy", "sad", "angry")
COARSE_OF = {"calm": "neutral", "bored": "neutral"} | {tone: tone for tone in COARSE}
"""The four tones that most data sets share, and which finer ones count as one of them."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LabelledClip:
    """One row of the list: the file, the tones it may be called (finer first), who speaks, and the divisions."""

    path: Path
    tones: tuple[str, ...]
    speaker: str
    divisions: dict[str, str]


def read_clips(folder: Path, datasets: Sequence[str] = ()) -> list[LabelledClip]:
    """The clips of a folder with a ``voice.csv``; with ``datasets`` only those.

    Raises:
        EvaluationError: no list, a column is missing, or none of the clips is wanted.
    """
    path = folder / LIST_FILE
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in NEEDED if name not in (reader.fieldnames or [])]
            if missing:
                raise EvaluationError(f"{path}: lacks the column {', '.join(missing)}; needed are {', '.join(NEEDED)}")
            rows = list(reader)
    except FileNotFoundError:
        raise EvaluationError(f"{path}: no such file; give a folder with a {LIST_FILE} and the clips") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvaluationError(f"{path}: not a readable list ({error}); write it as UTF-8 CSV") from None
    there = {row.get("dataset") or "" for row in rows}
    for name in datasets:
        if name not in there:
            raise EvaluationError(f"{path}: no data set {name!r}; there is: {', '.join(sorted(there))}")
    wanted = [row for row in rows if not datasets or row.get("dataset") in datasets]
    if not wanted:
        raise EvaluationError(f"{path}: lists no clip; add at least one row")
    return [_clip(folder, row) for row in wanted]


def _clip(folder: Path, row: dict[str, str]) -> LabelledClip:
    tones = tuple(row[name] for name in ("emotion", "coarse") if row.get(name))
    divisions = {shown: row.get(column) or "not said" for column, shown in DIVISIONS.items()}
    return LabelledClip(folder / (row["file"] or ""), tones, row.get("speaker") or row["file"], divisions)


def answer_voices(
    new_ear: Callable[[], Ear], manifest: Manifest, clips: Sequence[LabelledClip], progress: Progress
) -> tuple[Answers, dict[str, int]]:
    """What the robot would say of each clip it can judge, and how many it cannot, by reason.

    Each clip is played to a fresh ear; its tone is the mean over all judgements while it plays.

    Raises:
        EvaluationError: no clip could be judged.
    """
    names = manifest.output.labels
    left_out: Counter[str] = Counter()
    rows: list[tuple[LabelledClip, int, list[float]]] = []
    for done, clip in enumerate(clips, 1):
        label = next((tone for tone in clip.tones if tone in names), None)
        if label is None:
            left_out["no tone that the model knows"] += 1
        else:
            shares = _judged(new_ear, clip, names, left_out)
            if shares is not None:
                rows.append((clip, names.index(label), shares))
        progress(done, len(clips))
    if not rows:
        reasons = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
        raise EvaluationError(f"{manifest.id}: no clip could be judged ({reasons}); it knows {', '.join(names)}")
    probabilities = np.array([shares for _, _, shares in rows])
    divisions = rows[0][0].divisions
    return (
        Answers(
            names,
            np.array([label for _, label, _ in rows], np.int64),
            probabilities,
            probabilities.max(axis=1) < manifest.thresholds.unsure_below,
            {name: np.array([clip.divisions[name] for clip, _, _ in rows]) for name in divisions},
            np.array([clip.speaker for clip, _, _ in rows]),
        ),
        dict(left_out),
    )


def _judged(
    new_ear: Callable[[], Ear], clip: LabelledClip, names: tuple[str, ...], left_out: Counter[str]
) -> list[float] | None:
    """Mean probabilities over the judgements of a clip, or None, and the reason counted."""
    try:
        sound = read_sound_file(clip.path)
    except MediaError:
        left_out["unreadable or empty"] += 1
        return None
    if len(sound.samples) > LONGEST_S * SAMPLE_RATE_HZ:
        left_out[f"longer than {LONGEST_S / 60:g} minutes"] += 1
        return None
    tones = tones_heard(new_ear(), sound)
    if not tones:
        left_out["too little speech to judge"] += 1
        return None
    return np.mean([[tone.probabilities[name] for name in names] for tone in tones], axis=0).tolist()  # type: ignore[no-any-return]


def views_of(answers: Answers) -> dict[str, Answers]:
    """The same answers among the tones alone that the clip's data set has, and put together to four tones.

    A view that is no other than ``answers`` is left out.
    """
    found = {"among the tones of the data set": _own_tones(answers)}
    coarse = _four_tones(answers)
    if coarse is not None and answers.labels != COARSE:
        found["as neutral (with calm and bored), happy, sad or angry"] = coarse
    return {name: view for name, view in found.items() if not np.array_equal(view.probabilities, answers.probabilities)}


def _own_tones(answers: Answers) -> Answers:
    """Probabilities renormalised over the tones of each clip's data set."""
    shares = answers.probabilities.copy()
    sets = answers.groups.get("data set", np.full(len(answers), ""))
    for name in np.unique(sets):
        inside = sets == name
        absent = np.setdiff1d(np.arange(len(answers.labels)), answers.truth[inside])
        shares[np.ix_(inside, absent)] = 0.0
    return replace(answers, probabilities=shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))


def _four_tones(answers: Answers) -> Answers | None:
    """Clips of one of the four coarse tones, the others' probabilities left out; None if there are none."""
    merge = np.array([[COARSE_OF.get(label) == tone for tone in COARSE] for label in answers.labels], float)
    known = merge.sum(axis=1)[answers.truth] > 0
    if not known.any():
        return None
    some = answers.of(known)
    shares = some.probabilities @ merge
    truth = merge.argmax(axis=1)[some.truth]
    return replace(
        some, labels=COARSE, truth=truth, probabilities=shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    )


def tones_heard(ear: Ear, sound: Sound) -> list[Percept]:
    """Every tone that an ear makes of a sound followed by `TAIL_S` of silence."""
    tail = np.zeros(round(TAIL_S * SAMPLE_RATE_HZ), np.float32)
    whole = Sound(sound.seq, sound.t_s, np.concatenate([sound.samples, tail]))
    return [hearing.tone for hearing in ear.hear(whole, None) if hearing.tone is not None]
