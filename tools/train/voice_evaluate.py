"""Figures of the tone model on people, noises and corpora that it never heard, over all runs of one seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robot.evaluation import metrics
from robot.evaluation.metrics import Measured, bootstrap
from robot.evaluation.views import COARSE
from tools.train import voice_figures
from tools.train.package import Figure
from tools.train.voice_answers import BY_CLIP, RunAnswers, Said
from tools.train.voice_data import Clip
from tools.train.voice_figures import Labels
from tools.train.voice_labels import EVENTS, TONES
from tools.train.voice_protocol import Run

PEOPLE = "held-out speakers, whole clips"
REPORTED = ("ravdess", "emodb", "nemo", "turev")
EARLY_S = 1.0
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Answered(Said):
    """What several runs said together: every clip once, by the first run that did not hear it.

    ``clips`` (n,) are the clips, ``runs`` int64 (n,) the numbers of their runs.
    """

    clips: Sequence[Clip]
    runs: npt.NDArray[np.int64]

    def of(self, keep: npt.NDArray[np.bool_]) -> Answered:
        """Some of the clips alone."""
        kept = {name: getattr(self, name)[keep] for name in ("runs", *BY_CLIP)}
        clips = [clip for clip, wanted in zip(self.clips, keep, strict=True) if wanted]
        return replace(self, clips=clips, **kept)

    def where(self, holds: Callable[[Clip], bool]) -> Answered:
        """The clips for which something holds."""
        return self.of(np.array([holds(clip) for clip in self.clips], np.bool_))

    @property
    def speakers(self) -> npt.NDArray[np.str_]:
        """Who each clip is of."""
        return np.array([clip.speaker for clip in self.clips])


def gathered(clips: Sequence[Clip], runs: Sequence[Run], folder: Path) -> Answered | None:
    """What the runs whose answers lie in ``folder`` said; None when there are none."""
    answers = {
        number: RunAnswers.read(folder / run.name / "answers.npz")
        for number, run in enumerate(runs)
        if (folder / run.name / "answers.npz").is_file()
    }
    if not answers:
        return None
    seen: set[int] = set()
    parts: list[tuple[int, RunAnswers, npt.NDArray[np.bool_]]] = []
    for number, said in answers.items():
        fresh = np.array([row not in seen for row in said.rows.tolist()], np.bool_)
        seen |= set(said.rows.tolist())
        parts.append((number, said, fresh))
    rows = np.concatenate([said.rows[fresh] for _, said, fresh in parts])
    found = {
        field.name: np.concatenate(
            [
                getattr(said, field.name)[fresh] if field.name in BY_CLIP else getattr(said, field.name)
                for _, said, fresh in parts
            ]
        )
        for field in fields(Said)
    }
    numbers = np.concatenate([np.full(int(fresh.sum()), number) for number, _, fresh in parts])
    return Answered(clips=[clips[row] for row in rows], runs=numbers, **found)


def temperature(answered: Answered) -> float:
    """The temperature under which the four coarse tones are most likely."""
    truth = voice_figures.coarse_labels(answered.clips)
    known = truth >= 0
    candidates = np.exp(np.arange(np.log(0.4), np.log(5.0), 0.02))
    aim = np.eye(len(COARSE))[truth[known]]
    losses = [metrics.negative_log_likelihood(aim, voice_figures.coarse(answered.clean[known], t)) for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def calibrated(answered: Answered) -> npt.NDArray[np.float64]:
    """Probabilities (n, 4) of the coarse tones, each run's with the temperature that fits the other runs."""
    given = np.empty((len(answered.clips), len(COARSE)))
    for run in np.unique(answered.runs):
        inside = answered.runs == run
        others = answered.of(~inside) if not inside.all() else answered
        given[inside] = voice_figures.coarse(answered.clean[inside], temperature(others))
    return given


def recall_of(truth: Labels, said: Labels, kinds: int, rows: Rows) -> float:
    """Unweighted recall on some rows."""
    return metrics.unweighted_recall(truth[rows], said[rows], kinds)


