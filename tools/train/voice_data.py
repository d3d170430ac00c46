"""Speech with a tone, vocal bursts and noise, as ``voice/voice.csv`` lists them, trimmed to where there is sound."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robot.evaluation.vocal_events import NOT_SPEECH, UNNAMED, event_of
from robot.messages import NO_EVENT
from robot.senses.hearing.words.statistics import trimmed
from tools.train.paths import required_file
from tools.train.voice_labels import TONES

CORPORA = ("ravdess", "emodb", "nemo", "turev", "tess")
NOT_REPORTED = "tess"
"""Two speakers whose tones are trivially separable: trained on at a low weight, never reported."""
OPEN = ("emodb", "emogator", "noise_esc10", "noise_speechcommands")
"""The sets whose terms do not forbid commercial use."""
RATE_HZ = 16_000
LEAST_RMS_DB, LEAST_ACTIVE_S = -50.0, 0.3
"""EmoGator was recorded by its speakers alone, and nobody listened to it: what is nearly silent is left out."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Clip:
    """One row of the list. ``tone`` is empty for a clip without one, ``event`` for one whose event is not known.

    ``kind`` is speech, burst, body_sound or noise; ``agreement`` 0..1 the share of listeners who hear the tone.
    """

    file: str
    corpus: str
    speaker: str
    sex: str
    language: str
    kind: str
    tone: str
    event: str
    agreement: float
    speech_s: float


def read_list(root: Path, *, only_open: bool = False) -> list[Clip]:
    """Every clip of the list that can be learned from, or those of the `OPEN` sets alone.

    Raises:
        DataAbsentError: the list is not under ``root``.
    """
    with required_file(root, "voice/voice.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = [row for row in rows if not only_open or row["dataset"] in OPEN]
    return [_clip(row) for row in wanted if not _unusable(row)]


def _unusable(row: dict[str, str]) -> bool:
    poor = float(row["rms_db"]) < LEAST_RMS_DB or float(row["active_s"]) < LEAST_ACTIVE_S
    return row["dataset"] == "emogator" and (poor or row["emotion_raw"] in UNNAMED)


def _clip(row: dict[str, str]) -> Clip:
    speech = row["kind"] == "speech"
    event = event_of(row["kind"], row["emotion_raw"]) if row["kind"] in NOT_SPEECH else NO_EVENT
    return Clip(
        row["file"],
        row["dataset"],
        row["speaker"] or row["file"],
        row["sex"],
        row["language"],
        row["kind"],
        _tone(row) if speech and row["dataset"] in CORPORA else "",
        event,
        float(row["agreement"]) / 100.0 if row["agreement"] else 1.0,
        float(row["active_s"]),
    )


def _tone(row: dict[str, str]) -> str:
    """TurEV's calm is what others call neutral: it has no other tone without a feeling."""
    tone = "neutral" if row["dataset"] == "turev" and row["emotion"] == "calm" else row["emotion"]
    return tone if tone in TONES else ""


def levelled(samples: Floats) -> Floats:
    """Samples scaled so that the loudest is at half of full scale: level means nothing from here on."""
    return samples * np.float32(0.5 / max(float(np.abs(samples).max(initial=0.0)), 1e-6))


def read_sound(root: Path, clip: Clip) -> Floats:
    """A clip's samples (m,), 16 kHz mono, levelled, and trimmed unless it is noise.

    Raises:
        DataAbsentError: the file is not there.
        ValueError: it is not 16 kHz mono sound.
    """
    import soundfile  # noqa: PLC0415  only where the data is

    path = required_file(root, f"voice/{clip.file}")
    try:
        samples, rate = soundfile.read(path, dtype="float32")
    except soundfile.LibsndfileError as error:
        raise ValueError(f"{path}: not a readable sound ({error}); fetch the data again") from None
    if rate != RATE_HZ or samples.ndim != 1 or len(samples) == 0:
        raise ValueError(f"{path}: must be {RATE_HZ} Hz mono sound; fetch the data again")
    return levelled(samples if clip.kind == "noise" else trimmed(samples))


def dealt(names: Sequence[str], parts: int) -> dict[str, int]:
    """Speakers dealt out in turn, in the order of their names, into ``parts``: speaker to part."""
    return {name: i % parts for i, name in enumerate(sorted(set(names)))}


def tone_sets(clips: Sequence[Clip]) -> dict[str, frozenset[str]]:
    """Which tones each corpus has."""
    found: dict[str, set[str]] = defaultdict(set)
    for clip in clips:
        if clip.tone:
            found[clip.corpus].add(clip.tone)
    return {corpus: frozenset(tones) for corpus, tones in found.items()}


def tone_chances(clips: Sequence[Clip]) -> npt.NDArray[np.float64]:
    """How often each clip (n,) is drawn for its tone, summing to 1 (0 where it has none).

    A corpus counts by the root of its size, TESS a fifth of that; in a corpus all tones count the same.
    """
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, clip in enumerate(clips):
        if clip.tone:
            members[clip.corpus, clip.tone].append(row)
    sizes: dict[str, int] = defaultdict(int)
    for (corpus, _), rows in members.items():
        sizes[corpus] += len(rows)
    tones = tone_sets(clips)
    chances = np.zeros(len(clips))
    for (corpus, _), rows in members.items():
        share = np.sqrt(sizes[corpus]) * (0.2 if corpus == NOT_REPORTED else 1.0)
        chances[rows] = share / len(tones[corpus]) / len(rows)
    return np.asarray(chances / max(float(chances.sum()), 1e-12))
