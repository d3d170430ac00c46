import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.body.ailments import AILMENTS
from robot.body.catalogue import find, names
from robot.body.lights.mixer import EFFECTS

TICK_S = 0.02
WANTED = {"off", "breathe", "notice", "warm", "soft", "calm", "curious", "farewell", "sleep", "fault", *AILMENTS}
EFFECT_NAMES = names(EFFECTS)


def effect(name):
    return find(EFFECTS, name).pixels


def test_every_effect_that_a_mind_may_name_is_there():
    assert set(EFFECT_NAMES) >= WANTED


@pytest.mark.parametrize("name", EFFECT_NAMES)
@settings(deadline=None)
@given(t_s=st.floats(0.0, 1e6), count=st.integers(1, 60), intensity=st.floats(0.0, 1.0))
def test_an_effect_gives_each_light_a_colour_at_any_time(name, t_s, count, intensity):
    colours = effect(name)(t_s, count, intensity).colours
    assert len(colours) == count
    assert all(len(colour) == 3 and all(0.0 <= channel <= 1.0 for channel in colour) for colour in colours)


@pytest.mark.parametrize("name", EFFECT_NAMES)
@pytest.mark.parametrize("count", [1, 5, 12])
def test_no_effect_flashes_more_than_three_times_a_second(name, count, luminance, most_flashes_per_s):
    lights = [luminance(effect(name)(tick * TICK_S, count, 1.0)) for tick in range(1500)]
    for levels in zip(*lights, strict=True):
        assert most_flashes_per_s(levels, TICK_S) <= 3


def test_the_measure_of_flashing_sees_flashes(most_flashes_per_s):
    strobe = [float(math.sin(2 * math.pi * 5 * tick * TICK_S) > 0) for tick in range(200)]
    flicker = [0.5 + 0.04 * (tick % 2) for tick in range(200)]
    swell = [0.5 - 0.5 * math.cos(2 * math.pi * 2 * tick * TICK_S) for tick in range(200)]
    assert most_flashes_per_s(strobe, TICK_S) >= 4.5
    assert most_flashes_per_s(flicker, TICK_S) == 0
    assert 1.5 <= most_flashes_per_s(swell, TICK_S) <= 2.5


@pytest.mark.parametrize("name", EFFECT_NAMES)
def test_no_effect_is_saturated_red(name):
    for tick in range(500):
        for red, green, blue in effect(name)(tick * TICK_S, 5, 1.0).colours:
            assert red == 0.0 or red / (red + green + blue) < 0.8


@pytest.mark.parametrize("name", sorted(WANTED - {"off"}))
def test_intensity_dims_an_effect(name):
    bright, dim = (sum(map(sum, effect(name)(1.0, 5, level).colours)) for level in (1.0, 0.3))
    assert dim == pytest.approx(0.3 * bright)
    assert bright > 0.0


def test_off_is_dark_and_sleep_is_nearly():
    assert max(map(max, effect("off")(3.0, 5, 1.0).colours)) == 0.0
    assert 0.0 < max(map(max, effect("sleep")(5.0, 5, 1.0).colours)) <= 0.05


def test_being_noticed_shows_within_a_fifth_of_a_second():
    assert max(map(max, effect("notice")(0.2, 5, 1.0).colours)) > 0.3


def test_goodbye_goes_out_from_one_end():
    halfway = [sum(colour) for colour in effect("farewell")(2.0, 6, 1.0).colours]
    assert halfway == sorted(halfway)
    assert halfway[0] < halfway[-1]
    assert max(map(max, effect("farewell")(10.0, 6, 1.0).colours)) < 0.05


def test_a_curious_light_wanders_along_the_row():
    def brightest(t_s):
        colours = effect("curious")(t_s, 5, 1.0).colours
        return colours.index(max(colours))

    assert [brightest(float(second)) for second in range(5)] == [0, 1, 2, 3, 4]