def fine(answered: Answered, corpus: str, outputs: str = "clean") -> tuple[Answered, Labels, Labels, int]:
    """The clips of a corpus, their tones and what was said, among the tones that the corpus has."""
    part = answered.where(lambda clip: clip.corpus == corpus and bool(clip.tone))
    names = [name for name in TONES if any(clip.tone == name for clip in part.clips)]
    truth = voice_figures.tone_labels(part.clips, names)
    return part, truth, voice_figures.among(getattr(part, outputs), names).argmax(axis=1), len(names)


def speaker_figures(answered: Answered) -> list[Figure]:
    """Everything that is measured on held-out speakers."""
    found: list[Figure] = []
    there = [corpus for corpus in REPORTED if any(clip.corpus == corpus for clip in answered.clips)]
    for corpus in there:
        for outputs, file in (("clean", "int8"), ("real", "float32")):
            part, truth, said, kinds = fine(answered, corpus, outputs)
            measured = bootstrap(partial(recall_of, truth, said, kinds), len(truth), groups=part.speakers)
            found.append(Figure("unweighted_recall", measured, f"{corpus}, {kinds} tones, {PEOPLE}", file))
    found += _coarse_figures(answered, there)
    for outputs, what in (("noisy", "noise at 10 dB"), ("telephone", "telephone band")):
        found += [loss for corpus in there if (loss := _loss(answered, corpus, outputs, what))]
    found += _event_figures(answered)
    for corpus in there:
        part, truth, said, kinds = fine(answered, corpus)
        found += _by_sex(part, truth, said, kinds, f"{corpus}, {kinds} tones")
    return found


def _coarse_figures(answered: Answered, there: Sequence[str]) -> list[Figure]:
    part = answered.where(lambda clip: clip.corpus in there and bool(clip.tone))
    part = part.of(voice_figures.coarse_labels(part.clips) >= 0)
    truth, sure = voice_figures.coarse_labels(part.clips), calibrated(part)
    said, kinds = sure.argmax(axis=1), len(COARSE)
    corpora = np.array([clip.corpus for clip in part.clips])

    def mean_of_corpora(rows: Rows) -> float:
        inside = [rows[corpora[rows] == corpus] for corpus in np.unique(corpora[rows])]
        return float(np.mean([recall_of(truth, said, kinds, i) for i in inside]))

    def measured(measure: Callable[[Rows], float]) -> Measured:
        return bootstrap(measure, len(truth), groups=part.speakers)

    where = f"4 tones, {PEOPLE}"
    found = [
        Figure("unweighted_recall", measured(partial(recall_of, truth, said, kinds)), where),
        Figure("unweighted_recall_mean_of_corpora", measured(mean_of_corpora), where),
        Figure("calibration_error", measured(lambda i: metrics.calibration_error(truth[i], sure[i])), where),
        Figure("accuracy", measured(lambda i: metrics.accuracy(truth[i], said[i])), where),
        Figure(
            "accuracy_at_80_percent_coverage",
            measured(lambda i: metrics.accuracy_at_coverage(truth[i], sure[i], 0.8)),
            where,
        ),
    ]
    for corpus in there:
        rows = np.flatnonzero(corpora == corpus)
        one = bootstrap(partial(recall_of, truth[rows], said[rows], kinds), len(rows), groups=part.speakers[rows])
        found.append(Figure("unweighted_recall", one, f"{corpus}, {where}"))
    return found


def _loss(answered: Answered, corpus: str, outputs: str, what: str) -> Figure | None:
    """Points of recall that a hardship takes."""
    part = answered.of(~np.isnan(getattr(answered, outputs)).any(axis=1))
    if not any(clip.corpus == corpus for clip in part.clips):
        return None
    hard, truth, said, kinds = fine(part, corpus, outputs)
    _, _, before, _ = fine(part, corpus)

    def lost(rows: Rows) -> float:
        return recall_of(truth, before, kinds, rows) - recall_of(truth, said, kinds, rows)

    return Figure("recall_lost", bootstrap(lost, len(truth), groups=hard.speakers), f"{corpus}, {what}, {PEOPLE}")


