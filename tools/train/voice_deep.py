"""What a second opinion on the tone of a whole sentence is worth: a linear head on the encoder of Whisper tiny.en.

    python -m tools.train.voice_deep --voice-run DIR --teacher FOLDER [--data DIR] [--page docs/results/voice_deep.md]

Where words are listened for, that encoder runs on every sentence anyway. One head names nine tones, one the vocal
events, from the mean and spread of its features (`tools.train.voice_teacher` made them). Each is fitted in each run of
the protocol on the clips that the run does not hold out, and measured on the others beside the answers of the int8
file of the same run (`--voice-run`, the ``--out`` of tools.train.voice_tone), alone and with both joined: their log
probabilities added, as of two witnesses.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from robot.evaluation import metrics
from robot.evaluation.metrics import Measured, bootstrap
from robot.evaluation.views import COARSE
from robot.messages import NO_EVENT
from tools.train import card, voice_data, voice_figures, voice_protocol, voice_teacher
from tools.train.paths import DataAbsentError, data_root
from tools.train.voice_answers import RunAnswers
from tools.train.voice_data import Clip, Floats
from tools.train.voice_heads import EVENT, TONE
from tools.train.voice_labels import EVENTS, TONES
from tools.train.voice_lessons import RIDGE, standardised
from tools.train.voice_protocol import Run

STEPS = 80
SPEECH_SHARE = 0.15
"""So much of the speech stands beside the bursts for what is no event; all of it would teach nothing more."""
DRAWS = 300
WAYS = ("the small network", "the head", "both")
BURSTS = ("emogator", "deeply_nonverbal")

Doubles = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Opinions:
    """Log probabilities of each clip that both were asked about and neither had heard the speaker of.

    ``tones`` and ``events`` map each of `WAYS` to (n, 9) and (n, 5).
    """

    clips: list[Clip]
    tones: dict[str, Doubles]
    events: dict[str, Doubles]


def fit(
    features: Floats, labels: npt.NDArray[np.int64], chances: Doubles, kinds: int, possible: npt.NDArray[np.bool_]
) -> Floats:
    """Weights (d + 1, kinds) of a logistic regression; each row counts by its chance.

    Half of the loss is among the labels that are ``possible`` (n, kinds), as the small network learns: a corpus without
    bored people does not mean that there are none.
    """
    x = torch.from_numpy(np.concatenate([features, np.ones((len(features), 1), np.float32)], axis=1))
    y, mask = torch.from_numpy(labels), torch.from_numpy(~possible)
    each = torch.from_numpy((chances / chances.sum()).astype(np.float32))
    weights = torch.zeros((x.shape[1], kinds), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=STEPS, history_size=10, line_search_fn="strong_wolfe")
    cross_entropy = torch.nn.functional.cross_entropy

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        logits = x @ weights
        among = logits.masked_fill(mask, -30.0)
        losses = (cross_entropy(logits, y, reduction="none") + cross_entropy(among, y, reduction="none")) / 2
        loss = (losses * each).sum() + RIDGE * weights[:-1].pow(2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return np.asarray(weights.detach().numpy())


def heads_of(
    run: Run, clips: Sequence[Clip], features: Floats, heard: npt.NDArray[np.bool_]
) -> tuple[Doubles, Doubles]:
    """Log probabilities of tones (n, 9) and events (n, 5) of all clips, by heads fitted on those not held out."""
    learned = ~run.held & heard
    x = standardised(features, learned)
    rows = np.flatnonzero(learned & np.array([bool(clip.tone) for clip in clips]))
    mine = [clips[row] for row in rows.tolist()]
    sets = voice_data.tone_sets(mine)
    possible = np.array([[tone in sets[clip.corpus] for tone in TONES] for clip in mine])
    weights = fit(x[rows], voice_figures.tone_labels(mine, TONES), voice_data.tone_chances(mine), len(TONES), possible)
    rng = np.random.default_rng(0)
    beside = np.array([clip.kind != "speech" or rng.random() < SPEECH_SHARE for clip in clips])
    rows = np.flatnonzero(learned & beside & np.array([bool(clip.event) for clip in clips]))
    mine = [clips[row] for row in rows.tolist()]
    labels = voice_figures.event_labels(mine)
    chances = (1.0 / np.maximum(np.bincount(labels, minlength=len(EVENTS)), 1))[labels]
    of_events = fit(x[rows], labels, chances, len(EVENTS), np.ones((len(mine), len(EVENTS)), np.bool_))
    return _logs(_said(x, weights)), _logs(_said(x, of_events))


def opinions(clips: Sequence[Clip], runs: Sequence[Run], folder: Path, taught: dict[str, Floats]) -> Opinions:
    """What both say in the runs whose answers lie in ``folder``, each clip in the first run that holds it out."""
    heard = np.array([clip.file in taught for clip in clips])
    width = len(next(iter(taught.values())))
    features = np.stack([taught.get(clip.file, np.zeros(width, np.float32)) for clip in clips])
    asked: list[int] = []
    parts: list[tuple[Doubles, Doubles, Doubles, Doubles]] = []
    for run in runs:
        path = folder / run.name / "answers.npz"
        if not path.is_file():
            continue
        answers = RunAnswers.read(path)
        fresh = heard[answers.rows] & ~np.isnan(answers.clean).any(axis=1) & ~np.isin(answers.rows, asked)
        rows, small = answers.rows[fresh], answers.clean[fresh]
        tones, events = heads_of(run, clips, features, heard)
        parts.append((_logs(small[:, TONE]), tones[rows], _logs(small[:, EVENT]), events[rows]))
        asked += rows.tolist()
    if not parts:
        raise DataAbsentError(f"not measured: data absent (no answers of runs in {folder}; see tools.train.voice_tone)")
    first, second, third, fourth = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Opinions(
        [clips[row] for row in asked],
        dict(zip(WAYS, (first, second, first + second), strict=True)),
        dict(zip(WAYS, (third, fourth, third + fourth), strict=True)),
    )


def page(people: Opinions, strangers: Opinions | None) -> str:
    """The page of results; ``strangers`` are of corpora that no part was fitted on."""
    rows = [_own(people, corpus) for corpus in voice_protocol.FOLDS]
    rows += [_coarse(strangers, corpus) for corpus in voice_protocol.LEFT_OUT] if strangers is not None else []
    rows += [_events(people, corpus) for corpus in BURSTS]
    rows.append(_taken(people))
    return card.paragraphs(
        "# A second opinion on tones and events",
        card.prose(ABOUT),
        card.table(["unweighted recall", *WAYS], [row for row in rows if row]),
    )


ABOUT = """\
Made with `python -m tools.train.voice_deep`: a linear head on the mean and spread of what Whisper tiny.en's encoder
answers to a whole clip, the int8 file of the small network's recipe by the same run of the protocol, and both joined.
Neither heard the speakers, or in the third part the corpora, that it is asked about. Intervals: bootstrap over
speakers. Nothing of it is in the robot yet: the head would be asked once a sentence, where words are listened for."""


def _own(of: Opinions, corpus: str) -> list[str]:
    """A corpus's own tones."""
    names = [tone for tone in TONES if any(clip.corpus == corpus and clip.tone == tone for clip in of.clips)]
    truth = np.where(_from(of, corpus), voice_figures.tone_labels(of.clips, names), -1)
    columns = [TONES.index(name) for name in names]
    what = f"{corpus}, {len(names)} tones, unseen speakers"
    return _row(what, of, truth, lambda way: of.tones[way][:, columns].argmax(axis=1), len(names))


