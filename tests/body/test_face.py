import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.ports import JOINTS, JointAngles
from robot.body.ailments import AILMENTS
from robot.body.face import ANCHORS, ASLEEP, TOUCHES, gaze_pose, mood_pose, sleeping_pose
from robot.body.joints import JOINT_MANNERS, values_deg

FEELING = st.floats(-1.0, 1.0)


@pytest.mark.parametrize("name", ANCHORS)
def test_every_anchor_is_met_exactly(name):
    valence, arousal, expression = ANCHORS[name]
    pose = mood_pose(valence, arousal)
    assert pose.mouth_left_deg == expression.mouth_deg
    assert pose.lid_right_deg == expression.lid_deg
    assert pose.brow_left_deg == expression.brow_deg
    assert pose.neck_tilt_deg == expression.tilt_deg
    assert pose.jaw_deg == expression.jaw_deg


def test_no_feeling_is_the_calibrated_neutral():
    assert mood_pose(0.0, 0.0) == JointAngles()


@settings(deadline=None)
@given(FEELING, FEELING, FEELING)
def test_more_valence_never_lowers_a_mouth_corner(valence, other, arousal):
    low, high = sorted((valence, other))
    assert mood_pose(low, arousal).mouth_left_deg <= mood_pose(high, arousal).mouth_left_deg + 1e-9


@settings(deadline=None)
@given(FEELING, FEELING, FEELING)
def test_more_arousal_never_closes_a_lid(valence, arousal, other):
    low, high = sorted((arousal, other))
    assert mood_pose(valence, low).lid_left_deg <= mood_pose(valence, high).lid_left_deg + 1e-9


@settings(deadline=None)
@given(st.floats(0.0, 1.0), FEELING, FEELING)
def test_more_arousal_lifts_the_brows_of_a_face_that_is_not_unhappy(valence, arousal, other):
    low, high = sorted((arousal, other))
    assert mood_pose(valence, low).brow_left_deg <= mood_pose(valence, high).brow_left_deg + 1e-9


@settings(deadline=None)
@given(FEELING, FEELING, st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_a_little_more_feeling_moves_the_face_a_little(valence, arousal, more_valence, more_arousal):
    here, there = mood_pose(valence, arousal), mood_pose(valence + more_valence, arousal + more_arousal)
    # The steepest slope is 1.5 times the greatest gap between anchors, 30 degrees over half a unit of arousal.
    allowed = 1.5 * (30.0 * abs(more_valence) + 60.0 * abs(more_arousal)) + 1e-9
    assert all(abs(a - b) <= allowed for a, b in zip(values_deg(here), values_deg(there), strict=True))


@settings(deadline=None)
@given(FEELING, FEELING)
def test_every_mood_lies_inside_every_joint(valence, arousal):
    for joint, value in zip(JOINTS, values_deg(mood_pose(valence, arousal)), strict=True):
        assert JOINT_MANNERS[joint].low_deg <= value <= JOINT_MANNERS[joint].high_deg


def test_opposite_feelings_look_different():
    happy, sad, angry = mood_pose(0.8, 0.3), mood_pose(-0.8, -0.6), mood_pose(-0.9, 0.5)
    assert happy.mouth_left_deg > 10.0
    assert sad.mouth_left_deg < 0.0
    assert sad.brow_left_deg > 0 > angry.brow_left_deg
    assert sad.lid_left_deg < angry.lid_left_deg


def test_a_feeling_that_is_not_a_number_is_no_feeling_and_one_too_great_is_held():
    assert mood_pose(float("nan"), float("nan")) == mood_pose(0.0, 0.0)
    assert mood_pose(7.0, -7.0) == mood_pose(1.0, -1.0)


def test_a_small_gaze_shift_is_made_with_the_eyes_alone():
    assert gaze_pose(6.0, 3.0) == JointAngles()


def test_a_large_gaze_shift_takes_the_neck_along_but_not_all_the_way():
    assert 20.0 < gaze_pose(40.0, 0.0).neck_pan_deg < 40.0


def test_without_eyes_the_neck_does_it_all():
    pose = gaze_pose(6.0, -3.0, ())
    assert (pose.neck_pan_deg, pose.neck_tilt_deg) == (6.0, -3.0)


@settings(deadline=None)
@given(st.floats(-90.0, 90.0))
def test_gaze_is_the_same_to_both_sides(pan_deg):
    left, right = gaze_pose(pan_deg, 0.0), gaze_pose(-pan_deg, 0.0)
    assert left.neck_pan_deg == -right.neck_pan_deg


def test_a_gaze_that_is_not_a_number_looks_ahead():
    assert gaze_pose(float("nan"), float("nan")) == gaze_pose(0.0, 0.0)


def test_asleep_the_eyes_are_shut_whatever_ails_it():
    assert sleeping_pose(JointAngles()) == ASLEEP
    for ailment in AILMENTS.values():
        pose = sleeping_pose(ailment.pose)
        assert pose.lid_left_deg == pose.lid_right_deg == JOINT_MANNERS["lid_left"].low_deg
        assert (pose.neck_pan_deg, pose.jaw_deg) == (0.0, 0.0)


def test_a_curious_face_lifts_one_brow():
    assert TOUCHES["curious"].brow_left_deg > TOUCHES["curious"].brow_right_deg
