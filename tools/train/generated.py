"""Made-up inputs: drawn faces, noise and tones. They prove that the steps work and fill golden vectors.

Nothing here comes from a data set, and no figure measured on it says how good a model is.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def drawn_face(
    rng: np.random.Generator, smile: float, brows: float, mouth_open: float, size: int = 48
) -> npt.NDArray[np.uint8]:
    """A drawn grey face uint8 (size,size), its place, shade and noise random.

    ``smile`` -1..1, ``brows`` -1 (drawn together) .. 1 (raised), ``mouth_open`` 0..1.
    """
    y, x = (np.mgrid[0:size, 0:size] + 0.5) / size - 0.5
    x, y = x + rng.uniform(-0.04, 0.04), y + rng.uniform(-0.04, 0.04)
    skin, dark, back = rng.uniform(120, 200), rng.uniform(20, 70), rng.uniform(30, 220)
    picture = np.where((x / 0.40) ** 2 + (y / 0.52) ** 2 < 1, skin - 60 * x**2 * 4, back)
    for side in (-1, 1):
        eye = ((x - side * 0.17) / 0.075) ** 2 + ((y + 0.10) / (0.035 + 0.02 * mouth_open)) ** 2 < 1
        line = y + 0.20 + 0.05 * brows - 0.35 * brows * (side * x - 0.17) * (brows < 0)
        brow = (np.abs(x - side * 0.17) < 0.10) & (np.abs(line) < 0.018)
        picture = np.where(eye | brow, dark, picture)
    nose = (np.abs(x) < 0.02 + 0.08 * (y + 0.05)) & (y > -0.05) & (y < 0.10)
    picture = np.where(nose, skin - 25, picture)
    curve = y - 0.26 + smile * 1.6 * (x**2 - 0.012)
    mouth = (np.abs(x) < 0.17) & (np.abs(curve) < 0.014 + 0.07 * mouth_open)
    teeth = (np.abs(x) < 0.13) & (np.abs(curve) < 0.05 * mouth_open) & (smile > 0.3)
    picture = np.where(teeth, 235, np.where(mouth, dark, picture))
    return np.asarray(np.clip(picture + rng.normal(0, rng.uniform(1, 8), picture.shape), 0, 255), np.uint8)


def faces(count: int, seed: int, labels: int = 8) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Drawn faces uint8 (count,48,48,1) in ``labels`` kinds that differ in mouth and brows, with the kind (count,)."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, labels, count)
    poses = [
        (0, 0, 0),
        (1, 0.3, 0.2),
        (0, 1, 1),
        (-1, 0.5, 0),
        (-0.6, -1, 0),
        (-0.8, -0.6, 0.5),
        (-0.3, 0.9, 0.6),
        (0.4, -0.5, 0),
    ]
    pictures = [drawn_face(rng, *poses[kind % len(poses)]) for kind in kinds]
    return np.stack(pictures)[..., None], kinds


def noise_pictures(count: int, seed: int) -> npt.NDArray[np.uint8]:
    """Smooth random pictures uint8 (count,48,48,1): blurred noise of random contrast."""
    rng = np.random.default_rng(seed)
    pictures = []
    for _ in range(count):
        cells = int(rng.integers(3, 13))
        coarse = rng.uniform(0, 255, (cells, cells))
        places = np.linspace(0, cells - 1, 48)
        rows = np.stack([np.interp(places, np.arange(cells), line) for line in coarse])
        pictures.append(np.stack([np.interp(places, np.arange(cells), line) for line in rows.T], axis=1))
    return np.asarray(np.stack(pictures)[..., None], np.uint8)


def tone(rng: np.random.Generator, kind: int, samples: int, rate_hz: int = 16_000) -> Floats:
    """A made-up voice (samples,) in one of four ``kind``: steady, rising and lively, low and slow, loud and rough."""
    time = np.arange(samples) / rate_hz
    base, sway, rate, slope, rough = [
        (130, 0.03, 3.5, 1.4, 0.02),
        (230, 0.30, 5.0, 1.0, 0.03),
        (110, 0.05, 2.0, 1.9, 0.04),
        (200, 0.12, 6.5, 0.6, 0.25),
    ][kind % 4]
    pitch = base * rng.uniform(0.85, 1.2) * (1 + sway * np.sin(2 * np.pi * rate / 2 * time + rng.uniform(0, 6)))
    phase = 2 * np.pi * np.cumsum(pitch) / rate_hz
    voice = sum(k**-slope * np.sin(k * phase) for k in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * rate * rng.uniform(0.9, 1.1) * time + rng.uniform(0, 6)) + 0.4, 0.02, 1)
    heard = (voice * (1 + rough * rng.normal(0, 1, samples)) + rough * rng.normal(0, 1, samples)) * syllables
    return np.asarray(heard * 0.1 * 10 ** (rng.uniform(-20, 0) / 20) + rng.normal(0, 1e-4, samples), np.float32)
