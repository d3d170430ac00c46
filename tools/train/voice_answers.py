"""What the int8 file of one run says of the clips that the run never heard, kept so that it need not be asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.train import voice_features
from tools.train.int8_file import Int8File
from tools.train.voice_data import RATE_HZ, Clip, Floats
from tools.train.voice_features import FLOOR, FRAMES, PARAMETERS, Pool
from tools.train.voice_noise import fan, servo_whine

FIRST_S, STEP_S = 0.4, 0.2
"""When a robot in a hurry would look: after so much speech, and so often."""
QUIET_WINDOWS = 40


@dataclass(frozen=True)
class Heard:
    """Pools row for row of the same clips: as they are, in noise of 10 dB, and through a telephone.

    The last two are made when they are first asked for: training needs them not.
    """

    clean: Pool
    noisy: Callable[[], Pool]
    telephone: Callable[[], Pool]


BY_CLIP = ("clean", "real", "noisy", "telephone", "stable_s")
"""The answers that have a row for each clip; the others have one for each window without speech."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """Outputs (n, OUTPUTS) for each held-out clip, the mean over its windows; NaN rows where a clip was not asked.

    ``real`` are the unquantised network's. ``stable_s`` float (n,) is the speech after which the label did not change
    any more, NaN without a tone. ``noise``, ``whine`` and ``silence`` are the outputs (m, OUTPUTS) for single windows
    without speech.
    """

    clean: Floats
    real: Floats
    noisy: Floats
    telephone: Floats
    stable_s: Floats
    noise: Floats
    whine: Floats
    silence: Floats


@dataclass(frozen=True, kw_only=True)
class RunAnswers(Said):
    """What one run said of the clips ``rows`` int64 (n,)."""

    rows: npt.NDArray[np.int64]

    def write(self, path: Path) -> None:
        """Whole or not at all."""
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, **vars(self))
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> RunAnswers:
        """What `write` left."""
        with np.load(path) as held:
            return cls(**{name: held[name] for name in held.files})


def ask(
    content: bytes,
    real: Callable[[Floats], Floats],
    clips: Sequence[Clip],
    heard: Heard,
    rows: npt.NDArray[np.int64],
    tones: slice,
    seed: int,
) -> RunAnswers:
    """Everything that is measured of one run: ``content`` is its int8 file, ``real`` its float network."""
    file = Int8File(content)

    def quantised(windows: Floats) -> Floats:
        return file.logits(windows[..., None])

    noises = [row for row in rows if clips[row].kind == "noise"]
    spoken = np.array([bool(clips[row].tone) for row in rows])
    named = np.flatnonzero(spoken | np.array([clips[row].kind in {"burst", "body_sound"} for row in rows]))
    rows, spoken = rows[named], spoken[named]
    clean = _of_clips(quantised, heard.clean, rows)
    rng = np.random.default_rng(seed)
    return RunAnswers(
        rows=rows,
        clean=clean,
        real=_of_clips(real, heard.clean, rows),
        noisy=_of_some(quantised, heard.noisy(), rows, spoken, clean.shape[1]),
        telephone=_of_some(quantised, heard.telephone(), rows, spoken, clean.shape[1]),
        stable_s=np.array(
            [
                _stable_s(quantised, heard.clean.of(row), tones) if has_tone else np.nan
                for row, has_tone in zip(rows, spoken, strict=True)
            ]
        ),
        noise=quantised(voice_features.judged_windows(heard.clean, noises)[0]) if noises else clean[:0],
        whine=quantised(_made_up_windows(servo_whine, rng)),
        silence=quantised(_silence(rng)),
    )


def _of_clips(say: Callable[[Floats], Floats], pool: Pool, rows: npt.NDArray[np.int64]) -> Floats:
    windows, whose = voice_features.judged_windows(pool, rows.tolist())
    return voice_features.mean_by(say(windows), whose, len(rows))


def _of_some(
    say: Callable[[Floats], Floats], pool: Pool, rows: npt.NDArray[np.int64], some: npt.NDArray[np.bool_], width: int
) -> Floats:
    """Answers (n, width) to the clips that were made noisy or narrow, NaN for the others."""
    answers = np.full((len(rows), width), np.nan, np.float32)
    asked = np.flatnonzero(some & (pool.lengths()[rows] > 0))
    if len(asked):
        answers[asked] = _of_clips(say, pool, rows[asked])
    return answers


def _stable_s(say: Callable[[Floats], Floats], frames: Floats, tones: slice) -> float:
    """The speech, in seconds, after which the label of the mean answer stays what it is at the end."""
    hop_s = PARAMETERS.hop_ms / 1000.0
    ends = [round(FIRST_S / hop_s), *range(round((FIRST_S + STEP_S) / hop_s), len(frames), round(STEP_S / hop_s))]
    parts = [frames[: min(end, len(frames))][-FRAMES:] for end in [*ends, len(frames)]]
    windows = np.full((len(parts), FRAMES, PARAMETERS.bands), FLOOR, np.float32)
    for window, part in zip(windows, parts, strict=True):
        window[FRAMES - len(part) :] = part
    said = say(voice_features.shown(windows))[:, tones].argmax(axis=1)
    last_other = np.flatnonzero(said != said[-1])
    first = 0 if len(last_other) == 0 else int(last_other[-1]) + 1
    return float([*ends, len(frames)][first] * hop_s)


def _made_up_windows(make: Callable[[int, np.random.Generator], Floats], rng: np.random.Generator) -> Floats:
    samples = PARAMETERS.samples_for(FRAMES)
    pool = voice_features.gather(make(samples, rng) * np.float32(0.1) for _ in range(QUIET_WINDOWS))
    return voice_features.judged_windows(pool, range(len(pool)))[0]


def _silence(rng: np.random.Generator) -> Floats:
    """Digital silence, and rooms in which nothing is heard but the microphone's own noise."""

    def quiet(samples: int, rng: np.random.Generator) -> Floats:
        level = np.float32(10.0 ** (rng.uniform(-80, -50) / 20.0))
        noise = fan(samples, rng)
        return np.asarray(noise / max(float(noise.std()), 1e-9) * level, np.float32)

    nothing = voice_features.gather([np.zeros(2 * RATE_HZ, np.float32)])
    return np.concatenate([voice_features.judged_windows(nothing, [0])[0], _made_up_windows(quiet, rng)])
