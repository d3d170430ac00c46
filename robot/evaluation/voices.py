"""Labelled voices in a folder, and what the robot's ear and tone model say of them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.sound_file import read_sound_file
from robot.errors import EvaluationError, MediaError
from robot.evaluation.answers import Answers
from robot.evaluation.vocal_events import NOT_SPEECH, event_of, event_shares
from robot.inference.manifest import Manifest
from robot.messages import Percept
from robot.senses.hearing.hearing import Ear

LIST_FILE = "voice.csv"
NEEDED = ("file", "emotion", "coarse")
DIVISIONS = {"dataset": "data set", "language": "language", "sex": "sex"}
"""Columns by which the figures are told apart, and what to call them."""
LEAD_S, TAIL_S = 0.3, 0.5
"""Silence before a clip, so that it stands out of something, and after it, so that its last word is judged too."""

LONGEST_S = 600.0
"""A longer file is no clip of one tone; an hour of it would be listened to for minutes."""
Progress = Callable[[int, int], None]
Listen = Callable[[Sound], list[Percept]]


@dataclass(frozen=True)
class LabelledClip:
    """One row of the list: the file, the tones it may be called (finer first), who speaks, and the divisions.

    ``event`` is what a sound without words is, empty for speech and where it is not known.
    """

    path: Path
    tones: tuple[str, ...]
    speaker: str
    divisions: dict[str, str]
    event: str = ""


@dataclass(frozen=True)
class Judged:
    """What was said of the tones, of the events if the model names any, and how many clips were left out, by reason."""

    tones: Answers
    events: Answers | None
    left_out: dict[str, int]


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
    kind = row.get("kind") or ""
    tones = tuple(row[name] for name in ("emotion", "coarse") if row.get(name) and kind not in NOT_SPEECH)
    event = event_of(kind, row.get("emotion_raw") or row["emotion"])
    divisions = {shown: row.get(column) or "not said" for column, shown in DIVISIONS.items()}
    return LabelledClip(folder / (row["file"] or ""), tones, row.get("speaker") or row["file"], divisions, event)


def answer_voices(
    listen: Listen, manifest: Manifest, clips: Sequence[LabelledClip], progress: Progress, *, events: bool = True
) -> Judged:
    """What the robot would say of each clip it can judge.

    `listen` gives all judgements while a clip plays; their mean is its tone. A laugh that does not stand out of the
    noise is an event not heard. Without `events` sounds without words are left out.

    Raises:
        EvaluationError: no clip could be judged.
    """
    names, known = manifest.output.labels, manifest.output.heads.get("events", ()) if events else ()
    left_out: Counter[str] = Counter()
    tones: list[_Row] = []
    bursts: list[_Row] = []
    for done, clip in enumerate(clips, 1):
        label = next((tone for tone in clip.tones if tone in names), None)
        if label is None and clip.event not in known:
            left_out["no tone that the model knows"] += 1
        elif (heard := _judged(listen, clip, left_out)) is not None:
            if label is None:
                bursts.append(_Row(clip, known.index(clip.event), event_shares(heard, known)))
            elif toned := [each for each in heard if names[0] in each.probabilities]:
                shares = np.mean([[tone.probabilities[name] for name in names] for tone in toned], axis=0)
                tones.append(_Row(clip, names.index(label), shares.tolist()))
            else:
                left_out["too little speech to judge"] += 1
        progress(done, len(clips))
    if not tones:
        reasons = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
        raise EvaluationError(f"{manifest.id}: no clip could be judged ({reasons}); it knows {', '.join(names)}")
    return Judged(
        _answers(names, tones, manifest.thresholds.unsure_below),
        _answers(known, bursts, 0.0) if bursts else None,
        dict(left_out),
    )


class _Row(NamedTuple):
    """A clip, the place of its label, and the probability of each label."""

    clip: LabelledClip
    label: int
    shares: list[float]


def _answers(labels: tuple[str, ...], rows: Sequence[_Row], unsure_below: float) -> Answers:
    probabilities = np.array([row.shares for row in rows])
    divisions = rows[0].clip.divisions
    return Answers(
        labels,
        np.array([row.label for row in rows], np.int64),
        probabilities,
        probabilities.max(axis=1) < unsure_below,
        {name: np.array([row.clip.divisions[name] for row in rows]) for name in divisions},
        np.array([row.clip.speaker for row in rows]),
    )


def _judged(listen: Listen, clip: LabelledClip, left_out: Counter[str]) -> list[Percept] | None:
    """All judgements of a clip while it plays; None if it cannot be played, and the reason counted."""
    try:
        sound = read_sound_file(clip.path)
    except MediaError:
        left_out["unreadable or empty"] += 1
        return None
    if len(sound.samples) > LONGEST_S * SAMPLE_RATE_HZ:
        left_out[f"longer than {LONGEST_S / 60:g} minutes"] += 1
        return None
    return listen(sound)


def tones_heard(ear: Ear, sound: Sound) -> list[Percept]:
    """Every tone that an ear makes of a sound between `LEAD_S` and `TAIL_S` of silence."""
    whole = between_silence(sound, LEAD_S, TAIL_S)
    return [hearing.tone for hearing in ear.hear(whole, None) if hearing.tone is not None]


def between_silence(sound: Sound, lead_s: float, tail_s: float) -> Sound:
    """A sound with so much silence before and after it."""
    lead, tail = (np.zeros(round(length_s * SAMPLE_RATE_HZ), np.float32) for length_s in (lead_s, tail_s))
    return Sound(sound.seq, sound.t_s, np.concatenate([lead, sound.samples, tail]))
