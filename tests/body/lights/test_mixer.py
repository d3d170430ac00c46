import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.body.ailments import AILMENTS
from robot.body.catalogue import names
from robot.body.lights.mixer import EFFECTS, FALL_PER_S, LAMP, LAMP_LEAST_S, LAMP_NIGHT_SHARE, RISE_PER_S, LightMixer

TICK_S = 0.02
EFFECT_NAMES = names(EFFECTS)


def play(mixer, ticks, name="soft", start=0, count=5, camera_on=False, ailment=None, intensity=1.0, brightness=1.0):
    return [
        mixer.pixels((start + tick) * TICK_S, name, intensity, count, camera_on, ailment, brightness)
        for tick in range(ticks)
    ]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(EFFECT_NAMES), st.integers(1, 12), st.sampled_from([None, *AILMENTS])),
        min_size=1,
        max_size=40,
    ),
    st.integers(2, 8),
)
def test_a_mind_that_changes_all_the_time_cannot_make_the_lights_flash(script, count):
    mixer, shown, tick = LightMixer(), [], 0
    for name, ticks, ailment in script:
        shown += play(mixer, ticks, name, tick, count, ailment=ailment)
        tick += ticks
    for before, after in itertools.pairwise(shown):
        for old, new in zip(before.colours, after.colours, strict=True):
            for was, now in zip(old, new, strict=True):
                assert -FALL_PER_S * TICK_S - 1e-9 <= now - was <= RISE_PER_S * TICK_S + 1e-9


