import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.body.lights.mixer import LightMixer
from robot.body.lights.palette import AMBER, DARK, LAGOON, MOON, PEACH, ROSE, VIOLET, luminance, tinted

COLOURS = [MOON, PEACH, ROSE, LAGOON, VIOLET, AMBER]
FEELING = st.floats(-1.0, 1.0)


@pytest.mark.parametrize("colour", COLOURS)
def test_the_happier_the_warmer(colour):
    ratios = [red / blue for red, _, blue in (tinted(colour, valence / 4, 0.0) for valence in range(-4, 5))]
    assert ratios == sorted(ratios)
    assert ratios[-1] > 1.3 * ratios[0]


@pytest.mark.parametrize("colour", COLOURS)
def test_the_more_excited_the_paler(colour):
    spreads = [max(tinted(colour, 0.0, arousal / 4)) - min(tinted(colour, 0.0, arousal / 4)) for arousal in range(5)]
    assert spreads == sorted(spreads, reverse=True)


@given(st.sampled_from(COLOURS), FEELING, FEELING, st.floats(0.0, 0.7))
def test_a_mood_changes_the_hue_and_not_the_brightness_and_never_alarms(colour, valence, arousal, level):
    dim = (colour[0] * level, colour[1] * level, colour[2] * level)
    red, green, blue = tinted(dim, valence, arousal)
    assert luminance((red, green, blue)) == pytest.approx(luminance(dim), abs=1e-9)
    assert red <= 0.8 * (red + green + blue) + 1e-9


@given(st.floats(), st.floats())
def test_any_mood_gives_a_colour(valence, arousal):
    assert all(0.0 <= channel <= 1.0 for channel in tinted(ROSE, valence, arousal))
    assert tinted(DARK, valence, arousal) == DARK


def test_no_mood_is_the_effects_own_colour():
    assert tinted(PEACH, 0.0, 0.0) == pytest.approx(PEACH)


def test_what_is_about_a_failure_is_not_tinted():
    def shown(name, ailment, mood):
        mixer = LightMixer()
        return [mixer.pixels(tick * 0.02, name, 1.0, 4, False, ailment, 1.0, mood) for tick in range(200)][-1].colours

    assert shown("fault", "deaf", (1.0, 1.0)) == shown("fault", "deaf", (0.0, 0.0))
    happy, plain = shown("soft", "deaf", (1.0, 0.0)), shown("soft", "deaf", (0.0, 0.0))
    assert happy[-1] == plain[-1]
    assert happy[1] != plain[1]
