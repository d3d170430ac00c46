"""The card of the voice-tone model."""

from __future__ import annotations

import numpy as np

from robot.evaluation import metrics
from tools.train import card, voice_evaluate
from tools.train.package import Figure
from tools.train.voice_data import LABELS
from tools.train.voice_evaluate import HeldOut

UNTESTED = """
## Not tested

Speech that is not acted, children, other languages, corpora it never saw (simple models fall to 35 to 43 % there), far
microphones, music, two people at once, and a robot's real servos. Expect much less than the figures above outside acted
speech.

## Affect

Each label's place in valence and arousal follows the order of Russell's circumplex (1980); the numbers are rounded from
values commonly quoted from Russell and Mehrabian (1977), and were not measured here.
"""


def _about(held: HeldOut, terms: str, clips: int, people: int, folds: int) -> str:
    return f"""
Reads one of four tones, neutral, happy, sad or angry, from the last two seconds of somebody speaking. It reads how
acted speech of that tone sounds, not what the person feels, and does not look at the words.

## Use

A companion robot's weak guess at the tone of a visitor's voice, averaged over seconds and together with other senses;
only where a voice detector says that somebody speaks. Not for judging, sorting, hiring, watching or diagnosing people,
and not at work or in school.

## Input and output

Two seconds of 16 kHz mono as 198 log-mel frames of 40 bands, made and normalised by `robot/senses/hearing/logmel.py`,
then int8: loudness itself is taken away. Four int8 logits; divide them by the temperature {held.temperature():.3f}
before the softmax.

## Training data and its terms

{terms} {clips} clips of {people} speakers in English, German, Polish and Turkish, trimmed to where somebody speaks;
calm and bored count as neutral. TESS has little weight and is never reported. Copies were made faster or slower, with
room, microphone and noise (ESC-10, CC BY 3.0; made-up fan and servo whine).

## How it was measured

Speakers were dealt into {folds} folds; for each of {len(np.unique(held.folds))} of them, with
{len(np.unique(held.speakers))} reported speakers in all, a model was trained by the same recipe on the other speakers,
quantised, and asked about one random 2 s window of every clip of the fold's speakers, and about the whole clip: the
mean of the logits over windows every 0.5 s, as the robot's mood averages them. The figures are of these int8 files
together; recall is the mean of the four classes' recalls. The network's size and the strength of the changes were
chosen on the held-out speakers of fold {voice_evaluate.CHOSEN_ON}; the figures without them stand below. The file that
ships was trained on all speakers, so no unheard speakers of these corpora are left to measure it on. The temperature
fits the held-out answers; for the calibration error each fold used the temperature of the other folds.
"""


def write(
    title: str, held: HeldOut, figures: tuple[Figure, ...], terms: str, *, clips: int, people: int, folds: int
) -> str:
    """The card in Markdown; ``clips``, ``people`` and ``folds`` say what the shipped file was trained on."""
    said = held.logits.argmax(axis=1)
    return card.paragraphs(
        f"# {title}",
        card.prose(_about(held, terms, clips, people, folds)),
        "## Figures",
        card.figures_table(figures),
        "Intervals: bootstrap over speakers, 1,000 draws. Chance is 25 %.",
        "## Confusion, held-out speakers, 2 s windows, int8",
        card.confusion_table(metrics.confusion(held.truth, said, len(LABELS)), LABELS),
        card.prose(UNTESTED),
    )
