import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.body.voice.espeak import espeak_settings
from robot.body.voice.prosody import Prosody, prosody_for

FEELING = st.floats(-1.0, 1.0)


def test_no_feeling_is_the_voices_own_way_of_speaking():
    assert prosody_for(0.0, 0.0) == Prosody(pitch=1.0, range_st=4.0, rate=1.0, volume=1.0)


def test_sad_is_lower_flatter_slower_and_softer_than_neutral_and_happy_the_other_way():
    sad, neutral, happy = prosody_for(-0.7, -0.5), prosody_for(0.0, 0.0), prosody_for(0.8, 0.4)
    for field in ("pitch", "range_st", "rate", "volume"):
        assert getattr(sad, field) < getattr(neutral, field) < getattr(happy, field)


@settings(deadline=None)
@given(FEELING, FEELING, FEELING)
def test_more_arousal_is_never_lower_flatter_slower_or_softer(valence, arousal, other):
    low, high = (prosody_for(valence, value) for value in sorted((arousal, other)))
    for field in ("pitch", "range_st", "rate", "volume"):
        assert getattr(low, field) <= getattr(high, field)


@settings(deadline=None)
@given(st.floats(), st.floats())
def test_no_feeling_leaves_what_espeak_takes_and_people_understand(valence, arousal):
    settings = espeak_settings(prosody_for(valence, arousal))
    assert 0 <= settings.pitch <= 99
    assert 0 <= settings.range <= 99
    assert 100 <= settings.rate_wpm <= 230


@pytest.mark.parametrize("strange", [float("nan"), 9.0, -9.0])
def test_a_feeling_out_of_bounds_is_held(strange):
    held = {9.0: 1.0, -9.0: -1.0}.get(strange, 0.0)
    assert prosody_for(strange, strange) == prosody_for(held, held)