MOOD = st.tuples(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
TURN_OF_MIND = st.tuples(
    st.sampled_from(EFFECT_NAMES),
    st.integers(1, 40),
    st.sampled_from([None, *AILMENTS]),
    st.booleans(),
    st.sampled_from([0.0, 0.2, 1.0]),
    st.floats(0.0, 1.0),
    MOOD,
)
"""What is shown next and for how many ticks: effect, ailment, camera, night, intensity and mood."""


@settings(max_examples=25, deadline=None)
@given(st.lists(TURN_OF_MIND, min_size=4, max_size=16), st.sampled_from([1, 2, 5]))
def test_no_effects_and_no_blend_of_them_flash_more_than_three_times_a_second(
    luminance, most_flashes_per_s, script, count
):
    mixer, shown, tick = LightMixer(), [], 0
    for name, ticks, ailment, camera_on, brightness, intensity, mood in script * 3:
        for _ in range(ticks):
            pixels = mixer.pixels(tick * TICK_S, name, intensity, count, camera_on, ailment, brightness, mood)
            shown.append(luminance(pixels))
            tick += 1
    for levels in zip(*shown, strict=True):
        assert most_flashes_per_s(levels, TICK_S) <= 3


def test_swapping_black_and_bright_at_the_worst_moments_stays_under_three_flashes(luminance, most_flashes_per_s):
    mixer, shown, name = LightMixer(), [], "warm"
    play(mixer, 200, "warm")
    turned = luminance(play(mixer, 1, "warm", 200)[0])[-1]
    for tick in range(201, 1500):
        shown.append(luminance(play(mixer, 1, name, tick)[0]))
        if abs(shown[-1][-1] - turned) >= 0.1:
            turned, name = shown[-1][-1], "off" if name == "warm" else "warm"
    rates = [most_flashes_per_s(levels, TICK_S) for levels in zip(*shown, strict=True)]
    assert 0 < max(rates) <= 3


def test_an_effect_fades_over_into_the_next():
    mixer = LightMixer()
    before = play(mixer, 300, "calm")[-1].colours[3]
    after = [pixels.colours[3] for pixels in play(mixer, 300, "warm", 300)]
    assert max(abs(a - b) for a, b in zip(before, after[0], strict=True)) <= RISE_PER_S * TICK_S + 1e-9
    assert after[-1][0] > after[-1][2]


def test_a_name_that_is_no_effect_shows_the_fault_and_goes_on():
    unknown, fault = LightMixer(), LightMixer()
    assert play(unknown, 200, "disco")[-1] == play(fault, 200, "fault")[-1]


def test_the_lamp_is_lit_in_the_tick_in_which_the_camera_opens():
    mixer = LightMixer()
    assert play(mixer, 50, "off")[-1].colours[0] == (0.0, 0.0, 0.0)
    assert play(mixer, 1, "off", 50, camera_on=True)[0].colours[0] == LAMP


@pytest.mark.parametrize("name", EFFECT_NAMES)
def test_no_effect_touches_the_lamp(name):
    mixer = LightMixer()
    assert all(pixels.colours[0] == LAMP for pixels in play(mixer, 400, name, camera_on=True, ailment="degraded"))
    assert all(pixels.colours[0] == (0.0, 0.0, 0.0) for pixels in play(mixer, 400, name, 400)[1:])


def test_a_camera_that_comes_and_goes_cannot_make_the_lamp_flash(luminance, most_flashes_per_s):
    mixer = LightMixer()
    shown = [play(mixer, 1, "off", tick, camera_on=tick % 2 == 0)[0] for tick in range(500)]
    assert most_flashes_per_s([luminance(pixels)[0] for pixels in shown], TICK_S) <= 3
    assert all(pixels.colours[0] == LAMP for pixels in shown[::2])


def test_the_lamp_goes_out_soon_after_the_camera_closes():
    mixer = LightMixer()
    play(mixer, 1, "off", camera_on=True)
    after = play(mixer, 100, "off", 1)
    lit = sum(pixels.colours[0] == LAMP for pixels in after)
    assert lit * TICK_S <= LAMP_LEAST_S
    assert after[-1].colours[0] == (0.0, 0.0, 0.0)


def test_a_single_light_shows_the_camera_and_the_effect():
    mixer = LightMixer()
    red, green, blue = play(mixer, 200, "curious", count=1, camera_on=True)[-1].colours[0]
    assert green >= LAMP[1]
    assert blue > 0.0
    assert red > 0.0


@pytest.mark.parametrize("count", [1, 2, 5, 16])
def test_a_lost_part_shows_at_the_end_of_the_row(count):
    well, ill = LightMixer(), LightMixer()
    healthy, ailing = play(well, 150, count=count)[-1], play(ill, 150, count=count, ailment="degraded")[-1]
    red, _green, blue = ailing.colours[-1]
    assert ailing.colours[-1] != healthy.colours[-1]
    assert red > 5 * blue
    if count > 2:
        assert ailing.colours[1] == healthy.colours[1]


def test_a_row_may_change_its_length_or_be_empty():
    mixer = LightMixer()
    for count in (3, 0, 8):
        assert len(play(mixer, 1, count=count, camera_on=True)[0].colours) == count


def test_an_intensity_that_is_not_a_number_is_dark():
    mixer = LightMixer()
    assert max(map(max, play(mixer, 100, "warm", intensity=float("nan"))[-1].colours)) == 0.0


def test_the_nameless_fault_becomes_the_ailments_own_light_on_the_whole_row():
    mixer, own = LightMixer(), LightMixer()
    for tick in range(500):
        named = play(mixer, 1, "fault", tick, ailment="deaf")[0]
        assert named == play(own, 1, "deaf", tick)[0]


def test_at_night_everything_is_dimmer_and_the_lamp_still_shows():
    day, night = LightMixer(), LightMixer()
    bright = play(day, 300, "warm", camera_on=True, ailment="hot")
    dim = play(night, 300, "warm", camera_on=True, ailment="hot", brightness=0.2)
    for by_day, by_night in zip(bright[200:], dim[200:], strict=True):
        for place in (1, 2, 4):
            assert by_night.colours[place][0] == pytest.approx(0.2 * by_day.colours[place][0], rel=0.1)
        assert by_night.colours[0] == pytest.approx(tuple(LAMP_NIGHT_SHARE * channel for channel in LAMP))
    assert max(map(max, play(night, 300, "warm", 300, brightness=float("nan"))[-1].colours)) == 0.0
