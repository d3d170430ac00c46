import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.ports import JOINTS, JointAngles
from robot.body.joints import JOINT_MANNERS, values_deg
from robot.body.motion import MAX_CATCH_UP_TICKS, Motion, bell_weights

TICK_HZ = 50.0
ANGLE = st.floats(-120.0, 120.0)
POSE = st.builds(lambda values: JointAngles(*values), st.lists(ANGLE, min_size=11, max_size=11))
SCRIPT = st.lists(st.tuples(POSE, st.integers(1, 40)), min_size=1, max_size=8)
NOT_NUMBERS = st.sampled_from([float("nan"), float("inf"), float("-inf")])


def run(targets, start=None):
    """The angles of every tick, for a list of (target, ticks)."""
    motion = Motion(TICK_HZ, start=start)
    path, tick = [values_deg(motion.angles)], 0
    for target, ticks in targets:
        for _ in range(ticks):
            path.append(values_deg(motion.step(tick / TICK_HZ, target)))
            tick += 1
    return path


def differences(path):
    return [[TICK_HZ * (b - a) for a, b in zip(one, two, strict=True)] for one, two in itertools.pairwise(path)]


@settings(max_examples=60, deadline=None)
@given(SCRIPT)
def test_no_sequence_of_targets_leaves_range_speed_acceleration_or_jerk(script):
    path = run(script)
    speeds = differences(path)
    accelerations = differences(speeds)
    jerks = differences(accelerations)
    for index, joint in enumerate(JOINTS):
        manner = JOINT_MANNERS[joint]
        assert all(manner.low_deg <= place[index] <= manner.high_deg for place in path)
        assert all(abs(speed[index]) <= manner.speed_deg_s + 1e-6 for speed in speeds)
        assert all(abs(change[index]) <= manner.acceleration_deg_s2 + 1e-3 for change in accelerations)
        assert all(abs(change[index]) <= manner.jerk_deg_s3 + 1e-1 for change in jerks)


