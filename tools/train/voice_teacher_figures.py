"""How good the teacher itself is, on people and corpora that its regression was not fitted on.

    python -m tools.train.voice_teacher_figures FOLDER [--data DIR]

The bar that its student comes near. Corpora of which the features hold nothing are left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robot.evaluation import metrics
from robot.evaluation.views import COARSE
from robot.evaluation.vocal_events import NOT_SPEECH
from robot.messages import NO_EVENT
from tools.train import card, voice_data, voice_figures, voice_lessons, voice_protocol, voice_teacher
from tools.train.paths import DataAbsentError, data_root
from tools.train.voice_data import Clip, Floats
from tools.train.voice_labels import EVENTS, TONES

Labels = npt.NDArray[np.int64]


def said_of(features: Floats, labels: Labels, held: npt.NDArray[np.bool_], kinds: int) -> Labels:
    """The labels (m,) that a regression fitted on the rest gives to the rows ``held``."""
    x = voice_lessons.standardised(features, ~held)
    weights = voice_lessons.fit_logistic(x[~held], labels[~held], kinds)
    return np.asarray(voice_lessons.shares(x[held], weights).argmax(axis=1), np.int64)


def within(clips: Sequence[Clip], features: Floats, corpus: str) -> tuple[float, float, int]:
    """Recall of a corpus's own tones over all folds of unseen speakers, its spread over folds, and the clips."""
    rows = [row for row, clip in enumerate(clips) if clip.corpus == corpus]
    mine, x = [clips[row] for row in rows], features[rows]
    names = [tone for tone in TONES if any(clip.tone == tone for clip in mine)]
    labels = voice_figures.tone_labels(mine, names)
    parts = voice_protocol.folds(mine)
    said = np.full(len(mine), -1, np.int64)
    each = []
    for part in np.unique(parts):
        held = parts == part
        said[held] = said_of(x, labels, held, len(names))
        each.append(metrics.unweighted_recall(labels[held], said[held], len(names)))
    return metrics.unweighted_recall(labels, said, len(names)), float(np.std(each)), len(mine)


def across(clips: Sequence[Clip], features: Floats, corpus: str) -> tuple[float, float, int]:
    """Recall of the four coarse tones on a corpus that was left out; each corpus standardised by itself."""
    labels = voice_figures.coarse_labels(clips)
    some = [clip for clip, label in zip(clips, labels, strict=True) if label >= 0]
    labels, x = labels[labels >= 0], features[labels >= 0].copy()
    corpora = np.array([clip.corpus for clip in some])
    for name in np.unique(corpora):
        x[corpora == name] = voice_lessons.standardised(x[corpora == name], np.ones((corpora == name).sum(), np.bool_))
    held = corpora == corpus
    said = said_of(x, labels, held, len(COARSE))
    return metrics.unweighted_recall(labels[held], said, len(COARSE)), 0.0, int(held.sum())


def events(clips: Sequence[Clip], features: Floats) -> list[list[str]]:
    """Recall of laugh, cry, scream and sigh on unseen people, a row for each set of bursts; fitted on all of them."""
    rows = [row for row, clip in enumerate(clips) if clip.kind in NOT_SPEECH and clip.event]
    bursts, x = [clips[row] for row in rows], features[rows]
    labels, parts = voice_figures.event_labels(bursts), voice_protocol.folds(bursts)
    said = np.full(len(bursts), -1, np.int64)
    for part in np.unique(parts):
        said[parts == part] = said_of(x, labels, parts == part, len(EVENTS))
    sets = np.array([clip.corpus for clip in bursts])
    found = []
    for name in np.unique(sets):
        held = (sets == name) & (labels != EVENTS.index(NO_EVENT))
        recall = metrics.unweighted_recall(labels[held], said[held], len(EVENTS))
        found.append([str(name), "4 events, unseen people", f"{recall:.1%}", "-", str(int(held.sum()))])
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data or the features are absent."""
    parser = argparse.ArgumentParser(prog="python -m tools.train.voice_teacher_figures", description=__doc__)
    parser.add_argument("features", metavar="folder", type=Path, help="what tools.train.voice_teacher made")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    given = parser.parse_args(arguments)
    try:
        kept = voice_teacher.load(given.features).statistics()
        heard = [clip for clip in voice_data.read_list(data_root(given.data)) if clip.file in kept]
    except DataAbsentError as error:
        print(error, file=sys.stderr)
        return 2
    clips = [clip for clip in heard if clip.tone]
    features = np.stack([kept[clip.file] for clip in clips])
    there = [name for name in voice_protocol.LEFT_OUT if any(clip.corpus == name for clip in clips)]
    rows = []
    for what, measure in (("its own tones, unseen speakers", within), ("4 tones, corpus left out", across)):
        for corpus in there:
            recall, spread, count = measure(clips, features, corpus)
            rows.append([corpus, what, f"{recall:.1%}", f"{spread:.1%}" if spread else "-", str(count)])
    if any(clip.kind in NOT_SPEECH for clip in heard):
        rows += events(heard, np.stack([kept[clip.file] for clip in heard]))
    print(card.table(["corpus", "what", "recall", "spread over folds", "clips"], rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