def _coarse(of: Opinions, corpus: str) -> list[str]:
    """Four tones of a corpus that nothing was fitted on."""
    truth = np.where(_from(of, corpus), voice_figures.coarse_labels(of.clips), -1)
    what = f"{corpus}, {len(COARSE)} tones, corpus never heard"

    def say(way: str) -> npt.NDArray[np.int64]:
        return np.asarray(voice_figures.coarse(np.asarray(of.tones[way], np.float32)).argmax(axis=1), np.int64)

    return _row(what, of, truth, say, len(COARSE))


def _events(of: Opinions, corpus: str) -> list[str]:
    """Laughs, sobs, screams and sighs of a set of bursts."""
    labels = voice_figures.event_labels(of.clips)
    truth = np.where(_from(of, corpus) & (labels != EVENTS.index(NO_EVENT)), labels, -1)
    return _row(f"{corpus}, 4 events, unseen people", of, truth, lambda way: of.events[way].argmax(axis=1), len(EVENTS))


def _from(of: Opinions, corpus: str) -> npt.NDArray[np.bool_]:
    return np.array([clip.corpus == corpus for clip in of.clips])


def _row(what: str, of: Opinions, truth: Labels, say: Callable[[str], Labels], kinds: int) -> list[str]:
    """The recall of each way on the clips whose ``truth`` (n,) is not -1; nothing where there are none."""
    rows = np.flatnonzero(truth >= 0)
    if len(rows) == 0:
        return []
    known, speakers = truth[rows], np.array([of.clips[row].speaker for row in rows.tolist()])

    def measured(way: str) -> Measured:
        said = say(way)[rows]
        return bootstrap(
            lambda some: metrics.unweighted_recall(known[some], said[some], kinds),
            len(rows),
            groups=speakers,
            draws=DRAWS,
        )

    return [what, *(card.percent(measured(way)) for way in WAYS)]


