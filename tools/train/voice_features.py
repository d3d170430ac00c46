"""Log-mel frames of every clip, made once, and the windows of them that a network is shown.

The frames are those of `robot.senses.hearing.logmel`, which makes them on the robot too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robot.senses.hearing.logmel import Level, LogMel, LogMelParameters, normalise
from tools.train.voice_data import Floats

PARAMETERS = LogMelParameters(window_ms=50.0, hop_ms=20.0, fft=1024, bands=80, floor=1e-10)
"""Windows of 50 ms in 80 bands show the harmonics of a voice, and so its pitch; those of 25 ms in 40 do not."""
FRAMES = 128
"""A window: 2.6 s."""
DURATION_S = PARAMETERS.samples_for(FRAMES) / PARAMETERS.sample_rate_hz
LEVEL: Level = "log_mean"
"""A telephone cuts a third of the bands off: their mean log power falls by nats, the log of their mean power hardly."""
JUDGE_HOP_FRAMES = 25
"""The robot judges every half second while somebody speaks."""
FLOOR = float(np.log(PARAMETERS.floor))


@dataclass(frozen=True)
class Pool:
    """The frames of many sounds end to end: ``frames`` float16 (m, bands); sound ``i`` is ``starts[i]:starts[i+1]``."""

    frames: npt.NDArray[np.float16]
    starts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lengths(self) -> npt.NDArray[np.int64]:
        """Frames (n,) of each sound."""
        return np.diff(self.starts)

    def of(self, row: int) -> Floats:
        """The frames (k, bands) of one sound."""
        return np.asarray(self.frames[self.starts[row] : self.starts[row + 1]], np.float32)


def gather(sounds: Iterable[Floats]) -> Pool:
    """The frames of sounds (samples,); one shorter than a frame is followed by silence."""
    mel = LogMel(PARAMETERS)
    parts = []
    for samples in sounds:
        missing = PARAMETERS.window_samples - len(samples)
        whole = np.concatenate([samples, np.zeros(missing, np.float32)]) if missing > 0 else samples
        parts.append(mel.frames(whole).astype(np.float16))
    starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
    frames = np.concatenate(parts) if parts else np.empty((0, PARAMETERS.bands), np.float16)
    return Pool(frames, starts)


def kept(folder: Path | None, key: str, make: Callable[[], Pool]) -> Pool:
    """What ``make`` gives, kept in ``folder`` (none: not kept) under a name made from ``key`` and the parameters.

    The key must name everything the result depends on, code aside: empty the folder after changing the code.
    """
    if folder is None:
        return make()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(f'{key} {PARAMETERS}'.encode()).hexdigest()[:16]}.npz"
    if not path.is_file():
        pool, partial = make(), path.with_suffix(".partial.npz")
        np.savez(partial, frames=pool.frames, starts=pool.starts)
        partial.replace(path)
    with np.load(path) as held:
        return Pool(held["frames"], held["starts"])


def judged_windows(pool: Pool, rows: Sequence[int]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Sounds as the robot judges them: windows (m, FRAMES, bands) in -1..1, and for each the place in ``rows`` (m,).

    The windows follow each other by half a second, the last ends with the sound; a sound shorter than a window stands
    at the end of its window, after silence.
    """
    windows, whose = [], []
    for place, row in enumerate(rows):
        frames = pool.of(row)
        for end in _ends(len(frames)):
            part = frames[max(0, end - FRAMES) : end]
            window = np.full((FRAMES, PARAMETERS.bands), FLOOR, np.float32)
            window[FRAMES - len(part) :] = part
            windows.append(window)
            whose.append(place)
    stacked = np.stack(windows) if windows else np.empty((0, FRAMES, PARAMETERS.bands), np.float32)
    return shown(stacked), np.array(whose, np.int64)


def shown(windows: Floats) -> Floats:
    """Windows of frames (..., FRAMES, bands) as the network is shown them, in -1..1."""
    return normalise(windows, LEVEL)


def _ends(frames: int) -> list[int]:
    return sorted(range(frames, min(frames, FRAMES) - 1, -JUDGE_HOP_FRAMES)) or [frames]


def mean_by(values: npt.NDArray[np.floating], whose: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.float32]:
    """Means (count, k) of ``values`` (m, k) that belong together."""
    totals = np.zeros((count, values.shape[1]))
    np.add.at(totals, whose, values)
    return np.asarray(totals / np.maximum(1, np.bincount(whose, minlength=count))[:, None], np.float32)
