"""Who is held out in which run, so that every figure is of people, noises or corpora that the file never heard.

Run ``i`` of eight holds out Emo-DB's speaker ``i``, the fold ``i mod 5`` of RAVDESS, and one speaker of nEMO and of
TurEV, an eighth of the people who laugh and cry, and an eighth of the noises: leaving one speaker of Emo-DB out and
five folds of RAVDESS need no runs of their own. Four more runs each leave a whole corpus out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.train.voice_data import Clip, dealt

SPEAKER_RUNS = 8
FOLDS = {"ravdess": 5, "emodb": 8, "nemo": 9, "turev": 6}
LEFT_OUT = ("ravdess", "emodb", "nemo", "turev")
"""TESS only trains."""


@dataclass(frozen=True)
class Run:
    """One training: ``held`` bool (n,) are the clips that it never hears; ``corpus`` is the one left out, or empty."""

    name: str
    held: npt.NDArray[np.bool_]
    corpus: str = ""


def folds(clips: Sequence[Clip]) -> npt.NDArray[np.int64]:
    """The part (n,) of each clip among the parts of its corpus; every speaker is in one. -1: never held out."""
    found = np.full(len(clips), -1, np.int64)
    for corpus in {clip.corpus for clip in clips}:
        rows = [row for row, clip in enumerate(clips) if clip.corpus == corpus]
        if all(clips[row].kind == "speech" for row in rows) and corpus not in FOLDS:
            continue
        part = dealt([clips[row].speaker for row in rows], FOLDS.get(corpus, SPEAKER_RUNS))
        found[rows] = [part[clips[row].speaker] for row in rows]
    return found


def speaker_runs(clips: Sequence[Clip]) -> list[Run]:
    """The eight runs that hold speakers out."""
    part = folds(clips)
    parts = np.array([FOLDS.get(clip.corpus, SPEAKER_RUNS) for clip in clips])
    runs = []
    for number in range(SPEAKER_RUNS):
        held = (part >= 0) & (part == number % parts)
        if number == SPEAKER_RUNS - 1:
            # nEMO has a ninth speaker.
            held |= part >= SPEAKER_RUNS
        runs.append(Run(f"speakers{number}", held))
    return runs


def corpus_runs(clips: Sequence[Clip]) -> list[Run]:
    """The runs that leave a corpus out."""
    corpora = np.array([clip.corpus for clip in clips])
    return [Run(f"without_{name}", corpora == name, name) for name in LEFT_OUT if (corpora == name).any()]


def figure_runs(clips: Sequence[Clip], *, only_open: bool) -> list[Run]:
    """The runs that the figures come from: where there is only one corpus with tones none is left out."""
    return [*speaker_runs(clips), *([] if only_open else corpus_runs(clips))]


def first_run(runs: Sequence[Run], count: int) -> npt.NDArray[np.int64]:
    """The number (count,) of the first run that holds each clip out, -1 for none: where it is answered."""
    answered = np.full(count, -1, np.int64)
    for number, run in reversed(list(enumerate(runs))):
        answered[run.held] = number
    return answered
