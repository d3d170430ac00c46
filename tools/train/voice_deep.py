"""Train, measure and package `voice_tone_deep`: a second opinion on the tone of whole sentences.

    python -m tools.train.voice_deep --teacher FOLDER --hardships FOLDER --out DIR [--open] [--data DIR] [--quick]
        [--voice-run DIR [--page docs/results/voice_deep.md]]

Where words are listened for, the encoder of Whisper tiny.en runs anyway; a linear head on what it makes of a sentence
(`tools.train.voice_teacher` and `voice_hardships` asked it) names nine tones and the vocal events. It is fitted once in
each run of the protocol of `tools.train.voice_tone` on the clips that the run does not hold out and measured on the
others, then on all of them, and packaged in ``DIR/package``. With ``--voice-run``, the ``--out`` of that training, it
is also measured beside the answers of the small network's int8 file of the same run, alone and with both joined: their
log probabilities added. Some minutes. ``--quick`` does it on made-up numbers, to prove the steps.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.train import voice_data, voice_hardships, voice_material, voice_protocol, voice_teacher
from tools.train.paths import DataAbsentError, data_root
from tools.train.voice_data import OPEN, Clip, Floats
from tools.train.voice_evaluate import Answered
from tools.train.voice_hardships import Hardships
from tools.train.voice_heads import OUTPUTS
from tools.train.voice_protocol import Run

ANSWERS = "answers.npz"
"""What the heads of the protocol said of clips that they never heard: for `tools.benchmark.fusion`."""

if TYPE_CHECKING:
    from tools.train.voice_head import Statistics


def answered(clips: Sequence[Clip], runs: Sequence[Run], told: Statistics, shown: bool = True) -> Answered:
    """What heads say of every clip with a tone or a burst, each by the first run that holds it out."""
    from tools.train.voice_head import learned  # noqa: PLC0415  PyTorch only when it trains

    first = voice_protocol.first_run(runs, len(clips))
    asked = np.array([clip.file in told.clean and (clip.tone or clip.kind != "speech") for clip in clips], np.bool_)
    rows: list[int] = []
    parts: dict[str, list[Floats]] = {"clean": [], "noisy": [], "telephone": []}
    for number, run in enumerate(runs):
        mine = np.flatnonzero(run.held & asked & (first == number)).tolist()
        if not mine:
            continue
        if shown:
            print(f"{run.name}: {len(mine)} clips, head {number + 1} of {len(runs)}", flush=True)
        head, files = learned(clips, run.held, told), [clips[row].file for row in mine]
        rows += mine
        parts["clean"].append(head.answers(np.stack([told.clean[file] for file in files])))
        for way in ("noisy", "telephone"):
            heard = {} if told.hard is None else told.hard.statistics[way]
            parts[way].append(
                np.concatenate(
                    [head.answers(heard[file][None]) if file in heard else _nothing(1) for file in files],
                    dtype=np.float32,
                )
            )
    said = {way: np.concatenate(each) for way, each in parts.items()}
    return Answered(
        clips=[clips[row] for row in rows],
        runs=first[rows],
        real=said["clean"],
        stable_s=np.full(len(rows), np.nan, np.float32),
        noise=_nothing(0),
        whine=_nothing(0),
        silence=_nothing(0),
        **said,
    )


def _nothing(rows: int) -> Floats:
    return np.full((rows, OUTPUTS), np.nan, np.float32)


def only_open(clips: Sequence[Clip], runs: Sequence[Run]) -> list[Run]:
    """The same runs, with everything held out that is not free for commercial use."""
    others = np.array([clip.corpus not in OPEN for clip in clips])
    return [Run(run.name, run.held | others, run.corpus) for run in runs]


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when data, features or answers are absent."""
    given = parser().parse_args(arguments)
    try:
        if given.quick:
            made(*made_up(), given)
            return 0
        if given.teacher is None or given.hardships is None:
            raise DataAbsentError("not trained: name what was heard with --teacher and --hardships (see --help)")
        clips = voice_data.read_list(data_root(given.data))
        clean = voice_teacher.load(given.teacher).statistics()
        made(clips, clean, voice_hardships.load(given.hardships), given)
    except (DataAbsentError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def made(
    clips: Sequence[Clip],
    clean: dict[str, Floats],
    hard: Hardships,
    given: argparse.Namespace,
) -> None:
    """Train and package what is asked for, and write the page."""
    from tools.train import package, voice_deep_package, voice_deep_page  # noqa: PLC0415  as above
    from tools.train.voice_head import Statistics, learned  # noqa: PLC0415

    told = Statistics(clean, hard)
    speakers, corpora = voice_protocol.speaker_runs(clips), [] if given.quick else voice_protocol.corpus_runs(clips)
    everything = Run("all", np.zeros(len(clips), np.bool_))
    if given.open:
        speakers, corpora, (everything,) = only_open(clips, speakers), [], only_open(clips, [everything])
    people = answered(clips, speakers, told)
    if given.open:
        people = people.where(lambda clip: clip.corpus in OPEN)
    strangers = answered(clips, corpora, told) if corpora else None
    head = learned(clips, everything.held, told)
    joined = None
    if given.voice_run is not None:
        heard = [clip for clip in clips if clip.corpus in OPEN] if given.open else clips
        joined = voice_deep_page.beside(heard, given.voice_run, people, strangers)
        text = voice_deep_page.page(joined)
        print(text)
        if given.page is not None:
            given.page.write_text(text, encoding="utf-8")
    given.out.mkdir(parents=True, exist_ok=True)
    files = np.array([clip.file for clip in people.clips])
    np.savez(given.out / ANSWERS, files=files, clean=people.clean, noisy=people.noisy)
    folder = given.out / "package"
    package.write(voice_deep_package.made(head, clips, everything, told, people, strangers, joined), folder)
    print(f"packaged in {folder}")


def made_up() -> tuple[list[Clip], dict[str, Floats], Hardships]:
    """Clips of voices that do not exist, and numbers that tell their tones and events apart."""
    rng, clips = np.random.default_rng(4), list(voice_material.made_up(4).clips)
    kinds = sorted({clip.tone or clip.event for clip in clips})

    def heard(clip: Clip) -> Floats:
        kind = np.eye(len(kinds))[kinds.index(clip.tone or clip.event)]
        return np.concatenate([kind, rng.normal(0, 1, 8)]).astype(np.float32)

    voices = [clip for clip in clips if clip.kind != "noise"]
    hard = {way: {clip.file: heard(clip) for clip in voices} for way in voice_hardships.WAYS}
    noises = {way: dict.fromkeys(files, voice_hardships.NO_NOISE) for way, files in hard.items()}
    return clips, {clip.file: heard(clip) for clip in voices}, Hardships(hard, noises)


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.train.voice_deep",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--teacher", type=Path, metavar="FOLDER", help="what voice_teacher made")
    parser.add_argument("--hardships", type=Path, metavar="FOLDER", help="what voice_hardships made")
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="where the package is written")
    parser.add_argument("--open", action="store_true", help="learn from the sets free for commercial use alone")
    parser.add_argument("--voice-run", type=Path, metavar="DIR", help="a training run to be measured beside")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--quick", action="store_true", help="prove the steps on made-up numbers")
    parser.add_argument("--page", type=Path, help="write that page, for example docs/results/voice_deep.md")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
