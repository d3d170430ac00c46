"""Changed windows for training, made from log-mel frames: no two epochs see the same.

Faster and slower, another voice tract, another microphone, a room, noise, a telephone's band, gaps. All of it happens
on the power in the mel bands, where a batch costs a tenth of what the waveforms would; held-out figures in noise and on
the telephone are measured with waveforms (`voice_noise`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from robot.senses.hearing.logmel import hertz_to_mel, mel_to_hertz
from tools.train.voice_data import Floats
from tools.train.voice_features import FLOOR, FRAMES, PARAMETERS, Pool, shown
from tools.train.voice_noise import TELEPHONE_HZ

Generator = np.random.Generator
NAT_PER_DB = float(np.log(10.0) / 10.0)


@dataclass(frozen=True)
class VoiceChanges:
    """How far each change goes; shares are the chances that a window gets it."""

    speed: tuple[float, float] = (0.88, 1.14)
    tract: tuple[float, float] = (0.93, 1.075)
    """The factor of all frequencies: a shorter or longer vocal tract, and a higher or lower pitch."""
    noise_share: float = 0.45
    signal_to_noise_db: tuple[float, float] = (5.0, 30.0)
    room_share: float = 0.2
    room_s: tuple[float, float] = (0.15, 0.6)
    tilt_share: float = 0.35
    telephone_share: float = 0.4
    """Of the windows without noise: a line takes most of a noise away, and full noise must be learned, too."""
    stopped_db: tuple[float, float] = (20.0, 60.0)
    """How far a telephone takes down what lies outside its band."""
    coding_db: tuple[float, float] = (36.0, 50.0)
    """How far below each moment's voice the noise of a telephone's 8 bits lies; with `voice_noise.telephone` 44 dB."""
    gain_db: tuple[float, float] = (-25.0, 6.0)
    gap_frames: int = 12
    gap_bands: int = 6


def band_hertz() -> npt.NDArray[np.float64]:
    """The middle of each band (bands,)."""
    ends = hertz_to_mel(np.array([PARAMETERS.low_hz, PARAMETERS.high_hz]))
    return mel_to_hertz(np.linspace(ends[0], ends[1], PARAMETERS.bands + 2))[1:-1]


@dataclass(frozen=True)
class Changed:
    """Changed windows (n, FRAMES, bands) in -1..1, and what was done to them.

    ``ratios`` (n,) say how far in dB each lies above its noise, infinite where none was mixed in; ``places``
    (n, FRAMES) which frame of the sound each frame shows, NaN where it shows silence.
    """

    windows: Floats
    ratios: npt.NDArray[np.float64]
    places: npt.NDArray[np.float64]


def drawn(
    pool: Pool, rows: npt.NDArray[np.intp], rng: Generator, speed: npt.NDArray[np.float64]
) -> tuple[Floats, npt.NDArray[np.float64]]:
    """A window (n, FRAMES, bands) of each sound, ``speed`` (n,) times as fast: a part, or all of it among silence.

    And which frame of the sound (n, FRAMES) each frame of the window shows, NaN where it shows silence.
    """
    lengths, starts = pool.lengths()[rows], pool.starts[rows]
    spare = lengths / speed - FRAMES
    # Live, a window ends soon after speech: at most a quarter of what is left over comes after it.
    begin = np.where(spare > 0, rng.random(len(rows)) * spare, rng.uniform(0.75, 1.0, len(rows)) * spare)
    places = (np.arange(FRAMES) + begin[:, None]) * speed[:, None]
    inside = (places >= 0) & (places <= lengths[:, None] - 1)
    low = np.clip(np.floor(places), 0, np.maximum(lengths - 2, 0)[:, None]).astype(np.int64)
    share = np.clip(places - low, 0, 1)[..., None].astype(np.float32)
    index = starts[:, None] + low
    after = np.minimum(index + 1, (starts + lengths - 1)[:, None])
    windows = pool.frames[index].astype(np.float32) * (1 - share) + pool.frames[after].astype(np.float32) * share
    windows[~inside] = FLOOR
    return np.asarray(windows, np.float32), np.where(inside, places, np.nan)


def changed(pool: Pool, rows: npt.NDArray[np.intp], noises: Pool, rng: Generator, how: VoiceChanges) -> Changed:
    """Changed windows of the sounds ``rows`` (n,), with some of the ``noises``."""
    count = len(rows)
    windows, places = drawn(pool, rows, rng, _factors(how.speed, count, rng))
    windows = np.asarray(np.matmul(windows, _tracts(_factors(how.tract, count, rng))), np.float32)
    windows += _microphones(rng, count, how)[:, None, :]
    power = np.exp(windows)
    _rooms(power, rng, how)
    ratios = _add_noise(power, noises, rng, how)
    _telephones(power, np.flatnonzero(np.isinf(ratios)), rng, how)
    gain = rng.uniform(*how.gain_db, (count, 1, 1)) * NAT_PER_DB
    levels = np.maximum(np.log(np.maximum(power, 1e-30)) + gain, FLOOR).astype(np.float32)
    return Changed(shown(levels), ratios, places)


def _factors(between: tuple[float, float], count: int, rng: Generator) -> npt.NDArray[np.float64]:
    """``count`` factors, as often above as below 1 where the bounds are each other's inverse."""
    return np.asarray(np.exp(rng.uniform(np.log(between[0]), np.log(between[1]), count)))