def _event_figures(answered: Answered) -> list[Figure]:
    found = []
    for corpus in ("emogator", "deeply_nonverbal"):
        part = answered.where(lambda clip, corpus=corpus: clip.corpus == corpus and clip.event not in {"", "none"})  # type: ignore[misc]
        if part.clips:
            truth, said = voice_figures.event_labels(part.clips), voice_figures.events(part.clean).argmax(axis=1)
            measured = bootstrap(partial(recall_of, truth, said, len(EVENTS)), len(truth), groups=part.speakers)
            found.append(Figure("event_recall", measured, f"{corpus}, laugh, cry, scream, sigh, {PEOPLE}"))
    speech = answered.where(lambda clip: clip.kind == "speech")
    if found and speech.clips:
        taken = voice_figures.events(speech.clean).argmax(axis=1) != EVENTS.index("none")
        rate = bootstrap(lambda i: float(taken[i].mean()), len(taken), groups=speech.speakers)
        found.append(Figure("speech_taken_for_an_event", rate, PEOPLE))
    return found


def _by_sex(part: Answered, truth: Labels, said: Labels, kinds: int, where: str) -> list[Figure]:
    sexes = np.array([clip.sex for clip in part.clips])
    if set(sexes) != {"F", "M"}:
        return []

    def gap(rows: Rows) -> float:
        both = [rows[sexes[rows] == sex] for sex in "FM"]
        if not all(len(rows) for rows in both):
            return 0.0
        women, men = (recall_of(truth, said, kinds, inside) for inside in both)
        return abs(women - men)

    return [Figure("gap_between_women_and_men", bootstrap(gap, len(truth), groups=part.speakers), f"{where}, {PEOPLE}")]


def recall_of_folds(answered: Answered, corpus: str) -> list[float]:
    """Recall of a corpus's own tones in each run that held some of its speakers out."""
    part, truth, said, kinds = fine(answered, corpus)
    return [recall_of(truth, said, kinds, np.flatnonzero(part.runs == run)) for run in np.unique(part.runs)]


def corpus_figures(answered: Answered) -> list[Figure]:
    """Recall of the four coarse tones on each corpus by the file that never heard it, and their mean."""
    truth = voice_figures.coarse_labels(answered.clips)
    part = answered.of(truth >= 0)
    truth, said = truth[truth >= 0], voice_figures.coarse(part.clean).argmax(axis=1)
    corpora, kinds = np.array([clip.corpus for clip in part.clips]), len(COARSE)
    where, found = "4 tones, corpus never heard, whole clips", []
    for corpus in np.unique(corpora):
        rows = np.flatnonzero(corpora == corpus)
        one = bootstrap(partial(recall_of, truth[rows], said[rows], kinds), len(rows), groups=part.speakers[rows])
        found.append(Figure("unweighted_recall", one, f"{corpus}, {where}"))
    value = float(np.mean([figure.measured.value for figure in found]))
    low, high = (float(np.mean([getattr(figure.measured, end) for figure in found])) for end in ("low", "high"))
    return [*found, Figure("unweighted_recall_mean_of_corpora", Measured(value, low, high, len(truth)), where)]


def false_feelings(answered: Answered, t: float, unsure_below: float, least_quality: float) -> list[Figure]:
    """How many windows without speech are called a feeling, and surely."""
    found = []
    for name in ("noise", "silence", "whine"):
        outputs = getattr(answered, name)
        if len(outputs):
            felt = voice_figures.called_a_feeling(outputs, t, unsure_below, least_quality)
            rate = bootstrap(lambda i, felt=felt: float(felt[i].mean()), len(felt))  # type: ignore[misc]
            found.append(Figure("called_a_feeling", rate, f"{name} that it never heard, single windows, network alone"))
    return found


def stable_figure(answered: Answered) -> Figure:
    """The share of clips of a second and a half or longer whose label stands after one second of speech."""
    long = answered.of(np.array([clip.speech_s >= 1.5 and bool(clip.tone) for clip in answered.clips], np.bool_))
    early = long.stable_s <= EARLY_S
    measured = bootstrap(lambda i: float(early[i].mean()), len(early), groups=long.speakers)
    return Figure(f"label_stable_after_{EARLY_S:g}_s", measured, f"clips with 1.5 s of speech or more, {PEOPLE}")


def median_stable_s(answered: Answered) -> float:
    """The median speech, in seconds, that was needed before a label that stayed."""
    return float(np.nanmedian(answered.stable_s))
