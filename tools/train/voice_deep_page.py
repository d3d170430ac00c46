"""The second opinion on tones and events beside the small network and joined with it, as a page of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robot.evaluation import metrics
from robot.mind.evidence import SAME_SOUND
from tools.train import card, voice_evaluate, voice_figures, voice_protocol
from tools.train.package import Figure
from tools.train.paths import DataAbsentError
from tools.train.voice_answers import BY_CLIP
from tools.train.voice_data import Clip, Floats
from tools.train.voice_evaluate import Answered
from tools.train.voice_heads import EVENT, TONE
from tools.train.voice_labels import TONES
from tools.train.voice_protocol import Run

POWERS = np.arange(0.3, 1.21, 0.05)
WAYS = ("the small network", "the head", "both")
NOT_OF_SUMS = {"calibration_error"}
"""Their sum is surer than they are right; the robot takes that back where it joins them (`robot.mind.evidence`)."""
Ways = dict[str, Answered]
"""What each of `WAYS` says of the same clips."""


@dataclass(frozen=True)
class Beside:
    """The same clips answered in each way: of ``people`` that neither heard, and of corpora never heard."""

    people: Ways
    strangers: Ways | None


def beside(clips: Sequence[Clip], voice_run: Path, people: Answered, strangers: Answered | None) -> Beside:
    """The head's answers beside those of a training run of the small network, which has heard of no other ``clips``.

    Raises:
        DataAbsentError: the training run left no answers.
    """
    seeds = sorted(voice_run.glob("seed*"))
    folder = seeds[0] if seeds else voice_run
    by_people = _ways(clips, voice_protocol.speaker_runs(clips), folder, people)
    if by_people is None:
        raise DataAbsentError(f"not measured: data absent (no answers of runs in {folder}; see tools.train.voice_tone)")
    by_strangers = None
    if strangers is not None:
        by_strangers = _ways(clips, voice_protocol.corpus_runs(clips), folder, strangers)
    return Beside(by_people, by_strangers)


def _ways(clips: Sequence[Clip], runs: Sequence[Run], folder: Path, head: Answered) -> Ways | None:
    small = voice_evaluate.gathered(clips, runs, folder)
    if small is None:
        return None
    there = {clip.file for clip in head.clips} & {clip.file for clip in small.clips}
    small, head = (_in_order(each, there) for each in (small, head))
    both = replace(
        small,
        clean=added(small.clean, head.clean),
        noisy=added(small.noisy, head.noisy),
        telephone=added(small.telephone, head.telephone),
    )
    return dict(zip(WAYS, (small, head, both), strict=True))


def _in_order(answered: Answered, files: set[str]) -> Answered:
    """Those of some files alone, in the order of their names."""
    order = sorted((clip.file, row) for row, clip in enumerate(answered.clips) if clip.file in files)
    rows = np.array([row for _, row in order])
    kept = {name: getattr(answered, name)[rows] for name in ("runs", *BY_CLIP)}
    return replace(answered, clips=[answered.clips[row] for row in rows.tolist()], **kept)


def added(one: Floats, other: Floats) -> Floats:
    """Log probabilities of two witnesses added, in each head for itself."""
    said = one.copy()
    for part in (TONE, EVENT):
        said[:, part] = _logs(one[:, part]) + _logs(other[:, part])
    return said


def _logs(logits: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(metrics.softmax(logits.astype(np.float64), 1.0), 1e-12)), np.float32)


def page(found: Beside) -> str:
    """The page of results: every figure that is of all three."""
    strangers = found.strangers or dict.fromkeys(WAYS)
    ways = [
        {(figure.name, figure.data): figure for figure in figures_of(found.people[way], strangers[way])} for way in WAYS
    ]
    rows = [
        [name.replace("_", " "), data, *(card.percent(figures[name, data].measured) for figures in ways)]
        for name, data in ways[0]
        if name not in NOT_OF_SUMS and all((name, data) in figures for figures in ways)
    ]
    return card.paragraphs(
        "# A second opinion on tones and events",
        card.prose(ABOUT),
        card.table(["figure", "of what", *WAYS], rows),
        f"Each with the temperature that fits it, both together are likeliest when their sum is raised to the power "
        f"{likeliest_power(found.people):.2f}: they err alike in part. The robot takes {SAME_SOUND:.2f}.",
    )


def figures_of(people: Answered, strangers: Answered | None) -> list[Figure]:
    """What is measured of people that were never heard, and of corpora."""
    found = [figure for figure in voice_evaluate.speaker_figures(people) if figure.file == "int8"]
    return found if strangers is None else found + voice_evaluate.corpus_figures(strangers)


def likeliest_power(ways: Ways) -> float:
    """The power of the product of both opinions, each with its own temperature, under which the tones are likeliest."""
    parts = [ways[way].where(lambda clip: bool(clip.tone)) for way in WAYS[:2]]
    truth = voice_figures.tone_labels(parts[0].clips, TONES)
    logs = [np.log(np.maximum(_shares(part), 1e-12)) for part in parts]
    said = np.sum(logs, axis=0)
    aim = np.eye(len(TONES))[truth]
    return float(
        min(POWERS, key=lambda power: metrics.negative_log_likelihood(aim, metrics.softmax(said * power, 1.0)))
    )


ABOUT = """\
Made with `python -m tools.train.voice_deep`: a linear head on the mean and spread of what Whisper tiny.en's encoder
answers to a whole clip (`voice_tone_deep`), the int8 file of the small network's recipe by the same run of the
protocol, and both joined: log probabilities added. Neither heard the speakers, the noises, or in the rows so named the
corpora that it is asked about. Intervals: bootstrap over speakers. In the robot the head is asked once a sentence,
where words are listened for."""


def _shares(part: Answered) -> npt.NDArray[np.float64]:
    return metrics.softmax(part.clean[:, TONE].astype(np.float64), voice_evaluate.temperature(part))
