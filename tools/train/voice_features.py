"""Pools of ready log-mel windows, so that every fold and epoch picks from the same changed copies of the clips."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from robot.senses.hearing.logmel import LogMel, normalise
from tools.train import voice_augment
from tools.train.voice_augment import VoiceChanges
from tools.train.voice_data import RATE_HZ, Sound

DURATION_S = 2.0
SAMPLES = int(DURATION_S * RATE_HZ)
FRAMES = LogMel().parameters.frames_in(SAMPLES)
CLIP_HOP_S = 0.5
"""How often the robot judges while somebody speaks."""

Half = npt.NDArray[np.float16]
Kept = TypeVar("Kept", npt.NDArray[np.float16], npt.NDArray[np.int64])


def features(samples: npt.NDArray[np.float32], mel: LogMel) -> npt.NDArray[np.float32]:
    """The network's view (frames, bands) of one window of samples."""
    return normalise(mel.frames(samples))


def changed_copies(
    sounds: tuple[Sound, ...], noises: tuple[Sound, ...], copies: int, seed: int, how: VoiceChanges
) -> Half:
    """``copies`` changed windows of each clip: float16 (clips, copies, frames, bands)."""
    mel = LogMel()
    pool = np.empty((len(sounds), copies, FRAMES, mel.parameters.bands), np.float16)
    for clip, sound in enumerate(sounds):
        rng = np.random.default_rng([seed, clip])
        for copy in range(copies):
            pool[clip, copy] = features(voice_augment.live_like(sound, SAMPLES, noises, rng, how), mel)
    return pool


def plain_windows(sounds: tuple[Sound, ...], copies: int, seed: int) -> Half:
    """``copies`` unchanged random windows of each clip: float16 (clips, copies, frames, bands)."""
    mel = LogMel()
    pool = np.empty((len(sounds), copies, FRAMES, mel.parameters.bands), np.float16)
    for clip, sound in enumerate(sounds):
        rng = np.random.default_rng([seed, clip, 1])
        for copy in range(copies):
            pool[clip, copy] = features(voice_augment.plain(sound, SAMPLES, rng), mel)
    return pool


def noisy_windows(sounds: tuple[Sound, ...], noises: tuple[Sound, ...], ratio_db: float, seed: int) -> Half:
    """One random window of each clip in noise of ``ratio_db``, otherwise unchanged: (clips, 1, frames, bands)."""
    how = VoiceChanges(
        speed_share=0.0,
        noise_share=1.0,
        signal_to_noise_db=(ratio_db, ratio_db),
        room_share=0.0,
        band_share=0.0,
        gain_db=(-12.0, -12.0),
    )
    return changed_copies(sounds, noises, 1, seed + 1, how)


def clip_windows(sounds: tuple[Sound, ...]) -> tuple[Half, npt.NDArray[np.int64]]:
    """Every clip as the robot judges it while it is spoken: windows (m, 1, frames, bands), and the clip of each (m,).

    The windows follow each other by CLIP_HOP_S, the first from the clip's start; a clip shorter than a window gives one
    that ends with it.
    """
    mel, hop = LogMel(), round(CLIP_HOP_S * RATE_HZ)
    starts = [range(0, max(1, len(sound) - SAMPLES + 1), hop) for sound in sounds]
    windows = np.empty((sum(map(len, starts)), 1, FRAMES, mel.parameters.bands), np.float16)
    for row, (sound, start) in enumerate((s, at) for s, places in zip(sounds, starts, strict=True) for at in places):
        part = sound[start : start + SAMPLES].astype(np.float32) / 32_768.0
        windows[row, 0] = features(np.concatenate([np.zeros(SAMPLES - len(part), np.float32), part]), mel)
    return windows, np.repeat(np.arange(len(sounds)), [len(places) for places in starts])


def cached(folder: Path | None, key: str, make: Callable[[], Kept]) -> Kept:
    """What ``make`` gives, kept in ``folder`` (none: not kept) under a name made from ``key``.

    The key must name everything the result depends on, code aside: empty the folder after changing the code.
    """
    if folder is None:
        return make()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.npy"
    if not path.is_file():
        partial = path.with_suffix(".partial.npy")
        np.save(partial, make())
        partial.replace(path)
    loaded: Kept = np.load(path, mmap_mode="r")
    return loaded
