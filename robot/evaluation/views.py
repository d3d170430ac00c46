"""The same answers about voices seen otherwise: among a data set's own tones, as four coarse tones, and the events."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from robot.evaluation.answers import Answers
from robot.evaluation.voices import Judged

COARSE = ("neutral", "happy", "sad", "angry")
COARSE_OF = {"calm": "neutral", "bored": "neutral"} | {tone: tone for tone in COARSE}
"""The four tones that most data sets share, and which finer ones count as one of them."""


def views_of(judged: Judged) -> dict[str, Answers]:
    """The same answers among the tones alone that the clip's data set has, and put together to four tones; the events.

    A view that is no other than the tones' answers is left out.
    """
    answers = judged.tones
    found = {"among the tones of the data set": _own_tones(answers)}
    coarse = _four_tones(answers)
    if coarse is not None and answers.labels != COARSE:
        found["as neutral (with calm and bored), happy, sad or angry"] = coarse
    other = {
        name: view for name, view in found.items() if not np.array_equal(view.probabilities, answers.probabilities)
    }
    return other | ({"vocal events, of sounds without words": judged.events} if judged.events else {})


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