def _taken(of: Opinions) -> list[str]:
    """How much speech is taken for an event."""
    rows = np.array([row for row, clip in enumerate(of.clips) if clip.kind == "speech"], np.intp)
    speakers = np.array([of.clips[row].speaker for row in rows.tolist()])

    def measured(way: str) -> Measured:
        wrong = of.events[way][rows].argmax(axis=1) != EVENTS.index(NO_EVENT)
        return bootstrap(lambda some: float(wrong[some].mean()), len(rows), groups=speakers, draws=DRAWS)

    return ["speech taken for an event", *(card.percent(measured(way)) for way in WAYS)] if len(rows) else []


def _said(x: Floats, weights: Floats) -> Doubles:
    return np.asarray(np.concatenate([x, np.ones((len(x), 1), np.float32)], axis=1) @ weights, np.float64)


def _logs(logits: npt.NDArray[np.floating]) -> Doubles:
    """Log probabilities."""
    return np.log(np.maximum(metrics.softmax(logits.astype(np.float64), 1.0), 1e-12))


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when data, features or answers are absent."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.train.voice_deep",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--voice-run", type=Path, metavar="DIR", required=True, help="folder of a training run")
    parser.add_argument("--teacher", type=Path, metavar="FOLDER", required=True, help="what voice_teacher made")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--page", type=Path, help="write the page, too, for example docs/results/voice_deep.md")
    given = parser.parse_args(arguments)
    try:
        clips = voice_data.read_list(data_root(given.data))
        taught = voice_teacher.load(given.teacher).statistics()
        seeds = sorted(given.voice_run.glob("seed*"))
        folder = seeds[0] if seeds else given.voice_run
        people = opinions(clips, voice_protocol.speaker_runs(clips), folder, taught)
        left_out = [run for run in voice_protocol.corpus_runs(clips) if (folder / run.name / "answers.npz").is_file()]
        strangers = opinions(clips, left_out, folder, taught) if left_out else None
    except DataAbsentError as error:
        print(error, file=sys.stderr)
        return 2
    text = page(people, strangers)
    print(text)
    if given.page is not None:
        given.page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
