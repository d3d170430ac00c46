"""Train, quantise, measure and package the voice-tone model.

    python -m tools.train.voice_tone --out DIR [--data DIR] [--cache DIR] [--epochs 30] [--seed 0] [--quick]

First one model for each fold of speakers, which gives the figures; then one on all speakers by the same recipe, which
ships. Run it again with the same ``--out`` to go on after a stop. The model directory is ``DIR/package``. With
``--quick`` it trains on made-up voices for a minute, to prove the steps; nothing it then prints says how good a model
is.
"""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from robot.senses.hearing.logmel import LogMelParameters
from tools.train import card, generated, package, voice_card, voice_data, voice_evaluate
from tools.train.int8_file import Int8File
from tools.train.package import ModelPackage
from tools.train.paths import DataAbsentError, data_root
from tools.train.runlog import RunLog
from tools.train.voice_data import LABELS
from tools.train.voice_evaluate import HeldOut

VERSION = "0.1.0"
FOLDS = 5
COPIES = 8
REPRESENTATIVE = 1000
NOISE_DB = 10.0
COVERAGE = 0.8
AFFECT = {"neutral": (0.0, 0.0), "happy": (0.8, 0.5), "sad": (-0.6, -0.3), "angry": (-0.5, 0.6)}
TERMS = (
    "Trained on RAVDESS and nEMO (CC BY-NC-SA 4.0), TurEV and TESS (CC BY-NC-ND 4.0) and Emo-DB (free, citation "
    "asked): non-commercial terms apply to that data, so do not use this model commercially."
)


@dataclass(frozen=True)
class Voices:
    """Windows of every clip, (n, copies, frames, bands), with ``labels``, ``weights``, ``folds`` and names (n,).

    ``changed`` is only trained on, the others only measured on: ``spoken`` (m, 1, frames, bands) are the windows that
    the robot judges of each clip, ``spoken_clips`` (m,) says of which.
    """

    changed: Any
    plain: Any
    noisy: Any
    spoken: Any
    spoken_clips: Any
    labels: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]
    folds: npt.NDArray[np.int64]
    speakers: npt.NDArray[np.str_]
    corpora: npt.NDArray[np.str_]
    speech_s: npt.NDArray[np.float64]


def real_voices(root: Path, cache: Path, seed: int) -> Voices:
    """The acted speech corpora. Raises DataAbsentError."""
    from tools.train import voice_features  # noqa: PLC0415
    from tools.train.voice_augment import VoiceChanges  # noqa: PLC0415

    data = voice_data.load(root)
    # Reading 5,700 clips takes a minute: not when all windows are in the cache.
    sounds = functools.cache(data.sounds)
    noises = functools.cache(lambda: voice_data.load_noises(root))
    spoken = functools.cache(lambda: voice_features.clip_windows(sounds()))
    how, key = VoiceChanges(), f"{len(data)} {LogMelParameters()} {seed}"
    return Voices(
        voice_features.cached(
            cache,
            f"changed {COPIES} {how} {key}",
            lambda: voice_features.changed_copies(sounds(), noises(), COPIES, seed, how),
        ),
        voice_features.cached(cache, f"plain {key}", lambda: voice_features.plain_windows(sounds(), 3, seed)),
        voice_features.cached(
            cache, f"noisy {NOISE_DB} {key}", lambda: voice_features.noisy_windows(sounds(), noises(), NOISE_DB, seed)
        ),
        voice_features.cached(cache, f"spoken {key}", lambda: spoken()[0]),
        voice_features.cached(cache, f"spoken clips {key}", lambda: spoken()[1]),
        data.labels,
        voice_data.clip_weights(data.labels, data.corpora),
        voice_data.speaker_folds(data.speakers, data.corpora, FOLDS),
        data.speakers,
        data.corpora,
        data.speech_s,
    )


def made_up_voices(seed: int) -> Voices:
    """Made-up voices of 12 "speakers", in two folds, that only prove the steps."""
    from tools.train.voice_features import SAMPLES  # noqa: PLC0415

    windows, kinds = generated.voice_windows(480, SAMPLES, seed)
    speakers = np.array([f"made_up_{i % 12:02d}" for i in range(len(kinds))])
    pool = windows[:, None].astype(np.float16)
    return Voices(
        pool,
        pool,
        pool,
        pool,
        np.arange(len(kinds)),
        kinds,
        np.ones(len(kinds), np.float32),
        np.arange(len(kinds)) % 12 % 2,
        speakers,
        np.full(len(kinds), "made_up"),
        np.full(len(kinds), 2.0),
    )


def _train(
    voices: Voices,
    rows: npt.NDArray[np.intp],
    check: npt.NDArray[np.intp] | None,
    folder: Path,
    log: RunLog,
    epochs: int,
    seed: int,
) -> tuple[Any, bytes]:
    """A model of the clips ``rows`` and its int8 file."""
    from tools.train import quantise, voice_train  # noqa: PLC0415

    pool = voices.changed[rows]
    data = voice_train.Windows(pool, voices.labels[rows], voices.weights[rows])
    shown = None
    if check is not None:
        shown = voice_train.Windows(voices.plain[check], voices.labels[check], voices.weights[check])
    model = voice_train.train(data, shown, folder, RunLog(folder), epochs=epochs, seed=seed)
    rng = np.random.default_rng(seed)
    clips = rng.choice(len(rows), min(REPRESENTATIVE, len(rows)), replace=False)
    sample = pool[clips, rng.integers(0, pool.shape[1], len(clips))].astype(np.float32)[..., None]
    content = quantise.to_int8(model, sample)
    log.say(f"{folder.name}: int8 file of {len(content)} bytes")
    return model, content


