import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.body.visemes import is_stop, is_vowel, opening


@pytest.mark.parametrize(
    ("wider", "narrower"), [("a", "ɛ"), ("ɛ", "e"), ("e", "ɪ"), ("ɪ", "i"), ("i", "s"), ("s", "f"), ("f", "m")]
)
def test_the_lower_the_tongue_the_wider_the_mouth_and_lips_shut_on_m(wider, narrower):
    assert opening(wider) > opening(narrower)


@pytest.mark.parametrize("name", ["ˈɑː", "ˌɑ", "ɑ̃", "ɑɪ"])
def test_stress_length_nasality_and_glides_do_not_change_it(name):
    assert opening(name) == opening("ɑ")
    assert is_vowel(name)


@pytest.mark.parametrize("name", ["p", "pʰ", "ˈb", "t"])
def test_stops_are_stops(name):
    assert is_stop(name)
    assert not is_vowel(name)


@pytest.mark.parametrize("name", ["", "ˈ", "_:", "ː"])
def test_what_is_no_sound_is_shut(name):
    assert opening(name) == 0.0
    assert not is_vowel(name)
    assert not is_stop(name)


@given(st.text(max_size=8))
def test_any_name_has_an_opening(name):
    assert 0.0 <= opening(name) <= 1.0
