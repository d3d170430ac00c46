import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.senses.hearing.level import NoiseFloor, clipped_share, level_dbfs, mean_square, sound_quality

CHUNK = 512


def follow(floor: NoiseFloor, samples: np.ndarray, *, speech: bool = False) -> None:
    for i in range(0, len(samples) - CHUNK + 1, CHUNK):
        floor.hear(mean_square(samples[i : i + CHUNK]), CHUNK / 16_000, speech=speech)


def noise(seconds: float, height: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, height, int(seconds * 16_000)).astype(np.float32)


def test_a_full_square_wave_is_0_dbfs_and_a_full_sine_3_db_less():
    square = np.tile(np.array([1.0, -1.0], np.float32), 800)
    sine = np.sin(2 * np.pi * 100 * np.arange(1600) / 16_000).astype(np.float32)
    assert level_dbfs(square) == pytest.approx(0.0, abs=1e-6)
    assert level_dbfs(sine) == pytest.approx(-3.01, abs=0.01)


def test_half_the_height_is_6_db_less():
    sound = noise(0.1, 0.1)
    assert level_dbfs(sound) - level_dbfs(sound / 2) == pytest.approx(20 * math.log10(2), abs=1e-4)


@pytest.mark.parametrize("sound", [np.zeros(512, np.float32), np.zeros(0, np.float32), np.full(9, 1e-30, np.float32)])
def test_silence_is_minus_100_dbfs(sound):
    assert level_dbfs(sound) == -100.0


def test_only_samples_at_the_edge_count_as_clipped():
    sound = np.array([1.0, -1.0, 0.99, 0.5, -0.9, 0.0, 0.0, 0.0], np.float32)
    assert clipped_share(sound) == 3 / 8
    assert clipped_share(np.zeros(0, np.float32)) == 0.0


@pytest.mark.parametrize("height", [0.0005, 0.01, 0.1])
def test_the_floor_of_steady_noise_is_its_level(height):
    floor = NoiseFloor()
    follow(floor, noise(6.0, height))
    assert floor.dbfs == pytest.approx(20 * math.log10(height), abs=1.5)


def test_the_floor_stays_through_fluent_speech(reading):
    floor = NoiseFloor()
    follow(floor, noise(3.0, 0.001))
    follow(floor, reading + noise(len(reading) / 16_000, 0.001)[: len(reading)], speech=True)
    assert floor.dbfs == pytest.approx(-60.0, abs=2.0)


def test_the_floor_rises_when_a_fan_starts_and_falls_when_it_stops():
    floor = NoiseFloor()
    follow(floor, noise(4.0, 0.001))
    follow(floor, noise(4.0, 0.05))
    assert floor.dbfs == pytest.approx(-26.0, abs=1.5)
    follow(floor, noise(1.0, 0.001))
    assert floor.dbfs == pytest.approx(-60.0, abs=2.0)


def test_before_any_sound_and_after_a_reset_the_floor_is_silence():
    floor = NoiseFloor()
    assert floor.dbfs == -100.0
    follow(floor, noise(4.0, 0.1))
    floor.reset()
    assert floor.dbfs == -100.0


def test_loud_clean_speech_is_perfect_and_each_fault_lowers_it():
    good = sound_quality(0.01, -60.0, 0.0, 0.0)
    assert good.overall == 1.0
    assert sound_quality(0.01, -22.0, 0.0, 0.0).clearness < 0.2
    assert sound_quality(1e-7, -100.0, 0.0, 0.0).loudness == 0.0
    assert sound_quality(0.01, -60.0, 0.1, 0.0).clipping == 0.0
    assert sound_quality(0.01, -60.0, 0.0, 0.4).own_noise == pytest.approx(0.6)


def test_the_weakest_part_decides():
    assert sound_quality(0.01, -60.0, 0.1, 0.4).overall == 0.0


@given(
    power=st.floats(0, 1),
    floor=st.floats(-100, 0),
    clipped=st.floats(0, 1),
    masked=st.floats(0, 1),
)
def test_quality_always_lies_between_0_and_1(power, floor, clipped, masked):
    quality = sound_quality(power, floor, clipped, masked)
    parts = (quality.loudness, quality.clearness, quality.clipping, quality.own_noise, quality.overall)
    assert all(0.0 <= part <= 1.0 for part in parts)


@given(floors=st.tuples(st.floats(-100, 0), st.floats(-100, 0)))
def test_more_noise_never_makes_it_better(floors):
    quiet, loud = sorted(floors)
    assert sound_quality(0.01, loud, 0.0, 0.0).overall <= sound_quality(0.01, quiet, 0.0, 0.0).overall