def test_the_limits_of_acceleration_and_jerk_are_no_larger_than_needed():
    """Sent to and fro at the worst moments a joint comes near its limits: they are limits, not wishes."""
    manner = JOINT_MANNERS["neck_pan"]
    ticks = round(manner.blend_s * TICK_HZ)
    left, right = JointAngles(neck_pan_deg=-60.0), JointAngles(neck_pan_deg=60.0)
    speeds = differences(run([(left, 60), *[(right, ticks // 2), (left, ticks // 2)] * 4]))
    hardest = max(abs(change[0]) for change in differences(speeds))
    sharpest = max(abs(change[0]) for change in differences(differences(speeds)))
    assert hardest > 0.6 * manner.acceleration_deg_s2
    assert sharpest > 0.4 * manner.jerk_deg_s3


def test_going_slower_in_mid_move_does_not_jump():
    motion, path = Motion(TICK_HZ), []
    for tick in range(100):
        share = 0.1 if 15 <= tick < 40 else 1.0
        path.append(values_deg(motion.step(tick / TICK_HZ, JointAngles(neck_pan_deg=50.0), share)))
    accelerations = [change[0] for change in differences(differences(path))]
    assert max(map(abs, accelerations)) <= JOINT_MANNERS["neck_pan"].acceleration_deg_s2
    slow = [speed[0] for speed in differences(path)][31:38]
    assert max(slow) <= 0.1 * JOINT_MANNERS["neck_pan"].speed_deg_s + 1e-6
    assert path[-1][0] == pytest.approx(50.0)


def test_what_is_foreseen_comes_true_and_nothing_moves_meanwhile():
    motion, target = Motion(TICK_HZ), JointAngles(neck_pan_deg=30.0)
    for tick in range(8):
        motion.step(tick / TICK_HZ, target)
    here = motion.angles
    foreseen_deg = motion.foreseen("neck_pan", 30.0, 5)
    assert motion.angles == here
    for tick in range(8, 13):
        motion.step(tick / TICK_HZ, target)
    assert motion.angles.neck_pan_deg == pytest.approx(foreseen_deg)


@pytest.mark.parametrize("joint", ["neck_pan", "brow_left", "eyes_tilt", "mouth_right"])
def test_a_small_move_is_the_minimum_jerk_move(joint):
    manner = JOINT_MANNERS[joint]
    taps = round(manner.blend_s * TICK_HZ)
    size_deg = 0.9 * manner.speed_deg_s / TICK_HZ
    path = run([(JointAngles(), 1), (JointAngles(**{f"{joint}_deg": size_deg}), taps)])
    index = JOINTS.index(joint)
    for tick in range(taps + 1):
        x = tick / taps
        assert path[1 + tick][index] == pytest.approx(size_deg * (10 * x**3 - 15 * x**4 + 6 * x**5), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(POSE, POSE)
def test_it_arrives_without_overshoot_and_rests(first, second):
    motion_path = run([(first, 120), (second, 120)])
    for index, joint in enumerate(JOINTS):
        manner = JOINT_MANNERS[joint]
        here, there = (min(max(values_deg(p)[index], manner.low_deg), manner.high_deg) for p in (first, second))
        way = [place[index] for place in motion_path[121:]]
        assert way[-1] == pytest.approx(there, abs=1e-9)
        assert all(min(here, there) - 1e-9 <= place <= max(here, there) + 1e-9 for place in way)


def test_turning_back_in_mid_move_bends_the_path_and_does_not_break_it():
    path = run([(JointAngles(), 1), (JointAngles(neck_pan_deg=50.0), 15), (JointAngles(neck_pan_deg=-50.0), 100)])
    speeds = [speed[0] for speed in differences(path)]
    steepest = max(abs(b - a) for a, b in itertools.pairwise(speeds))
    assert max(speeds) > 50.0
    assert min(speeds) < -50.0
    assert steepest < 30.0  # of a total swing of 240 degrees a second


def test_the_eyes_are_there_before_the_neck():
    path = run([(JointAngles(), 1), (JointAngles(eyes_pan_deg=20.0, neck_pan_deg=20.0), 60)])
    eyes, neck = JOINTS.index("eyes_pan"), JOINTS.index("neck_pan")
    arrival = {joint: next(tick for tick, place in enumerate(path) if place[joint] > 19.0) for joint in (eyes, neck)}
    assert arrival[eyes] < arrival[neck] / 2


def test_a_blink_shuts_the_lids_within_its_own_time():
    path = run([(JointAngles(), 1), (JointAngles(lid_left_deg=-60.0), 8), (JointAngles(), 20)])
    lids = [place[JOINTS.index("lid_left")] for place in path]
    assert min(lids) < -37.0
    assert lids[-1] == pytest.approx(0.0, abs=1e-9)


@settings(deadline=None)
@given(NOT_NUMBERS)
def test_a_target_that_is_not_a_number_never_reaches_a_joint(strange):
    path = run([(JointAngles(jaw_deg=10.0), 30), (JointAngles(jaw_deg=strange), 30)])
    jaw = [place[JOINTS.index("jaw")] for place in path]
    assert all(0.0 <= place <= 25.0 for place in jaw)
    if math.isnan(strange):
        assert jaw[-1] == pytest.approx(10.0)


def test_a_call_between_ticks_moves_nothing():
    motion = Motion(TICK_HZ)
    motion.step(0.0, JointAngles(jaw_deg=20.0))
    moved = motion.step(0.02, JointAngles(jaw_deg=20.0))
    assert motion.step(0.025, JointAngles(jaw_deg=20.0)) == moved
    assert motion.step(0.04, JointAngles(jaw_deg=20.0)).jaw_deg > moved.jaw_deg


def test_after_a_stall_it_goes_on_from_where_it_was():
    motion = Motion(TICK_HZ)
    motion.step(0.0, JointAngles(neck_pan_deg=60.0))
    leap_deg = motion.step(30.0, JointAngles(neck_pan_deg=60.0)).neck_pan_deg
    assert leap_deg <= MAX_CATCH_UP_TICKS * JOINT_MANNERS["neck_pan"].speed_deg_s / TICK_HZ


def test_time_going_back_moves_nothing_and_counts_nothing_twice():
    motion = Motion(TICK_HZ)
    for tick in range(10):
        motion.step(tick / TICK_HZ, JointAngles(neck_pan_deg=60.0))
    here = motion.angles
    assert motion.step(0.0, JointAngles(neck_pan_deg=60.0)) == here
    assert motion.step(9 / TICK_HZ, JointAngles(neck_pan_deg=60.0)) == here


def test_a_start_outside_the_range_is_brought_inside():
    assert Motion(TICK_HZ, start=JointAngles(jaw_deg=99.0)).angles.jaw_deg == JOINT_MANNERS["jaw"].high_deg


@pytest.mark.parametrize("taps", [1, 2, 5, 20])
def test_the_bell_is_positive_symmetric_and_whole(taps):
    weights = bell_weights(taps)
    assert sum(weights) == pytest.approx(1.0)
    assert all(weight > 0.0 for weight in weights)
    assert weights == pytest.approx(weights[::-1])
