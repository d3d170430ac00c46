import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.heading import KEPT_S, Heading
from robot.messages import OwnMotion, Sighting


def told(*moments):
    heading = Heading()
    for t_s, pan_deg, tilt_deg in moments:
        heading.add(OwnMotion(t_s, 0.0, False, pan_deg, tilt_deg))
    return heading


def test_between_two_moments_the_head_went_straight_from_one_to_the_other():
    assert told((1.0, 0.0, 4.0), (2.0, 10.0, 0.0)).at(1.25) == pytest.approx((2.5, 3.0))


def test_before_all_and_after_all_it_is_the_nearest_moment():
    heading = told((1.0, 3.0, 1.0), (2.0, 10.0, 2.0))
    assert heading.at(0.0) == (3.0, 1.0)
    assert heading.at(9.0) == (10.0, 2.0)


def test_a_head_that_never_moved_looks_ahead():
    assert Heading().at(5.0) == (0.0, 0.0)


@pytest.mark.parametrize("late_s", [0.5, 1.0, float("nan")])
def test_a_moment_that_is_not_newer_is_left_out(late_s):
    heading = told((1.0, 3.0, 0.0))
    heading.add(OwnMotion(late_s, 0.0, False, 99.0, 99.0))
    assert heading.at(1.0) == (3.0, 0.0)


@given(st.integers(1, 2000))
def test_it_never_grows(count):
    heading = told(*[(0.02 * tick, float(tick), 0.0) for tick in range(count)])
    assert heading.at(0.0)[0] >= count - 1 - round(KEPT_S / 0.02) - 1
    assert heading.at(1e9)[0] == count - 1


def test_a_sighting_gets_the_heads_pose_at_its_own_time():
    sighting = Sighting("s1", 1.5, 1, 640, 480, 0.5, ())
    placed = told((1.0, 0.0, 0.0), (2.0, 10.0, -4.0), (2.5, 50.0, 20.0)).placed(sighting)
    assert (placed.camera_pan_deg, placed.camera_tilt_deg) == (5.0, -2.0)
    assert (placed.id, placed.t_s) == ("s1", 1.5)
