"""The card of the voice-tone models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from robot.evaluation import metrics
from tools.train import card, voice_evaluate
from tools.train.package import Figure
from tools.train.voice_evaluate import REPORTED, Answered
from tools.train.voice_labels import EVENTS, TONES

if TYPE_CHECKING:
    from tools.train.voice_material import Material
    from tools.train.voice_train import Recipe

UNTESTED = """
## Not tested

Speech that is not acted, children, languages other than those above, far microphones, music, two people at once, and a
robot's real servos. Expect much less than the figures above outside acted speech, as the corpora never heard show.

## Affect

Valence and arousal are learned from each label's place on the circumplex, in the order of Russell (1980); the numbers
are rounded from values commonly quoted from Russell and Mehrabian (1977), and nobody rated these clips so.
"""


RUNS = """
Each of eight runs holds out one speaker of Emo-DB, a fifth of RAVDESS's, one of nEMO's and of TurEV's, an eighth of the
people who laugh and cry, and an eighth of the noises; a clip is answered by the first run that did not hear it, with
the mean over the windows that the robot would judge. Four more runs leave a corpus out each.
""".strip()
OPEN_RUNS = """
Each of eight runs holds out one speaker of Emo-DB, an eighth of the people who laugh and cry, and an eighth of the
noises; a clip is answered by the run that did not hear it, with the mean over the windows that the robot would judge.
""".strip()


def _tones(material: Material) -> str:
    """What is to be known of the tones of the corpora."""
    if not material.open:
        return " TESS has little weight and is never reported. TurEV's calm counts as neutral."
    lacking = [tone for tone in TONES if not any(clip.tone == tone for clip in material.clips)]
    return (
        f" Acted speech in one language by few people: expect little elsewhere. It never says {' or '.join(lacking)}."
    )


def _about(
    material: Material, terms: str, teacher: str, recipe: Recipe, speakers: int, languages: str, seeds: Sequence[int]
) -> str:
    return f"""
Reads the tone in which something is said from the last 2.6 s: {", ".join(TONES)}. Beside it valence and arousal, vocal
events ({", ".join(EVENTS[1:])}) and how good the sound is. It reads how acted speech of that tone sounds, not what the
person feels, and does not look at the words.

## Use

A companion robot's weak guess at the tone of a visitor's voice, averaged over seconds and together with other senses;
only where a voice detector says that somebody speaks. Not for judging, sorting, hiring, watching or diagnosing people,
and not at work or in school.

## Input and output

2.6 s of 16 kHz mono as 128 log-mel frames (50 ms windows every 20 ms) of 80 bands, made and normalised by
`robot/senses/hearing/logmel.py`, then int8: loudness itself is taken away. One row of int8 numbers: a logit for each
tone, a logit for each event, valence and arousal, a logit of quality.

## Training data and its terms

{terms} {len(material.clips)} clips of {speakers} people and things; speech in {languages}, trimmed to where somebody
speaks.{_tones(material)}
What is learned of a clip is what its label says, softened where listeners disagree{teacher} Every window of every epoch
is changed anew: speed, vocal tract, gain, microphone, telephone, room, noise (ESC-10, CC BY 3.0; made-up fan and servo
whine), gaps in time and in the spectrum. {recipe.epochs} epochs of {recipe.steps} batches; batches hold each corpus by
the root of its size.

## How it was measured

Every figure comes from int8 files that were trained by this recipe without the people, noises or corpora that the
figure is about. {OPEN_RUNS if material.open else RUNS} "6 tones" are those that a corpus has: the answer is the
likeliest of them. "4 tones" are neutral (with calm and bored), happy, sad and angry. Calibration error: each run with
the temperature of the others. The file that ships was trained on everybody by the same recipe, so no unheard speakers
of these corpora are left to measure it on. Seeds: {", ".join(map(str, seeds))}.
"""


def _folds(answered: Answered) -> str:
    """How far the recall of each corpus depends on who is in the fold."""
    rows = []
    for corpus in REPORTED:
        if any(clip.corpus == corpus for clip in answered.clips):
            each = voice_evaluate.recall_of_folds(answered, corpus)
            shown = [f"{value:.1%}" for value in (np.mean(each), np.std(each), min(each), max(each))]
            rows.append([corpus, str(len(each)), *shown])
    return card.table(["corpus", "folds", "mean recall", "standard deviation", "least", "most"], rows)


def write(
    title: str,
    material: Material,
    answered: Answered,
    figures: Sequence[Figure],
    spreads: Mapping[tuple[str, str, str], tuple[float, float]],
    terms: str,
    recipe: Recipe,
    seeds: Sequence[int],
    cost: str,
) -> str:
    """The card in Markdown; ``cost`` is a sentence."""
    teacher = (
        f", and to {recipe.teacher_share:.0%} by what a logistic regression on the encoder of Whisper tiny.en (OpenAI, "
        "MIT) says, fitted on other speakers; as lessons beside, the network also imitates what the regression of "
        "every corpus says of every clip, and of each 80 ms of it."
        if material.taught.places
        else "."
    )
    languages = ", ".join(sorted({clip.language for clip in material.clips if clip.tone}))
    speakers = len({clip.speaker for clip in material.clips})
    parts = [
        f"# {title}",
        card.prose(_about(material, terms, teacher, recipe, speakers, languages, seeds)),
        "## Figures",
        card.figures_table(tuple(figures)),
        f"Intervals: bootstrap over speakers, 1,000 draws. Half of the clips had the label that stayed after "
        f"{voice_evaluate.median_stable_s(answered):.1f} s of speech. {cost}",
    ]
    parts += ["## Over folds of unheard speakers", _folds(answered)]
    if len(seeds) > 1:
        rows = [[n, d, f, f"{mean:.1%}", f"{spread:.1%}"] for (n, d, f), (mean, spread) in spreads.items()]
        parts += [
            "## Over seeds",
            card.table(["figure", "data", "file", "mean", "standard deviation"], rows),
        ]
    parts += confusions(answered, "held-out speakers, int8")
    return card.paragraphs(*parts, card.prose(UNTESTED))


def confusions(answered: Answered, what: str) -> list[str]:
    """For each corpus that is reported a heading, which ends with ``what``, and which tones were taken for which."""
    parts = []
    for corpus in REPORTED:
        if any(clip.corpus == corpus for clip in answered.clips):
            part, truth, said, kinds = voice_evaluate.fine(answered, corpus)
            names = [name for name in TONES if any(clip.tone == name for clip in part.clips)]
            parts += [
                f"## Confusion, {corpus}, {what}",
                card.confusion_table(np.asarray(metrics.confusion(truth, said, kinds)), tuple(names)),
            ]
    return parts
