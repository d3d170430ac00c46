"""Train, quantise, measure and package the voice-tone models.

    python -m tools.train.voice_tone --out DIR [--open] [--data DIR] [--teacher FOLDER] [--seeds 0,1,2] [--quick]

For each seed one run for each group of held-out speakers and for each corpus left out, which give the figures; with the
first seed one on all clips by the same recipe, which ships in ``DIR/package``. ``--open`` learns from the sets alone
whose terms allow commercial use, and packages ``voice_tone_open``. Run it again with the same ``--out`` to go on after
a stop. With ``--quick`` it trains on made-up voices, to prove the steps; nothing it then prints says how good a model
is.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.train import voice_protocol
from tools.train.paths import DataAbsentError, data_root
from tools.train.runlog import RunLog

if TYPE_CHECKING:
    from tools.train.voice_material import Material
    from tools.train.voice_protocol import Run
    from tools.train.voice_train import Recipe

REPRESENTATIVE = 200
EVERYTHING = "all"
"""The run that ships, made with the first seed alone."""


def run_one(material: Material, run: Run, out: Path, log: RunLog, *, recipe: Recipe, seed: int) -> bytes:
    """Train (or go on training) one run; the bytes of its int8 file. What it says of the held-out clips is kept."""
    from tools.train import layers, quantise, voice_answers, voice_heads, voice_train  # noqa: PLC0415  as below
    from tools.train.voice_features import FRAMES, PARAMETERS  # noqa: PLC0415
    from tools.train.voice_lessons import lessons  # noqa: PLC0415
    from tools.train.voice_moments import moments  # noqa: PLC0415

    folder = out / f"seed{seed}" / run.name
    kept, file = folder / "answers.npz", folder / "model.tflite"
    if file.is_file() and (kept.is_file() or not run.held.any()):
        return file.read_bytes()
    rows = np.flatnonzero(~run.held)
    learned = [material.clips[row] for row in rows.tolist()]
    told = lessons(learned, material.taught.statistics(), recipe.teacher_share)
    draw = voice_train.Draw(material.voices(run), rows, told, moments(learned, material.taught), recipe, seed)
    network = voice_train.train(draw, folder, log, recipe=recipe, seed=seed, check=material.check(run)).cpu()
    sample = np.concatenate([batch.windows.cpu().numpy() for _, batch in zip(range(4), draw.epoch(0), strict=False)])
    twin = layers.keras_twin(network, (FRAMES, PARAMETERS.bands, 1))
    content = quantise.to_int8(twin, sample[:REPRESENTATIVE].transpose(0, 2, 3, 1))
    file.write_bytes(content)
    log.say(f"seed {seed}, {run.name}: int8 file of {len(content)} bytes")
    if not run.held.any():
        return content
    answers = voice_answers.ask(
        content,
        lambda windows: voice_train.answers_of(network, windows),
        material.clips,
        material.heard,
        np.flatnonzero(run.held),
        voice_heads.TONE,
        seed,
    )
    answers.write(kept)
    return content


def runs_of(material: Material) -> list[Run]:
    """Every run of the protocol, speakers first, and the one on everything last."""
    everything = voice_protocol.Run(EVERYTHING, np.zeros(len(material.clips), np.bool_))
    return [*voice_protocol.figure_runs(material.clips, only_open=material.open), everything]


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.train.voice_tone",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: log, curves, checkpoints, package")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--open", action="store_true", help="learn from the sets free for commercial use alone")
    parser.add_argument("--teacher", type=Path, help="what tools.train.voice_teacher made (default: no teacher)")
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "rapport-train",
        help="folder for ready frames, about 300 MB",
    )
    parser.add_argument("--seeds", default="0,1,2", help="the whole protocol for each (default: %(default)s)")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--runs", help="only these, such as speakers0,all: several commands may share an --out")
    parser.add_argument("--quick", action="store_true", help="prove the steps on made-up voices")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data is absent or an option is wrong."""
    given = parser().parse_args(arguments)
    try:
        seeds = [int(seed) for seed in given.seeds.split(",")]
    except ValueError:
        print(f"--seeds {given.seeds}: must be whole numbers with commas between them, such as 0,1,2", file=sys.stderr)
        return 2
    from tools.train import voice_material  # noqa: PLC0415

    try:
        if given.quick:
            material = voice_material.made_up(seeds[0])
        else:
            material = voice_material.real(data_root(given.data), given.cache, given.teacher, only_open=given.open)
    except (DataAbsentError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return _make(material, given, seeds[:1] if given.quick else seeds)


def _make(material: Material, given: Any, seeds: list[int]) -> int:
    """Every run of every seed, then the package."""
    import dataclasses  # noqa: PLC0415

    from tools.train import package, voice_package  # noqa: PLC0415
    from tools.train.voice_train import Recipe  # noqa: PLC0415  PyTorch only when it trains

    recipe = Recipe.quick() if given.quick else Recipe()
    if given.epochs:
        recipe = dataclasses.replace(recipe, epochs=given.epochs)
    log, runs = RunLog(given.out), runs_of(material)
    if given.quick:
        runs = [runs[0], runs[-1]]
    wanted = given.runs.split(",") if given.runs else [run.name for run in runs]
    unknown = sorted(set(wanted) - {run.name for run in runs})
    if unknown:
        print(f"--runs: no run {unknown[0]}; there is {', '.join(run.name for run in runs)}", file=sys.stderr)
        return 2
    for seed in seeds:
        for number, run in enumerate(runs, 1):
            if run.name not in wanted or (run.name == EVERYTHING and seed != seeds[0]):
                continue
            log.say(f"seed {seed}, run {number} of {len(runs)}: {run.name}")
            run_one(material, run, given.out, log, recipe=recipe, seed=seed)
    if given.runs:
        return 0
    content = (given.out / f"seed{seeds[0]}" / EVERYTHING / "model.tflite").read_bytes()
    ready = voice_package.made(material, runs[:-1], given.out, content, seeds, recipe, log)
    package.write(ready, given.out / "package")
    log.say(f"packaged in {given.out / 'package'}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
