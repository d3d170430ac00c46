"""What the teachers have to say of each moment of a clip: a lesson for every 80 ms, not one for a whole clip.

The encoder's features are 384 numbers each 20 ms, most of which tell words apart and not tones. Of each corpus's
teacher a regression on their means alone gives the directions that tell its tones apart; how far a moment lies along
them is what the student learns to say of that moment. The directions in which the features vary most would not do: 64
of them hold 70 % of the variance, but a regression on those knows 54 % of RAVDESS's tones where one on all knows 67.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.train.voice_data import Clip, Floats
from tools.train.voice_features import FRAMES
from tools.train.voice_lessons import fit_logistic
from tools.train.voice_subjects import COLUMNS, subjects
from tools.train.voice_teacher import Taught

STEP_FRAMES = 4
STEPS = FRAMES // STEP_FRAMES
"""So many lessons in a window."""
SAMPLED = 5
"""Every so many frames are looked at for the spread along the directions."""


@dataclass(frozen=True)
class Moments:
    """What is to be said of each frame of some clips: ``values`` float16 (m, COLUMNS), of mean 0 and spread 1.

    Clip ``i`` is ``starts[i]:starts[i+1]``, empty where the teacher has not heard it.
    """

    values: npt.NDArray[np.float16]
    starts: npt.NDArray[np.int64]

    def lessons(self, rows: npt.NDArray[np.intp], places: npt.NDArray[np.float64]) -> Floats:
        """What to say of windows of the clips ``rows`` (n,): (n, STEPS, COLUMNS), NaN where nothing is to be said.

        ``places`` (n, FRAMES) says which frame of the clip each frame of a window shows, NaN where none. A lesson is
        the mean over a step; one that holds any frame of no clip is left out.
        """
        lengths = np.diff(self.starts)[rows]
        told = ~np.isnan(places) & (lengths > 0)[:, None]
        frame = np.clip(np.rint(np.nan_to_num(places)).astype(np.int64), 0, np.maximum(lengths - 1, 0)[:, None])
        values = self.values[np.minimum(frame + self.starts[rows][:, None], len(self.values) - 1)].astype(np.float32)
        values[~told] = np.nan
        return np.asarray(values.reshape(len(rows), STEPS, STEP_FRAMES, COLUMNS).mean(axis=2), np.float32)


def moments(clips: Sequence[Clip], taught: Taught) -> Moments | None:
    """The lessons of ``clips`` (only those that are trained on); None where the teacher has heard none with a tone."""
    heard = [clip for clip in clips if clip.file in taught.places]
    sampled = [taught.of(taught.places[clip.file])[::SAMPLED] for clip in heard]
    if not any(clip.tone for clip in heard):
        return None
    some = np.concatenate(sampled)
    middle, spread = some.mean(axis=0), some.std(axis=0) + 1e-4
    directions = _directions(clips, taught) * spread[:, None]
    along = ((some - middle) / spread) @ directions
    # A direction's own scale says nothing: all are learned alike.
    directions = np.asarray(directions / np.where(along.std(axis=0) > 0, along.std(axis=0), np.nan), np.float32)
    values = [
        ((taught.of(taught.places[clip.file]) - middle) / spread @ directions).astype(np.float16)
        if clip.file in taught.places
        else np.empty((0, COLUMNS), np.float16)
        for clip in clips
    ]
    starts = np.concatenate([[0], np.cumsum([len(each) for each in values])]).astype(np.int64)
    return Moments(np.concatenate(values), starts)


def _directions(clips: Sequence[Clip], taught: Taught) -> Floats:
    """Weights (d, COLUMNS) of a regression for each subject on the means of its clips, 0 for what it has not."""
    found = np.zeros((taught.frames.shape[1], COLUMNS), np.float32)
    for subject in subjects(clips, np.array([clip.file in taught.places for clip in clips])):
        means = np.stack([taught.of(taught.places[clips[row].file]).mean(axis=0) for row in subject.rows])
        spread = means.std(axis=0) + 1e-4
        apart = np.asarray((means - means.mean(axis=0)) / spread, np.float32)
        weights = fit_logistic(apart, subject.labels, len(subject.names))[:-1]
        found[:, subject.columns] = (weights - weights.mean(axis=1, keepdims=True)) / spread[:, None]
    return found
