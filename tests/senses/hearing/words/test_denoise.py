"""Steady noise goes, speech stays, whatever the turn is like."""

import numpy as np
import pytest

from robot.senses.hearing.words.denoise import without_noise

RATE_HZ = 16_000


def tone(length_s):
    """Something like a vowel in the middle of a turn: harmonics of 150 Hz, quiet around."""
    times = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    vowel = sum(np.sin(2 * np.pi * 150 * k * times) / k for k in range(1, 12))
    vowel *= 0.1 * np.clip(8 * np.minimum(times, length_s - times), 0, 1)
    quiet = np.zeros(round(0.4 * RATE_HZ))
    return np.concatenate([quiet, vowel, quiet]).astype(np.float32)


def level_db(samples):
    return 10 * np.log10(np.mean(np.square(samples)) + 1e-12)


def test_noise_around_speech_goes_and_the_speech_stays():
    speech = tone(0.6)
    noise = np.random.default_rng(0).normal(0, 0.02, len(speech)).astype(np.float32)
    cleaned = without_noise(speech + noise)
    assert level_db(cleaned[:5000]) < level_db(noise[:5000]) - 6
    middle = slice(9_000, 13_000)
    assert level_db(cleaned[middle] - speech[middle]) < level_db(noise[middle]) - 3


def test_clean_speech_is_left_as_it_is():
    speech = tone(0.6)
    assert level_db(without_noise(speech) - speech) < level_db(speech) - 20


@pytest.mark.parametrize("length", [0, 1, 200, 512, 1000, 5000])
def test_any_length_comes_back_as_long(length):
    samples = np.random.default_rng(1).normal(0, 0.1, length).astype(np.float32)
    cleaned = without_noise(samples)
    assert cleaned.shape == samples.shape
    assert cleaned.dtype == np.float32
    assert np.isfinite(cleaned).all()


def test_digital_silence_and_full_scale_bring_no_nonsense():
    assert not without_noise(np.zeros(8_000, np.float32)).any()
    loud = np.sign(np.sin(np.arange(8_000) / 7)).astype(np.float32)
    assert np.abs(without_noise(loud)).max() < 1.5
