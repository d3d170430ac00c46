import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.ports import JointAngles
from robot.body.effort import COOL_AGAIN, SLOWEST, WARMING_S, Effort
from robot.body.joints import JOINT_MANNERS

TICK_S = 0.1
NECK_DEG_S = JOINT_MANNERS["neck_pan"].speed_deg_s


def driven(effort, seconds, speed_deg_s, start_s=0.0):
    """Turn the neck to and fro at this speed."""
    place, way = 0.0, 1.0
    for tick in range(round(seconds / TICK_S)):
        effort.note(start_s + tick * TICK_S, JointAngles(neck_pan_deg=place))
        place += way * speed_deg_s * TICK_S
        if abs(place) > 50.0:
            way = -way
    return effort


def test_at_rest_it_is_cold_and_may_do_anything():
    effort = driven(Effort(0.6), 300.0, 0.0)
    assert (effort.warmth, effort.hot, effort.habits, effort.speed) == (0.0, False, 1.0, 1.0)


def test_within_the_budget_it_never_gets_hot_however_long():
    effort = driven(Effort(0.6), 10 * WARMING_S, 0.6 * 0.14 * NECK_DEG_S)
    assert effort.warmth == pytest.approx(0.6, abs=0.05)
    assert (effort.hot, effort.habits, effort.speed) == (False, 1.0, 1.0)


def test_near_the_budget_habits_fade_before_moves_slow_down():
    effort = driven(Effort(0.6), 10 * WARMING_S, 0.9 * 0.14 * NECK_DEG_S)
    assert 0.0 < effort.habits < 1.0
    assert effort.speed == 1.0


def test_above_it_moves_slow_down_and_it_is_hot_until_well_cooled():
    effort = driven(Effort(1.0), 10 * WARMING_S, 1.2 * 0.2 * NECK_DEG_S)
    assert effort.hot
    assert effort.habits == 0.0
    assert SLOWEST <= effort.speed < 1.0
    end_s = 10 * WARMING_S
    while effort.hot:
        assert effort.warmth > COOL_AGAIN - 0.01
        driven(effort, 1.0, 0.0, end_s)
        end_s += 1.0
    assert end_s - 10 * WARMING_S < WARMING_S


def test_a_calm_robot_eases_off_and_is_not_hot():
    effort = driven(Effort(0.2), 10 * WARMING_S, 1.2 * 0.08 * NECK_DEG_S)
    assert effort.speed < 1.0
    assert not effort.hot


def test_a_lively_robot_has_more_to_spend_than_a_calm_one():
    calm, lively = (driven(Effort(dial), WARMING_S, 0.1 * NECK_DEG_S) for dial in (0.0, 1.0))
    assert calm.warmth > 2 * lively.warmth


@settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(0, 100))
def test_a_robot_that_heeds_it_stays_within_a_quarter_of_its_budget(dial, wild, seed):
    """Whatever is asked for, the mean speed over the time constant is the budget and a quarter at most."""
    effort, place = Effort(dial), 0.0
    for tick in range(6000):
        effort.note(tick * TICK_S, JointAngles(neck_pan_deg=place))
        way = 1.0 if (tick // (5 + seed % 7)) % 2 else -1.0
        place += way * wild * effort.speed * NECK_DEG_S * TICK_S
    assert effort.warmth <= 1.3


def test_a_burst_slows_it_down_long_before_minutes_have_passed():
    effort, swing_deg = Effort(1.0), 36.0
    for tick in range(100):
        effort.note(tick * TICK_S, JointAngles(lid_left_deg=-swing_deg * (tick % 2)))
    assert effort.speed < 0.2
    assert not effort.hot


def test_time_that_goes_back_or_stands_still_counts_nothing():
    effort = driven(Effort(0.6), 20.0, 50.0)
    warmth = effort.warmth
    effort.note(5.0, JointAngles(neck_pan_deg=-50.0))
    effort.note(5.0, JointAngles(neck_pan_deg=50.0))
    assert effort.warmth == warmth
