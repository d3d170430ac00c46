"""What the teachers know: the tones of each corpus, and the vocal events of all bursts together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from robot.evaluation.vocal_events import NOT_SPEECH
from tools.train.voice_data import CORPORA, Clip
from tools.train.voice_labels import EVENTS, TONES

EVENT_COLUMNS = len(CORPORA) * len(TONES)
COLUMNS = EVENT_COLUMNS + len(EVENTS)
"""A number for each tone of each corpus, then one for each event."""


@dataclass(frozen=True)
class Subject:
    """One thing to tell apart: the clips ``rows`` (n,) bear ``labels`` int64 (n,), places in ``names``.

    ``columns`` are where a teacher's word on each name stands among all `COLUMNS`.
    """

    rows: npt.NDArray[np.intp]
    labels: npt.NDArray[np.int64]
    names: tuple[str, ...]
    columns: tuple[int, ...]

    @property
    def of_events(self) -> bool:
        """Whether it is the one of the events."""
        return self.columns[0] >= EVENT_COLUMNS


def subjects(clips: Sequence[Clip], heard: npt.NDArray[np.bool_]) -> list[Subject]:
    """Those of which the ``heard`` (n,) clips know at least two names."""
    found = []
    for place, corpus in enumerate(CORPORA):
        labels = [clip.tone if clip.corpus == corpus else "" for clip in clips]
        found.append(_subject(labels, heard, TONES, place * len(TONES)))
    labels = [clip.event if clip.kind in NOT_SPEECH else "" for clip in clips]
    found.append(_subject(labels, heard, EVENTS, EVENT_COLUMNS))
    return [subject for subject in found if len(subject.names) > 1]


def _subject(labels: Sequence[str], heard: npt.NDArray[np.bool_], order: Sequence[str], first: int) -> Subject:
    rows = np.flatnonzero(heard & np.array([bool(label) for label in labels], np.bool_))
    mine = [labels[row] for row in rows.tolist()]
    names = tuple(name for name in order if name in mine)
    columns = tuple(first + order.index(name) for name in names)
    return Subject(rows, np.array([names.index(label) for label in mine], np.int64), names, columns)
