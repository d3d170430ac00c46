import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.body.voice.resample import Resampler

FROM_HZ, TO_HZ = 22_050, 16_000


def tone(hz, rate_hz, seconds=0.5):
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz).astype(np.float32)


@pytest.mark.parametrize("hz", [100, 440, 1000, 3000, 6000, 6500])
def test_a_tone_below_half_the_new_rate_stays_what_it_was(hz):
    result = Resampler(FROM_HZ, TO_HZ).resample(tone(hz, FROM_HZ))
    expected = tone(hz, TO_HZ)
    assert np.abs(result - expected)[200:-200].max() < 0.01


@pytest.mark.parametrize("hz", [8800, 9500, 10_500])
def test_a_tone_above_it_is_gone_and_not_folded_back(hz):
    result = Resampler(FROM_HZ, TO_HZ).resample(tone(hz, FROM_HZ))
    assert np.abs(result)[200:-200].max() < 10 ** (-60 / 20)


def test_dropping_every_other_sample_would_fail_here():
    folded = tone(10_000, FROM_HZ)[::2]
    assert np.abs(folded).max() > 0.9


def test_a_constant_keeps_its_level():
    result = Resampler(FROM_HZ, TO_HZ).resample(np.full(4000, 0.5, np.float32))
    assert result[100:-100] == pytest.approx(0.5, abs=1e-5)


@settings(deadline=None)
@given(st.integers(0, 9000))
def test_the_length_in_seconds_is_kept(count):
    result = Resampler(FROM_HZ, TO_HZ).resample(np.zeros(count, np.float32))
    assert len(result) == -(-count * 320 // 441)
    assert result.dtype == np.float32


def test_raising_the_rate_works_too():
    result = Resampler(8000, 16_000).resample(tone(440, 8000))
    assert np.abs(result - tone(440, 16_000))[200:-200].max() < 0.01


def test_the_same_rate_changes_nothing():
    samples = tone(440, 16_000)
    assert np.array_equal(Resampler(16_000, 16_000).resample(samples), samples)
