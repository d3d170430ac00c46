import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.wall import local_minute
from robot.body.profile import PROFILES, READ_EVERY_S, Profile, QuietHours, is_within
from robot.config import QuietSettings

MINUTE = st.integers(0, 1439)


@pytest.mark.parametrize(
    ("minute", "quiet"),
    [(1319, False), (1320, True), (1439.5, True), (0, True), (419, True), (420, False), (720, False)],
)
def test_a_night_goes_over_midnight(minute, quiet):
    assert is_within(minute, 1320, 420) is quiet


@given(MINUTE, MINUTE, MINUTE)
def test_either_the_night_or_the_day_and_equal_ends_mean_never(minute, start, end):
    if start == end:
        assert not is_within(minute, start, end)
    else:
        assert is_within(minute, start, end) != is_within(minute, end, start)


def test_by_default_there_are_no_quiet_hours_and_nobody_looks_at_the_wall():
    def refuse():
        raise AssertionError("the wall clock was read")

    assert QuietHours(QuietSettings(), refuse).profile(5.0) == Profile()
    assert QuietHours(QuietSettings(from_minute=0, to_minute=1439), None).profile(5.0) == Profile()


def test_the_wall_is_looked_at_now_and_then():
    reads = []

    def minute():
        reads.append(1)
        return 30.0

    hours = QuietHours(QuietSettings(from_minute=0, to_minute=60, lights=0.1), minute)
    assert {hours.profile(tick * 0.02).light for tick in range(3000)} == {0.1}
    assert len(reads) <= 60 / READ_EVERY_S + 1


def test_two_profiles_at_once_leave_the_product():
    both = PROFILES["reduced"].under(Profile(0.5, 0.5, 0.5, 0.5))
    assert both == Profile(habits=0.15, speed=0.25, light=0.5, voice=0.5)


def test_the_wall_shows_a_minute_of_the_day():
    assert 0.0 <= local_minute() <= 1440.1
