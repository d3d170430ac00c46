import pytest

from hardware.ports import JointAngles
from robot.body.joints import JOINT_MANNERS
from robot.body.own_speed import OwnSpeed

TOP_DEG_S = JOINT_MANNERS["neck_pan"].speed_deg_s


def test_the_fastest_joint_counts_relative_to_its_own_top_speed():
    own = OwnSpeed()
    assert own.fraction(0.0, JointAngles()) == 0.0
    moved = JointAngles(neck_pan_deg=0.5 * TOP_DEG_S * 0.02, lid_left_deg=-0.1)
    assert own.fraction(0.02, moved) == pytest.approx(0.5, abs=0.001)
    assert own.fraction(0.04, moved) == 0.0


def test_a_leap_counts_as_full_speed_and_no_time_as_no_news():
    own = OwnSpeed()
    own.fraction(0.0, JointAngles())
    assert own.fraction(0.02, JointAngles(neck_pan_deg=50.0)) == 1.0
    assert own.fraction(0.02, JointAngles(neck_pan_deg=-50.0)) == 1.0
