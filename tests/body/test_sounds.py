import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.ports import SAMPLE_RATE_HZ
from robot.body.sounds import BASE_HZ, HARMONICS, MELODIES, PEAK, chirp
from robot.errors import ConfigError

FEELINGS = [(0.0, 0.0), (1.0, 1.0), (-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0)]


def test_every_answer_that_a_mind_may_name_is_there():
    assert set(MELODIES) >= {"hello", "happy", "soothe", "curious", "farewell", "yawn", "fault"}


@pytest.mark.parametrize("name", MELODIES)
@settings(deadline=None)
@given(st.floats(), st.floats())
def test_no_feeling_makes_a_chirp_too_loud_too_long_or_strange(name, valence, arousal):
    sound = chirp(name, valence, arousal)
    assert sound.samples.dtype == np.float32
    assert 0.05 < np.abs(sound.samples).max() <= PEAK
    assert 0.2 < sound.duration_s < 3.0


@pytest.mark.parametrize("name", MELODIES)
@pytest.mark.parametrize(("valence", "arousal"), FEELINGS)
def test_nothing_clicks(name, valence, arousal):
    samples = chirp(name, valence, arousal).samples.astype(np.float64)
    assert samples[0] == samples[-1] == 0.0
    highest_st = max(max(note.start_st, note.end_st) for note in MELODIES[name])
    fastest = 2 * np.pi * 1.3 * BASE_HZ * 2 ** (highest_st / 12) / SAMPLE_RATE_HZ
    slope = PEAK * fastest * sum(share * (order + 1) for order, share in enumerate(HARMONICS)) / sum(HARMONICS)
    # A step between two samples that no tone of the melody could make would be heard as a click.
    assert np.abs(np.diff(samples)).max() <= slope + PEAK * np.pi / (0.012 * SAMPLE_RATE_HZ)
    assert np.abs(np.diff(samples[:8])).max() < 0.01
    assert np.abs(np.diff(samples[-8:])).max() < 0.01


@pytest.mark.parametrize("name", MELODIES)
def test_no_partial_is_folded_back_by_the_sample_rate(name):
    highest_st = max(max(note.start_st, note.end_st) for note in MELODIES[name])
    assert 1.3 * BASE_HZ * 2 ** (highest_st / 12) * len(HARMONICS) < SAMPLE_RATE_HZ / 2


def test_excitement_makes_it_higher_quicker_and_louder():
    calm, excited = chirp("happy", 0.5, -0.8), chirp("happy", 0.5, 0.8)
    assert excited.duration_s < calm.duration_s
    assert np.abs(excited.samples).max() > np.abs(calm.samples).max()
    assert brightness_hz(excited) > 1.2 * brightness_hz(calm)


def test_a_question_rises_and_a_goodbye_falls():
    for name, rises in (("curious", True), ("farewell", False), ("soothe", False)):
        samples = chirp(name, 0.0, 0.0).samples
        first, last = crossings_hz(samples[: len(samples) // 3]), crossings_hz(samples[-len(samples) // 3 :])
        assert (last > first) == rises


def test_the_same_feeling_sounds_the_same():
    assert np.array_equal(chirp("hello", 0.2, 0.3).samples, chirp("hello", 0.2, 0.3).samples)


def test_number_and_time_are_passed_on():
    sound = chirp("hello", 0.0, 0.0, seq=7, t_s=1.5)
    assert (sound.seq, sound.t_s) == (7, 1.5)


def test_an_unknown_sound_is_refused_with_those_that_there_are():
    with pytest.raises(ConfigError, match=r"'boing'.*curious, farewell"):
        chirp("boing", 0.0, 0.0)


def brightness_hz(sound):
    """Centre of the spectrum."""
    power = np.abs(np.fft.rfft(sound.samples)) ** 2
    return float((power * np.fft.rfftfreq(len(sound.samples), 1 / SAMPLE_RATE_HZ)).sum() / power.sum())


def crossings_hz(samples):
    return np.count_nonzero((samples[:-1] < 0) & (samples[1:] >= 0)) * SAMPLE_RATE_HZ / len(samples)
