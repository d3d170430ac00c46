"""The picture of sound that Whisper was trained on."""

import numpy as np
import pytest

from robot.senses.hearing.words.whisper_mel import PARAMETERS, WhisperMel, slaney_filters


def tone(hertz, seconds=1.0):
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(16_000 * seconds)) / 16_000)).astype(np.float32)


def test_a_hundred_frames_a_second_of_80_bands_whatever_the_sound_is_long():
    mel = WhisperMel(4.0)
    for samples in (tone(440, 0.5), tone(440, 4.0), tone(440, 9.0), np.empty(0, np.float32)):
        frames = mel.frames(samples)
        assert frames.shape == (80, 400)
        assert frames.dtype == np.float32
        assert np.isfinite(frames).all()


def test_silence_is_flat_and_the_loudest_lies_two_units_above_the_cut():
    frames = WhisperMel(2.0).frames(tone(1000))
    assert frames.max() - frames.min() == pytest.approx(2.0)
    assert np.ptp(WhisperMel(2.0).frames(np.zeros(16_000, np.float32))) == 0.0


@pytest.mark.parametrize("hertz", [200, 1000, 4000])
def test_a_tone_lights_its_own_band(hertz):
    frames = WhisperMel(1.0).frames(tone(hertz))
    band = int(frames[:, 50].argmax())
    filters = slaney_filters(PARAMETERS)
    bins = np.arange(PARAMETERS.fft // 2 + 1) * 16_000 / PARAMETERS.fft
    low, high = bins[filters[:, band] > 0][[0, -1]]
    assert low <= hertz <= high


def test_the_filters_are_slaney_s():
    """Three figures of the table that comes with Whisper (mel_filters.npz, 80 bands)."""
    filters = slaney_filters(PARAMETERS)
    assert filters.shape == (201, 80)
    assert filters[1, 0] == pytest.approx(0.02486, abs=1e-4)
    assert filters.max() == pytest.approx(0.02588, abs=1e-4)
    assert (filters.sum(axis=0) > 0).all()
