"""The second opinion on tones and events beside the small network and joined with it, as a page of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robot.evaluation import metrics
from robot.evaluation.metrics import Measured, bootstrap
from robot.evaluation.views import COARSE
from robot.messages import NO_EVENT
from robot.mind.evidence import SAME_SOUND
from tools.train import card, voice_evaluate, voice_figures, voice_protocol
from tools.train.paths import DataAbsentError
from tools.train.voice_answers import BY_CLIP
from tools.train.voice_data import Clip, Floats
from tools.train.voice_evaluate import Answered, Rows, fine, recall_of
from tools.train.voice_heads import EVENT, TONE
from tools.train.voice_labels import EVENTS, TONES
from tools.train.voice_protocol import Run

DRAWS = 300
POWERS = np.arange(0.3, 1.21, 0.05)
WAYS = ("the small network", "the head", "both")
BURSTS = ("emogator", "deeply_nonverbal")
HARDSHIPS = {"noisy": "noise of 10 dB", "telephone": "a telephone"}
Ways = dict[str, Answered]
"""What each of `WAYS` says of the same clips."""


@dataclass(frozen=True)
class Beside:
    """The same clips answered in each way: of ``people`` that neither heard, and of corpora never heard."""

    people: Ways
    strangers: Ways | None


def beside(clips: Sequence[Clip], voice_run: Path, people: Answered, strangers: Answered | None) -> Beside:
    """The head's answers beside those of a training run of the small network.

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
    """The page of results."""
    rows = [_own(found.people, corpus) for corpus in voice_protocol.FOLDS]
    rows += [_lost(found.people, corpus, how) for how in HARDSHIPS for corpus in ("ravdess", "emodb")]
    rows += [_coverage(found.people)]
    if found.strangers is not None:
        rows += [_coarse(found.strangers, corpus) for corpus in voice_protocol.LEFT_OUT] + [_mean(found.strangers)]
    rows += [_events(found.people, corpus) for corpus in BURSTS]
    rows.append(_taken(found.people))
    return card.paragraphs(
        "# A second opinion on tones and events",
        card.prose(ABOUT),
        card.table(["unweighted recall", *WAYS], [row for row in rows if row]),
        f"Each with the temperature that fits it, both together are likeliest when their sum is raised to the power "
        f"{likeliest_power(found.people):.2f}: they err alike in part. The robot takes {SAME_SOUND:.2f}.",
    )


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


def _own(ways: Ways, corpus: str) -> list[str]:
    """A corpus's own tones."""
    if not _has(ways, lambda clip: clip.corpus == corpus and bool(clip.tone)):
        return []
    kinds = fine(ways[WAYS[0]], corpus)[3]

    def measured(answered: Answered) -> Measured:
        part, truth, said, kinds = fine(answered, corpus)
        return _over_speakers(partial(recall_of, truth, said, kinds), part)

    return _row(f"{corpus}, {kinds} tones, unseen speakers", ways, measured)


def _lost(ways: Ways, corpus: str, how: str) -> list[str]:
    """Points of recall that a hardship takes."""
    hard = {way: each.of(~np.isnan(getattr(each, how)).any(axis=1)) for way, each in ways.items()}
    if not all(_has({way: each}, lambda clip: clip.corpus == corpus) for way, each in hard.items()):
        return []

    def measured(answered: Answered) -> Measured:
        part, truth, said, kinds = fine(answered, corpus, how)
        before = fine(answered, corpus)[2]
        lost = lambda rows: recall_of(truth, before, kinds, rows) - recall_of(truth, said, kinds, rows)  # noqa: E731
        return _over_speakers(lost, part)

    return _row(f"{corpus}, lost in {HARDSHIPS[how]}", hard, measured)


def _coverage(ways: Ways) -> list[str]:
    """What the surest four fifths gain, of all tones of all corpora."""

    def measured(answered: Answered) -> Measured:
        part = answered.where(lambda clip: bool(clip.tone))
        part = part.of(voice_figures.coarse_labels(part.clips) >= 0)
        truth, sure = voice_figures.coarse_labels(part.clips), voice_figures.coarse(part.clean)
        return _over_speakers(
            lambda rows: (
                metrics.accuracy_at_coverage(truth[rows], sure[rows], 0.8)
                - metrics.accuracy(truth[rows], sure[rows].argmax(axis=1))
            ),
            part,
        )

    return _row("4 tones, gained at 80 % coverage (accuracy)", ways, measured)


def _coarse(ways: Ways, corpus: str) -> list[str]:
    """Four tones of a corpus that nothing was fitted on."""
    if not _has(ways, lambda clip: clip.corpus == corpus):
        return []

    def measured(answered: Answered) -> Measured:
        part, truth, said = _four(answered, corpus)
        return _over_speakers(partial(recall_of, truth, said, len(COARSE)), part)

    return _row(f"{corpus}, {len(COARSE)} tones, corpus never heard", ways, measured)


def _mean(ways: Ways) -> list[str]:
    """The mean over the corpora never heard."""
    there = [name for name in voice_protocol.LEFT_OUT if _has(ways, lambda clip, name=name: clip.corpus == name)]  # type: ignore[misc]
    shown = []
    for way in WAYS:
        each = []
        for corpus in there:
            part, truth, said = _four(ways[way], corpus)
            each.append(recall_of(truth, said, len(COARSE), np.arange(len(part.clips))))
        shown.append(f"{100 * float(np.mean(each)):.1f} %")
    return ["mean of the corpora never heard", *shown]


def _four(answered: Answered, corpus: str) -> tuple[Answered, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    part = answered.where(lambda clip: clip.corpus == corpus)
    part = part.of(voice_figures.coarse_labels(part.clips) >= 0)
    return part, voice_figures.coarse_labels(part.clips), voice_figures.coarse(part.clean).argmax(axis=1)


def _events(ways: Ways, corpus: str) -> list[str]:
    """Laughs, sobs, screams and sighs of a set of bursts."""

    def named(clip: Clip) -> bool:
        return clip.corpus == corpus and clip.event not in {"", NO_EVENT}

    if not _has(ways, named):
        return []

    def measured(answered: Answered) -> Measured:
        part = answered.where(named)
        truth, said = voice_figures.event_labels(part.clips), voice_figures.events(part.clean).argmax(axis=1)
        return _over_speakers(partial(recall_of, truth, said, len(EVENTS)), part)

    return _row(f"{corpus}, 4 events, unseen people", ways, measured)


def _taken(ways: Ways) -> list[str]:
    """How much speech is taken for an event."""
    if not _has(ways, lambda clip: clip.kind == "speech"):
        return []

    def measured(answered: Answered) -> Measured:
        part = answered.where(lambda clip: clip.kind == "speech")
        wrong = voice_figures.events(part.clean).argmax(axis=1) != EVENTS.index(NO_EVENT)
        return _over_speakers(lambda rows: float(wrong[rows].mean()), part)

    return _row("speech taken for an event", ways, measured)


def _has(ways: Ways, holds: Callable[[Clip], bool]) -> bool:
    return any(holds(clip) for clip in next(iter(ways.values())).clips)


def _row(what: str, ways: Ways, measured: Callable[[Answered], Measured]) -> list[str]:
    return [what, *(card.percent(measured(ways[way])) for way in WAYS)]


def _over_speakers(measure: Callable[[Rows], float], part: Answered) -> Measured:
    return bootstrap(measure, len(part.clips), groups=part.speakers, draws=DRAWS)
