"""From a head and its answers to a model directory: temperature, thresholds, figures, card, golden inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from robot.evaluation import metrics
from robot.senses.hearing.words.statistics import EDGE_S, ENCODER_SHA256, KIND, QUIET_DB
from tools.train import card, voice_card, voice_evaluate
from tools.train.package import Figure, ModelPackage
from tools.train.voice_data import RATE_HZ, Clip, Floats
from tools.train.voice_deep_page import NOT_OF_SUMS, WAYS, Beside, figures_of
from tools.train.voice_evaluate import Answered
from tools.train.voice_head import Head, Statistics
from tools.train.voice_heads import TONE
from tools.train.voice_labels import AFFECT, EVENTS, TONES
from tools.train.voice_package import COVERAGE, NON_COMMERCIAL, TERMS, TERMS_OPEN
from tools.train.voice_protocol import Run

VERSION = "0.1.0"
GOLDEN = 24


def made(
    head: Head,
    clips: Sequence[Clip],
    everything: Run,
    told: Statistics,
    people: Answered,
    strangers: Answered | None,
    joined: Beside | None,
) -> ModelPackage:
    """The package of ``head``, its figures from the answers of the protocol's heads to those that they never heard."""
    free = bool(everything.held.any())
    beside = _beside(free=free)
    name = f"{beside}_deep"
    figures = figures_of(people, strangers) + (joined_figures(joined, beside) if joined is not None else [])
    # This file is float32, and is what was fitted.
    figures = [replace(figure, file="float32") for figure in figures]
    speech = people.where(lambda clip: bool(clip.tone))
    t = voice_evaluate.temperature(speech)
    sure = metrics.softmax(speech.clean[:, TONE], t).max(axis=1)
    mine = [clip for clip, held in zip(clips, everything.held, strict=True) if not held and clip.file in told.clean]
    heard = np.stack([told.clean[clip.file] for clip in mine])
    terms = TERMS_OPEN if free else TERMS
    return ModelPackage(
        id=name,
        version=VERSION,
        task="voice_tone",
        content=head.file(),
        labels=TONES,
        value_range=(float(np.floor(heard.min())), float(np.ceil(heard.max()))),
        preprocessing={
            "kind": KIND,
            "encoder": "OpenAI Whisper tiny.en (MIT), int8",
            "encoder_sha256": ENCODER_SHA256,
            "sample_rate_hz": RATE_HZ,
            "quiet_db": QUIET_DB,
            "edge_s": EDGE_S,
            "normalise": "trimmed to where it is loud, the peak at full scale; mean and standard deviation over time",
        },
        temperature=t,
        unsure_below=float(np.quantile(sure, 1.0 - COVERAGE)),
        affect=AFFECT,
        figures=tuple(figures),
        terms=terms,
        made=date.today().isoformat(),
        card=_card(f"{name} {VERSION}", mine, terms, figures, people, free=free, with_it=joined is not None),
        golden_inputs=golden_inputs(heard),
        heads={"events": EVENTS},
        non_commercial=() if free else NON_COMMERCIAL,
        layout="NC",
    )


def joined_figures(joined: Beside, name: str) -> list[Figure]:
    """The same of both together, the small network being that of `name`."""
    strangers = None if joined.strangers is None else joined.strangers[WAYS[2]]
    found = [figure for figure in figures_of(joined.people[WAYS[2]], strangers) if figure.name not in NOT_OF_SUMS]
    return [replace(figure, data=f"{figure.data}, joined with {name}") for figure in found]


def golden_inputs(statistics: Floats) -> Floats:
    """Made-up statistics (GOLDEN, d), as large and as spread as those of voices."""
    rng = np.random.default_rng(2026)
    drawn = rng.normal(0.0, 1.5, (GOLDEN, statistics.shape[1]))
    return np.asarray(statistics.mean(axis=0) + drawn * statistics.std(axis=0), np.float32)


def _card(
    title: str,
    clips: Sequence[Clip],
    terms: str,
    figures: Sequence[Figure],
    people: Answered,
    *,
    free: bool,
    with_it: bool,
) -> str:
    parts = [
        f"# {title}",
        card.prose(_about(clips, terms, free=free, with_it=with_it)),
        "## Figures",
        card.figures_table(tuple(figures)),
    ]
    parts.append("Intervals: bootstrap over speakers, 1,000 draws.")
    parts += voice_card.confusions(people, "held-out speakers")
    return card.paragraphs(*parts, card.prose(UNTESTED))


def _beside(*, free: bool) -> str:
    """The small network that it gives the second opinion to."""
    return "voice_tone_open" if free else "voice_tone"


def _about(clips: Sequence[Clip], terms: str, *, free: bool, with_it: bool) -> str:
    languages = ", ".join(sorted({clip.language for clip in clips if clip.tone}))
    speakers = len({clip.speaker for clip in clips})
    beside = _beside(free=free)
    tones = "" if free else " TESS has little weight and is never reported. TurEV's calm counts as neutral."
    joined = (
        f' "joined with {beside}" adds the log probabilities of that recipe\'s int8 file by the same run.'
        if with_it
        else ""
    )
    return f"""
A second, slower opinion on the tone in which a whole sentence was said: {", ".join(TONES)}; beside it the vocal events
{", ".join(EVENTS[1:])}. A linear head on what the encoder of Whisper tiny.en (OpenAI, MIT) makes of the sentence: of no
use without it. The robot asks it once after each sentence, where words are listened for and feelings may be read, and
joins what it says with what `{beside}` said meanwhile. Like that one it reads how acted speech of a tone sounds, not
what the person feels; the words themselves it is not told.

## Use

A companion robot's weak guess, together with other senses. Not for judging, sorting, hiring, watching or diagnosing
people, and not at work or in school, where it is not loaded.

## Input and output

Mean and standard deviation over time of the encoder's 384 features for each 20 ms of the sentence, trimmed to where
somebody speaks and with its peak at full scale (`robot/senses/hearing/words/statistics.py`): loudness itself is taken
away. One row of float32 numbers: a logit for each tone, a logit for each event. It is float32, 43 KB, because the
features' spreads lie a factor of twenty apart.

## Training data and its terms

{terms} {len(clips)} clips of {speakers} people; speech in {languages}. Each clip is learned as it is, once more in
noise of 3 to 25 dB, on a telephone or in a room's echo, and once more on a telephone, half of those in noise.{tones}
Two logistic regressions, with a ridge and no other choice.

## How it was measured

By heads fitted without the people, noises or corpora that the figure is about, in the runs of the protocol of
`tools.train.voice_tone`.{joined} The file that ships was fitted on everybody, so no unheard speakers of these corpora
are left to measure it on.
"""


UNTESTED = """
## Not tested

Speech that is not acted, children, languages other than those above, far microphones, two people at once, sentences
under half a second. Expect much less than the figures above outside acted speech, as the corpora never heard show.

## Affect

Valence and arousal are the labels' places on the circumplex (after Russell and Mehrabian 1977, rounded), weighted by
their probabilities; nobody rated these clips so.
"""
