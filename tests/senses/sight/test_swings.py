"""To and fro is told from rest, drift and noise."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.senses.sight.swings import Swings

STEP_S = 0.1


def fed(values: list[float], least: float = 3.0, keep_s: float = 60.0):
    swings, found = Swings(least, keep_s), ()
    for index, value in enumerate(values):
        found = swings.add(index * STEP_S, value)
    return found


def test_a_sine_swings_twice_a_period_by_its_whole_range():
    found = fed([8.0 * math.sin(2 * math.pi * 1.5 * index * STEP_S) for index in range(40)])

    assert 9 <= len(found) <= 12
    assert all(swing.size == pytest.approx(16.0, abs=4.0) for swing in found[1:])
    assert all(0.1 < swing.end_s - swing.start_s < 0.6 for swing in found[1:])


def test_a_look_down_and_up_again_is_one_swing_and_the_beginning_of_a_second():
    assert len(fed([0, 0, -4, -8, -8, -8, -4, 0, 0, 0, 0])) == 1


def test_a_steady_turn_is_no_swing():
    assert fed([2.0 * index for index in range(30)]) == ()


@given(st.lists(st.floats(-1.4, 1.4), max_size=60))
def test_noise_smaller_than_the_least_swing_is_none(noise):
    assert fed(noise) == ()


def test_old_swings_are_forgotten_and_a_cleared_watch_starts_anew():
    swings = Swings(3.0, keep_s=0.5)
    for index, value in enumerate([0.0, 5.0, 0.0, 5.0]):
        swings.add(index * STEP_S, value)
    assert len(swings.add(0.4, 0.0)) == 3
    assert swings.add(9.0, 0.0) == ()
    swings.clear()
    assert swings.add(10.0, 7.0) == ()
