"""Everything that the runs of one protocol share: the clips, their frames, the noises, and what the teacher heard."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tools.train import generated, voice_data, voice_features, voice_noise, voice_protocol, voice_teacher
from tools.train.voice_answers import Heard
from tools.train.voice_data import OPEN, RATE_HZ, Clip, Floats
from tools.train.voice_features import Pool
from tools.train.voice_labels import TONES
from tools.train.voice_protocol import Run
from tools.train.voice_teacher import NOTHING, Taught

NOISE_DB = 10.0
HARD_CORPORA = ("ravdess", "emodb")
"""The corpora that are also heard in noise and on the telephone."""
MADE_UP_NOISES = 120
SHOWN = 400
"""So many held-out clips are looked at after each epoch."""


@dataclass(frozen=True)
class Material:
    """``taught`` is what the teacher answered; ``open`` says that only free sets are in it."""

    name: str
    clips: Sequence[Clip]
    heard: Heard
    motors: Pool
    taught: Taught
    open: bool

    def voices(self, run: Run) -> Any:
        """What a run learns from: all clips (it chooses), and the noises that it does not hold out."""
        from tools.train.voice_train import Voices  # noqa: PLC0415  PyTorch only when it trains

        rows = [row for row, clip in enumerate(self.clips) if clip.kind == "noise" and not run.held[row]]
        return Voices(self.clips, self.heard.clean, joined(selected(self.heard.clean, rows), self.motors))

    def check(self, run: Run) -> Callable[[Any], dict[str, float]] | None:
        """Recall of the four coarse tones on some of the held-out clips, only to be shown."""
        from tools.train import voice_figures  # noqa: PLC0415
        from tools.train.voice_train import answers_of  # noqa: PLC0415

        held = [row for row in np.flatnonzero(run.held).tolist() if self.clips[row].tone]
        if not held:
            return None
        held = held[:: max(1, len(held) // SHOWN)]
        windows, whose = voice_features.judged_windows(self.heard.clean, held)

        def shown(network: Any) -> dict[str, float]:
            said = voice_features.mean_by(answers_of(network, windows), whose, len(held))
            return {"held_out_recall": voice_figures.coarse_recall([self.clips[row] for row in held], said)}

        return shown


def real(root: Path, cache: Path, teacher: Path | None, *, only_open: bool) -> Material:
    """The data sets under ``root``. Raises DataAbsentError."""
    clips = voice_data.read_list(root)
    hard = [row for row, clip in enumerate(clips) if clip.tone and clip.corpus in HARD_CORPORA]

    @functools.cache
    def noisy() -> Pool:
        made = voice_features.kept(cache, f"noisy {len(clips)}", lambda: _noisy(root, clips, hard))
        return _among(made, hard, len(clips))

    @functools.cache
    def telephone() -> Pool:
        some = [clips[row] for row in hard]
        made = voice_features.kept(cache, f"telephone {len(clips)}", lambda: _frames(root, some, voice_noise.telephone))
        return _among(made, hard, len(clips))

    clean = voice_features.kept(cache, f"clean {len(clips)}", lambda: _frames(root, clips, _as_it_is))
    heard = Heard(clean, noisy, telephone)
    motors = voice_features.kept(cache, f"motors {MADE_UP_NOISES}", lambda: _motors(MADE_UP_NOISES))
    taught = voice_teacher.load(teacher) if teacher else NOTHING
    whole = Material("acted speech", clips, heard, motors, taught, only_open)
    return _only_open(whole) if only_open else whole


def _frames(root: Path, clips: Sequence[Clip], change: Callable[[Floats], Floats]) -> Pool:
    return voice_features.gather(change(voice_data.read_sound(root, clip)) for clip in clips)


def _as_it_is(sound: Floats) -> Floats:
    return sound


def _noisy(root: Path, clips: Sequence[Clip], rows: Sequence[int]) -> Pool:
    """Clips in a noise that the run which is asked about them did not hear either."""
    parts = voice_protocol.first_run(voice_protocol.speaker_runs(clips), len(clips))
    noises = [row for row, clip in enumerate(clips) if clip.kind == "noise"]

    def sounds() -> Iterator[Floats]:
        for row in rows:
            rng = np.random.default_rng([7, row])
            unheard = [noise for noise in noises if parts[noise] == parts[row]]
            noise = voice_data.read_sound(root, clips[unheard[int(rng.integers(len(unheard)))]])
            sound = voice_data.read_sound(root, clips[row])
            yield voice_noise.mix(sound, np.resize(noise, len(sound)), NOISE_DB)

    return voice_features.gather(sounds())


def _only_open(whole: Material) -> Material:
    rows = [row for row, clip in enumerate(whole.clips) if clip.corpus in OPEN]
    heard = Heard(
        selected(whole.heard.clean, rows),
        lambda: selected(whole.heard.noisy(), rows),
        lambda: selected(whole.heard.telephone(), rows),
    )
    return replace(whole, clips=[whole.clips[row] for row in rows], heard=heard)


def made_up(seed: int) -> Material:
    """Made-up voices of eight "speakers", bursts and noises, that only prove the steps."""
    rng = np.random.default_rng(seed)
    named = [("neutral", "happy", "sad", "angry")[i % 4] for i in range(96)]
    clips = [
        Clip(f"{i}", "emodb", f"s{i // 4 % 8}", "FM"[i // 4 % 2], "de", "speech", tone, "none", 1.0, 1.5)
        for i, tone in enumerate(named)
    ]
    clips += [
        Clip(
            f"b{i}", "emogator", f"b{i // 4}", "", "", "burst", "", ("laugh", "cry", "scream", "sigh")[i % 4], 1.0, 1.0
        )
        for i in range(32)
    ]
    clips += [Clip(f"n{i}", "noise_esc10", f"n{i}", "", "", "noise", "", "none", 1.0, 0.0) for i in range(16)]
    sounds = [generated.tone(rng, TONES.index(c.tone) if c.tone else 0, RATE_HZ * 3 // 2) for c in clips[:96]]
    sounds += [generated.tone(rng, i % 4, RATE_HZ) ** 3 for i in range(32)]
    sounds += [voice_noise.fan(2 * RATE_HZ, rng) for _ in range(16)]
    clean = voice_features.gather(voice_data.levelled(sound) for sound in sounds)
    answers = {clip.file: rng.normal(0, 1, (75, 32)) + i % 4 for i, clip in enumerate(clips[:96])}
    taught = voice_teacher.gathered(answers)
    return Material("made-up voices", clips, Heard(clean, lambda: clean, lambda: clean), _motors(12), taught, True)


def _motors(count: int) -> Pool:
    """Servos and fans: 4 s each."""
    rng = np.random.default_rng(5)
    make = (voice_noise.servo_whine, voice_noise.fan)
    return voice_features.gather(voice_data.levelled(make[i % 2](4 * RATE_HZ, rng)) for i in range(count))


def selected(pool: Pool, rows: Sequence[int]) -> Pool:
    """The frames of some sounds alone."""
    parts = [pool.frames[pool.starts[row] : pool.starts[row + 1]] for row in rows]
    frames = np.concatenate(parts) if parts else pool.frames[:0]
    return Pool(frames, np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64))


def joined(first: Pool, second: Pool) -> Pool:
    """Both, one after the other."""
    return Pool(
        np.concatenate([first.frames, second.frames]),
        np.concatenate([first.starts, second.starts[1:] + first.starts[-1]]),
    )


def _among(pool: Pool, rows: Sequence[int], count: int) -> Pool:
    """The pool's sounds at ``rows`` of ``count``, with an empty sound everywhere else."""
    lengths = np.zeros(count, np.int64)
    lengths[np.asarray(rows, np.int64)] = pool.lengths()
    return Pool(pool.frames, np.concatenate([[0], np.cumsum(lengths)]))