def _tracts(factors: npt.NDArray[np.float64]) -> Floats:
    """Matrices (n, bands, bands) that move what is at one frequency to ``factors`` (n,) times it."""
    hertz = band_hertz()
    mels = hertz_to_mel(hertz)
    wanted = hertz_to_mel(hertz[None] / factors[:, None])
    places = np.clip((wanted - mels[0]) / (mels[1] - mels[0]), 0, len(mels) - 1.001)
    low = places.astype(np.int64)
    share = (places - low).astype(np.float32)
    matrices = np.zeros((len(factors), len(mels), len(mels)), np.float32)
    which, band = np.arange(len(factors))[:, None], np.arange(len(mels))[None]
    matrices[which, low, band] = 1 - share
    matrices[which, low + 1, band] = share
    return matrices


def _microphones(rng: Generator, count: int, how: VoiceChanges) -> Floats:
    """What (n, bands) nats a microphone adds to each band: a slope, within 9 dB."""
    hertz = band_hertz()
    octaves = np.log2(np.maximum(hertz, 60.0) / 1000.0)
    slopes = np.clip(rng.uniform(-4, 4, (count, 1)) * octaves, -9, 9)
    slopes += rng.normal(0, 1.5, (count, 8)) @ _bumps()
    slopes *= rng.random((count, 1)) < how.tilt_share
    return np.asarray(slopes * NAT_PER_DB, np.float32)


def _bumps() -> npt.NDArray[np.float64]:
    """Eight overlapping triangles (8, bands) over the bands: what resonances add is smooth."""
    bands = np.arange(PARAMETERS.bands)
    middles = np.linspace(0, PARAMETERS.bands - 1, 8)
    return np.asarray(np.maximum(0.0, 1 - np.abs(bands[None] - middles[:, None]) / (middles[1] - middles[0])))


def _rooms(power: Floats, rng: Generator, how: VoiceChanges) -> None:
    """Let some windows' power (n, FRAMES, bands) die away as in a room, in place."""
    rows = np.flatnonzero(rng.random(len(power)) < how.room_share)
    if len(rows) == 0:
        return
    hop_s = PARAMETERS.hop_ms / 1000.0
    falls = 10.0 ** (-6.0 * hop_s / rng.uniform(*how.room_s, len(rows)))
    wet = 10.0 ** (-rng.uniform(0, 12, len(rows)) / 10.0) * (1 - falls) / falls
    falls, wet = falls[:, None].astype(np.float32), wet[:, None].astype(np.float32)
    dry, tail = power[rows], np.zeros((len(rows), power.shape[2]), np.float32)
    for frame in range(1, FRAMES):
        tail = falls * (tail + dry[:, frame - 1])
        power[rows, frame] += wet * tail


def _add_noise(power: Floats, noises: Pool, rng: Generator, how: VoiceChanges) -> npt.NDArray[np.float64]:
    """Add noise to some windows' power, in place; the ratios (n,) in dB."""
    ratios = np.where(
        rng.random(len(power)) < how.noise_share, rng.uniform(*how.signal_to_noise_db, len(power)), np.inf
    )
    rows = np.flatnonzero(np.isfinite(ratios))
    if len(rows) == 0 or len(noises) == 0:
        return np.full(len(power), np.inf)
    lengths = noises.lengths()
    chosen = rng.integers(0, len(noises), len(rows))
    first = (rng.random(len(rows)) * lengths[chosen]).astype(np.int64)
    index = noises.starts[chosen][:, None] + (first[:, None] + np.arange(FRAMES)) % lengths[chosen][:, None]
    noise = np.exp(noises.frames[index].astype(np.float32))
    # Speech is as loud as where it is loud: silence around a short word does not count.
    loudness = power[rows].sum(axis=2)
    speech = np.where(loudness > np.percentile(loudness, 95, axis=1, keepdims=True) * 0.01, loudness, np.nan)
    ratio = np.nanmean(speech, axis=1) / np.maximum(noise.sum(axis=2).mean(axis=1), 1e-20)
    power[rows] += noise * (ratio / 10.0 ** (ratios[rows] / 10.0)).astype(np.float32)[:, None, None]
    return ratios


def _telephones(power: Floats, among: npt.NDArray[np.intp], rng: Generator, how: VoiceChanges) -> None:
    """Let some windows' power (n, FRAMES, bands) through a telephone, in place: its band, and its 8 bits' noise."""
    rows = among[rng.random(len(among)) < how.telephone_share]
    hertz = band_hertz()
    outside = (hertz < TELEPHONE_HZ[0]) | (hertz > TELEPHONE_HZ[1])
    let_through = np.where(outside, 10.0 ** (-rng.uniform(*how.stopped_db, (len(rows), 1)) / 10.0), 1.0)
    heard = power[rows] * let_through[:, None].astype(np.float32)
    widths = np.gradient(hertz)
    noise = 10.0 ** (-rng.uniform(*how.coding_db, (len(rows), 1)) / 10.0) * widths / widths.sum()
    power[rows] = heard + heard.sum(axis=2, keepdims=True) * noise[:, None].astype(np.float32)


def with_gaps(windows: Floats, rng: Generator, how: VoiceChanges) -> Floats:
    """SpecAugment (Park et al. 2019), mild: frames in a row and bands in a row set to the middle."""
    count = len(windows)

    def stretch(length: int, longest: int) -> npt.NDArray[np.bool_]:
        size = rng.uniform(0, longest, (count, 1))
        start = rng.random((count, 1)) * (length - size)
        steps = np.arange(length)[None]
        return (steps >= start) & (steps < start + size)

    hidden = stretch(windows.shape[1], how.gap_frames)[:, :, None] | stretch(windows.shape[2], how.gap_bands)[:, None]
    return np.where(hidden, np.float32(-0.5), windows)
