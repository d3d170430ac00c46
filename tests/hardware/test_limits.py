"""No joint ever leaves its range, its speed or its duty, whatever is asked for."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.limits import (
    MAX_STEP_S,
    SAFE_PHASE_S,
    SAFE_SPEED_DEG_S,
    Duty,
    JointLimit,
    JointState,
    Limiter,
    next_state,
)
from hardware.ports import JOINTS, JointAngles
from hardware.virtual.body import VIRTUAL_LIMITS

ANYTHING = st.floats(allow_nan=True, allow_infinity=True)
STEPS = st.lists(st.tuples(ANYTHING, ANYTHING), max_size=40)


@st.composite
def joint_limits(draw):
    low = draw(st.floats(-180, 180))
    high = draw(st.floats(low, 180))
    neutral = draw(st.floats(low, high))
    duty = Duty(draw(st.floats(0.1, 500)), draw(st.floats(0, 2000)))
    return JointLimit(low, high, draw(st.floats(0.1, 1000)), neutral, duty)


@given(joint_limits(), STEPS)
def test_any_sequence_of_wishes_and_steps_stays_inside_range_and_speed(limit, steps):
    state = JointState(limit.neutral_deg)
    for dt_s, wanted_deg in steps:
        before, state = state, next_state(limit, state, dt_s, wanted_deg, math.inf)
        assert limit.min_deg <= state.angle_deg <= limit.max_deg
        step_s = min(max(dt_s, 0.0), MAX_STEP_S) if math.isfinite(dt_s) else 0.0
        assert abs(state.angle_deg - before.angle_deg) <= limit.max_speed_deg_s * step_s + 1e-9


@given(st.lists(st.tuples(ANYTHING, *[ANYTHING] * len(JOINTS)), max_size=30))
def test_a_whole_face_told_nonsense_stays_inside_its_limits(moves):
    limiter = Limiter(VIRTUAL_LIMITS)
    before = limiter.move(0.0, JointAngles())
    for t_s, *angles in moves:
        after = limiter.move(t_s, JointAngles(*angles))
        for name, limit in VIRTUAL_LIMITS.items():
            angle_deg = getattr(after, f"{name}_deg")
            assert limit.min_deg <= angle_deg <= limit.max_deg
            moved_deg = abs(angle_deg - getattr(before, f"{name}_deg"))
            assert moved_deg <= limit.max_speed_deg_s * MAX_STEP_S + 1e-9
        before = after


def run(limiter: Limiter, wanted: JointAngles, start_s: float, ticks: int) -> JointAngles:
    """50 moves a second."""
    angles = JointAngles()
    for tick in range(ticks):
        angles = limiter.move(start_s + tick / 50, wanted)
    return angles


def test_the_first_move_goes_to_neutral_wherever_the_joint_stood():
    limiter = Limiter({"neck_pan": JointLimit(-60, 60, 150, neutral_deg=5.0)})
    assert limiter.move(12.0, JointAngles(neck_pan_deg=60)).neck_pan_deg == 5.0


def test_the_first_second_is_slow_and_then_the_joint_is_free():
    limiter = Limiter({"neck_pan": JointLimit(-60, 60, 150)})
    slow = run(limiter, JointAngles(neck_pan_deg=60), 0.0, 51)
    assert slow.neck_pan_deg == pytest.approx(SAFE_SPEED_DEG_S * SAFE_PHASE_S)
    assert limiter.move(1.02, JointAngles(neck_pan_deg=60)).neck_pan_deg == pytest.approx(33.0)


def test_after_a_release_the_joint_goes_on_slowly_from_where_it_was_left():
    limiter = Limiter({"jaw": JointLimit(0, 30, 400)})
    run(limiter, JointAngles(jaw_deg=30), 0.0, 100)
    limiter.release()
    assert limiter.move(50.0, JointAngles(jaw_deg=0)).jaw_deg == 30.0
    assert limiter.move(50.1, JointAngles(jaw_deg=0)).jaw_deg == pytest.approx(27.0)


def test_a_stalled_loop_does_not_make_the_joint_leap():
    limiter = Limiter({"neck_pan": JointLimit(-60, 60, 150)})
    run(limiter, JointAngles(), 0.0, 100)
    assert limiter.move(30.0, JointAngles(neck_pan_deg=60)).neck_pan_deg == pytest.approx(15.0)


@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -math.inf])
def test_a_wish_that_is_no_number_keeps_the_joint_where_it_is(nonsense):
    limiter = Limiter({"neck_pan": JointLimit(-60, 60, 150)})
    before = run(limiter, JointAngles(neck_pan_deg=20), 0.0, 200)
    assert limiter.move(4.02, JointAngles(neck_pan_deg=nonsense)) == before
    assert limiter.move(nonsense, JointAngles(neck_pan_deg=-20)) == before


def test_a_clock_that_steps_back_gains_no_speed():
    limiter = Limiter({"neck_pan": JointLimit(-60, 60, 150)})
    before = run(limiter, JointAngles(), 0.0, 200).neck_pan_deg
    limiter.move(0.0, JointAngles(neck_pan_deg=60))
    after = limiter.move(4.0, JointAngles(neck_pan_deg=60)).neck_pan_deg
    assert after - before == pytest.approx(150 * 0.02)


def test_a_joint_without_a_servo_is_echoed_and_never_as_nan():
    limiter = Limiter({"neck_pan": JointLimit(-60, 60, 150)})
    assert limiter.move(0.0, JointAngles(jaw_deg=12.0, lid_left_deg=math.nan)) == JointAngles(jaw_deg=12.0)


def test_a_joint_that_moved_too_much_rests_and_then_comes_back():
    limit = JointLimit(-60, 60, 600, duty=Duty(sustained_deg_s=60, burst_deg=240))
    state, angles, rested = JointState(0.0), [], []
    for tick in range(500):
        state = next_state(limit, state, 0.02, 60.0 if tick % 20 < 10 else -60.0, math.inf)
        angles.append(state.angle_deg)
        rested.append(state.resting)
    first = rested.index(True)
    back = rested.index(False, first)
    assert (back - first) * 0.02 == pytest.approx(240 / 60, abs=0.25)
    assert len(set(angles[first + 1 : back])) == 1
    assert len(set(angles[back:])) > 1


@given(st.lists(st.floats(-60, 60), min_size=200, max_size=200))
def test_no_run_travels_more_than_its_duty_allows(wishes):
    limit = JointLimit(-60, 60, 600, duty=Duty(sustained_deg_s=30, burst_deg=100))
    state, travel_deg = JointState(0.0), 0.0
    for wanted_deg in wishes:
        before, state = state, next_state(limit, state, 0.02, wanted_deg, math.inf)
        travel_deg += abs(state.angle_deg - before.angle_deg)
    one_step_deg = 600 * 0.02
    assert travel_deg <= 100 + one_step_deg + 30 * 0.02 * len(wishes) + 1e-6


def test_slow_breathing_never_tires_a_joint():
    limit = VIRTUAL_LIMITS["neck_tilt"]
    state = JointState(0.0)
    for tick in range(50 * 600):
        state = next_state(limit, state, 0.02, 3.0 * math.sin(tick * 0.02 * 1.6), math.inf)
        assert not state.resting
    assert state.worn_deg == 0.0


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((10, -10, 100), "outside 10..-10"),
        ((-10, 10, 0), "above 0"),
        ((-10, 10, math.nan), "finite"),
        ((5, 10, 100), "neutral_deg 0.0 lies outside"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(numbers, message):
    with pytest.raises(ValueError, match=message):
        JointLimit(*numbers)


@pytest.mark.parametrize("numbers", [(0, 100), (math.nan, 100), (10, -1)])
def test_a_duty_that_would_never_end_is_refused(numbers):
    with pytest.raises(ValueError, match="sustained_deg_s above 0"):
        Duty(*numbers)


def test_an_unknown_joint_is_refused_with_the_names_that_there_are():
    with pytest.raises(ValueError, match=r"'ear'.*neck_pan"):
        Limiter({"ear": JointLimit(-1, 1, 1)})
