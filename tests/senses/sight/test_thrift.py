"""Costly looks keep to their rate, and are left out first when time is short."""

from robot.senses.sight.thrift import Thrift

FRAME_S = 1 / 15


def done(thrift: Thrift, cost_s: float, spare_s: float, seconds: float = 10.0) -> int:
    """How often it was done a second, at 15 frames a second."""
    times = 0
    for frame in range(round(seconds / FRAME_S)):
        if thrift.due(frame * FRAME_S, spare_s):
            times += 1
            thrift.took(cost_s)
    return round(times / seconds)


def test_with_time_enough_it_keeps_its_rate():
    assert done(Thrift(10.0), cost_s=0.01, spare_s=0.05) == 10
    assert done(Thrift(5.0), cost_s=0.01, spare_s=0.05) == 5


def test_switched_off_it_is_never_done():
    assert done(Thrift(0.0), cost_s=0.0, spare_s=1.0) == 0


def test_what_takes_longer_than_the_pause_is_done_less_often():
    thrift = Thrift(10.0)
    assert 2 <= done(thrift, cost_s=0.1, spare_s=0.04) <= 3
    assert thrift.skipped > 0


def test_without_any_time_left_it_is_not_done_at_all():
    thrift = Thrift(10.0)
    assert thrift.due(0.0, spare_s=1.0)
    thrift.took(0.01)
    assert not any(thrift.due(1.0 + frame * FRAME_S, spare_s=-0.01) for frame in range(100))
    assert thrift.skipped == 100


def test_a_clock_that_was_set_back_does_not_stop_it():
    thrift = Thrift(5.0)
    assert thrift.due(1000.0, spare_s=1.0)
    assert thrift.due(1.0, spare_s=1.0)
