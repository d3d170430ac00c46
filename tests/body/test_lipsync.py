import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.ports import SAMPLE_RATE_HZ
from robot.body.lipsync import LEAD_S, WIDEST_DEG, mouth_track


def tone(seconds, level):
    return (level * np.sin(np.arange(round(seconds * SAMPLE_RATE_HZ)) * 0.1)).astype(np.float32)


def test_the_mouth_opens_with_the_sound_and_shuts_with_it():
    track = mouth_track(np.concatenate([tone(0.5, 0.3), tone(0.5, 0.0), tone(0.5, 0.3)]))
    assert track.jaw_deg(0.25) > 0.9 * WIDEST_DEG
    assert track.jaw_deg(0.75) == 0.0
    assert track.jaw_deg(1.25) > 0.9 * WIDEST_DEG


def test_louder_opens_wider():
    track = mouth_track(np.concatenate([tone(0.4, 0.03), tone(0.4, 0.1), tone(0.4, 0.4)]))
    soft, middle, loud = (track.jaw_deg(place) for place in (0.2, 0.6, 1.0))
    assert 0.0 < soft < middle < loud


def test_the_volume_knob_does_not_change_the_mouth():
    words = np.concatenate([tone(0.3, 0.1), tone(0.3, 0.4)])
    assert mouth_track(words * 0.5).openings_deg == pytest.approx(mouth_track(words).openings_deg, abs=0.1)


def test_the_mouth_goes_ahead_of_the_sound_by_the_easing_of_the_jaw():
    track = mouth_track(np.concatenate([tone(0.2, 0.0), tone(0.3, 0.3)]))
    assert track.jaw_deg(0.2 - LEAD_S + 0.001) > 0.9 * WIDEST_DEG
    assert track.jaw_deg(0.2 - LEAD_S - 0.021) == 0.0


def test_before_and_after_the_sound_the_mouth_is_shut():
    track = mouth_track(tone(0.5, 0.3))
    assert track.jaw_deg(-1.0) == track.jaw_deg(0.6) == 0.0


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(5000, np.float32)])
def test_silence_leaves_it_shut(samples):
    assert max(mouth_track(samples).openings_deg, default=0.0) == 0.0


@settings(deadline=None)
@given(st.integers(1, 3000), st.floats(0.0, 1.0), st.sampled_from([20.0, 50.0, 100.0]))
def test_the_opening_is_within_the_jaw_for_any_sound(count, level, rate_hz):
    track = mouth_track(np.random.default_rng(count).normal(0, level, count).astype(np.float32), rate_hz)
    assert all(0.0 <= opening <= WIDEST_DEG for opening in track.openings_deg)
    assert len(track.openings_deg) == -(-count // round(SAMPLE_RATE_HZ / rate_hz))
