"""Acted speech of five corpora with a tone label, trimmed to where somebody speaks; speakers kept apart in folds."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.train.paths import required_file

LABELS = ("neutral", "happy", "sad", "angry")
CORPORA = ("ravdess", "emodb", "nemo", "turev", "tess")
NOT_REPORTED = "tess"
"""Two speakers whose tones are trivially separable: trained on at a low weight, never reported."""
RATE_HZ = 16_000
EDGE_S = 0.1
"""Kept before and after the speech."""
QUIET_DB = 30.0
"""A 20 ms stretch this far below the loudest tenth of the clip counts as silence."""

Sound = npt.NDArray[np.int16]


@dataclass(frozen=True)
class VoiceSet:
    """Clips: their ``paths``, ``labels`` int64 (n,) into :data:`LABELS`, ``speakers`` and ``corpora`` str (n,).

    ``speech_s`` (n,) is how many seconds of each somebody really speaks.
    """

    paths: tuple[Path, ...]
    labels: npt.NDArray[np.int64]
    speakers: npt.NDArray[np.str_]
    corpora: npt.NDArray[np.str_]
    speech_s: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.paths)

    def sounds(self) -> tuple[Sound, ...]:
        """Every clip read and trimmed: 16 kHz mono int16."""
        return tuple(_read(path) for path in self.paths)


def trim(samples: npt.NDArray[np.float32], rate_hz: int = RATE_HZ) -> npt.NDArray[np.float32]:
    """The part of a clip (m,) from the first to the last loud stretch, with a tenth of a second on both sides."""
    step = rate_hz // 50
    count = len(samples) // step
    if count == 0:
        return samples
    power = (samples[: count * step].reshape(count, step) ** 2).mean(axis=1)
    loud = np.flatnonzero(power >= np.percentile(power, 90.0) * 10.0 ** (-QUIET_DB / 10.0))
    edge = round(EDGE_S * rate_hz)
    return samples[max(0, loud[0] * step - edge) : min(len(samples), (loud[-1] + 1) * step + edge)]


def to_int16(samples: npt.NDArray[np.float32]) -> Sound:
    """Samples scaled so that the loudest is at half of full scale, as int16: level means nothing from here on."""
    peak = float(np.abs(samples).max(initial=0.0))
    return np.asarray(np.rint(samples * (16_384.0 / max(peak, 1e-6))), np.int16)


def _read(path: Path) -> Sound:
    import soundfile  # noqa: PLC0415  only where the data is

    samples, rate = soundfile.read(path, dtype="float32")
    if rate != RATE_HZ or samples.ndim != 1:
        raise ValueError(f"{path} is not {RATE_HZ} Hz mono")
    return to_int16(trim(samples))


def load(root: Path, corpora: tuple[str, ...] = CORPORA) -> VoiceSet:
    """Every clip of ``corpora`` with one of the four tones, not yet read.

    "Calm" and "bored" count as neutral, as the list's column ``coarse`` has it.

    Raises:
        DataAbsentError: the list or a file of it is not under ``root``.
    """
    with required_file(root, "voice/voice.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["dataset"] in corpora and r["coarse"] in LABELS]
    return VoiceSet(
        tuple(required_file(root, f"voice/{row['file']}") for row in rows),
        np.array([LABELS.index(row["coarse"]) for row in rows]),
        np.array([row["speaker"] for row in rows]),
        np.array([row["dataset"] for row in rows]),
        np.array([float(row["active_s"]) for row in rows]),
    )


def load_noises(root: Path) -> tuple[Sound, ...]:
    """The everyday noises (ESC-10), 5 s each, levels made equal."""
    folder = root / "voice" / "noise_esc10"
    paths = sorted(folder.glob("*.opus")) or sorted(folder.rglob("*.opus"))
    if not paths:
        required_file(root, "voice/noise_esc10/*.opus")
    import soundfile  # noqa: PLC0415  only where the data is

    return tuple(to_int16(soundfile.read(path, dtype="float32")[0]) for path in paths)


def speaker_folds(speakers: npt.NDArray[np.str_], corpora: npt.NDArray[np.str_], folds: int) -> npt.NDArray[np.int64]:
    """The fold (n,) of each clip: every speaker in one fold, each corpus's speakers dealt out in turn.

    A corpus goes on dealing where the one before stopped, so that small corpora do not all fill fold 0.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for corpus, speaker in sorted(set(zip(corpora.tolist(), speakers.tolist(), strict=True))):
        members[corpus].append(speaker)
    dealt = [speaker for corpus in sorted(members) for speaker in members[corpus]]
    fold_of = {speaker: i % folds for i, speaker in enumerate(dealt)}
    return np.array([fold_of[speaker] for speaker in speakers.tolist()])


def clip_weights(labels: npt.NDArray[np.int64], corpora: npt.NDArray[np.str_]) -> npt.NDArray[np.float32]:
    """Weights (n,), mean 1: a corpus by the root of its size, TESS a fifth of that; tones in a corpus equally."""
    weights = np.zeros(len(labels), np.float64)
    for corpus in np.unique(corpora):
        inside = corpora == corpus
        share = np.sqrt(inside.sum()) * (0.2 if corpus == NOT_REPORTED else 1.0)
        present = np.unique(labels[inside])
        for label in present:
            rows = inside & (labels == label)
            weights[rows] = share / len(present) / rows.sum()
    return np.asarray(weights / weights.mean(), np.float32)
