from hardware.clock import SteppedClock
from robot.care.gauge import Gauge


def test_a_call_that_may_take_long_counts_only_after_its_patience():
    clock = SteppedClock()
    gauge = Gauge(clock)
    gauge.enter(60.0)
    clock.wait_s(59.0)
    assert gauge.busy_s() == 0.0
    clock.wait_s(7.0)
    assert gauge.busy_s() == 6.0
    gauge.leave(worked=False)
    assert gauge.busy_s() == 0.0


def test_it_knows_whether_its_loop_is_in_a_call():
    gauge = Gauge(SteppedClock())
    assert not gauge.inside
    gauge.enter(60.0)
    assert gauge.inside
    gauge.leave(worked=False)
    assert not gauge.inside