def _fold(voices: Voices, fold: int, out: Path, log: RunLog, epochs: int, seed: int) -> dict[str, Any]:
    """Held-out answers of one fold, kept in ``answers.npz`` so that a resumed run need not train it again."""
    from tools.train import voice_train  # noqa: PLC0415

    folder = out / f"fold{fold}"
    kept = folder / "answers.npz"
    if not kept.is_file():
        held = np.flatnonzero((voices.folds == fold) & (voices.corpora != voice_data.NOT_REPORTED))
        model, content = _train(voices, np.flatnonzero(voices.folds != fold), held, folder, log, epochs, seed + fold)
        file = Int8File(content)
        windows = voices.plain[held][:, 0]
        spoken = np.flatnonzero(np.isin(voices.spoken_clips, held))
        said, whose = (
            file.logits(voices.spoken[spoken][:, 0].astype(np.float32)[..., None]),
            voices.spoken_clips[spoken],
        )
        np.savez(
            kept,
            rows=held,
            clip_logits=np.stack([said[whose == clip].mean(axis=0) for clip in held]),
            float_logits=voice_train.logits_of(model, windows),
            logits=file.logits(windows.astype(np.float32)[..., None]),
            noisy_logits=file.logits(voices.noisy[held][:, 0].astype(np.float32)[..., None]),
        )
    with np.load(kept) as answers:
        return dict(answers)


def held_out(voices: Voices, out: Path, log: RunLog, epochs: int, seed: int, measured: int) -> HeldOut:
    """Train the first ``measured`` folds and gather what each said of the speakers it did not hear."""
    parts = [_fold(voices, int(fold), out, log, epochs, seed) for fold in np.unique(voices.folds)[:measured]]
    rows = np.concatenate([part["rows"] for part in parts])
    names = ("logits", "float_logits", "noisy_logits", "clip_logits")
    answers = {name: np.concatenate([part[name] for part in parts]) for name in names}
    return HeldOut(
        voices.labels[rows],
        voices.folds[rows],
        voices.speakers[rows],
        voices.corpora[rows],
        speech_s=voices.speech_s[rows],
        **answers,
    )


def golden_inputs(samples: int) -> Any:
    """Float (48, frames, bands, 1): made-up voices, and levels that look like no sound; nothing from a data set."""
    voices, _ = generated.voice_windows(24, samples, 2024)
    rng = np.random.default_rng(2025)
    slopes = rng.uniform(-1, 1, (24, 1, 1)) * np.linspace(-1, 1, voices.shape[2]) + rng.uniform(-0.6, 0.4, (24, 1, 1))
    beats = np.sin(rng.uniform(0.02, 0.6, (24, 1, 1)) * np.arange(voices.shape[1])[:, None])
    beats *= rng.uniform(0, 0.8, (24, 1, 1))
    drawn = np.clip(slopes + beats + rng.normal(0, 0.1, (24, *voices.shape[1:])), -1, 1)
    return np.concatenate([voices, drawn])[..., None].astype(np.float32)


def make(voices: Voices, out: Path, log: RunLog, *, epochs: int, seed: int, measured: int = FOLDS) -> ModelPackage:
    """Train the folds and the model that ships, quantise and measure; what comes back is ready to be written."""
    from tools.train import voice_features  # noqa: PLC0415

    held = held_out(voices, out, log, epochs, seed, measured)
    figures = voice_evaluate.figures(held)
    for figure in figures:
        log.say(f"{figure.file} {figure.name}: {card.percent(figure.measured)} on {figure.data}")
    _, content = _train(voices, np.arange(len(voices.labels)), None, out / "all", log, epochs, seed)
    file, p = Int8File(content), LogMelParameters()
    constants = asdict(p)
    del constants["floor"]
    text = voice_card.write(
        f"voice_tone {VERSION}",
        held,
        figures,
        TERMS,
        clips=len(voices.labels),
        people=len(np.unique(voices.speakers)),
        folds=len(np.unique(voices.folds)),
    )
    unsure = float(np.quantile(held.probabilities().max(axis=1), 1.0 - COVERAGE))
    return ModelPackage(
        "voice_tone",
        VERSION,
        "voice_tone",
        content,
        LABELS,
        (-1.0, 1.0),
        {
            "kind": "log_mel",
            **constants,
            "floor": p.floor,
            "duration_s": voice_features.DURATION_S,
            "normalise": "90th percentile of the frames' mean log power subtracted, -10..6 nat put on -1..1",
        },
        held.temperature(),
        unsure,
        AFFECT,
        figures,
        TERMS,
        date.today().isoformat(),
        text,
        file.input.encode(golden_inputs(voice_features.SAMPLES)),
    )


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data is absent."""
    parser = argparse.ArgumentParser(prog="python -m tools.train.voice_tone", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: log, curves, checkpoints, package")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "rapport-train",
        help="folder for ready windows, about 1.4 GB",
    )
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--measure-folds",
        type=int,
        default=FOLDS,
        choices=range(2, FOLDS + 1),
        help="train only so many folds to measure on; the card says how many",
    )
    parser.add_argument("--quick", action="store_true", help="prove the steps on made-up voices")
    given = parser.parse_args(arguments)
    try:
        voices = (
            made_up_voices(given.seed) if given.quick else real_voices(data_root(given.data), given.cache, given.seed)
        )
    except DataAbsentError as error:
        print(error, file=sys.stderr)
        return 2
    log = RunLog(given.out)
    ready = make(
        voices, given.out, log, epochs=6 if given.quick else given.epochs, seed=given.seed, measured=given.measure_folds
    )
    package.write(ready, given.out / "package")
    log.say(f"packaged in {given.out / 'package'}: {len(ready.content)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
