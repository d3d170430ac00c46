from dataclasses import fields, replace

import pytest

from hardware.ports import JOINTS, JointAngles
from robot.body.joints import JOINT_MANNERS, bounded, by_joint, summed, values_deg


def test_every_joint_has_manners_and_no_other_has():
    assert tuple(JOINT_MANNERS) == JOINTS


def test_zero_is_inside_every_range():
    assert all(manner.low_deg <= 0.0 < manner.high_deg for manner in JOINT_MANNERS.values())


def test_values_come_in_the_order_of_the_joints():
    angles = JointAngles(*range(len(JOINTS)))
    assert values_deg(angles) == tuple(getattr(angles, field.name) for field in fields(angles))
    assert list(by_joint(angles)) == list(JOINTS)


def test_summing_adds_joint_by_joint_and_leaves_the_parts_alone():
    first, second = JointAngles(jaw_deg=2.0, neck_pan_deg=1.0), JointAngles(jaw_deg=3.0)
    assert summed(first, second, second) == replace(first, jaw_deg=8.0)
    assert first.jaw_deg == 2.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.3, 0.3), (-5.0, -1.0), (5.0, 1.0), (float("nan"), 0.0), (float("inf"), 1.0), (float("-inf"), -1.0)],
)
def test_bounded_holds_anything_in_its_range(value, expected):
    assert bounded(value, -1.0, 1.0) == expected


def test_a_report_says_zero_without_a_sign_and_no_more_than_hundredths():
    told = by_joint(JointAngles(neck_pan_deg=-0.001, jaw_deg=1.23456))
    assert str(told["neck_pan"]) == "0.0"
    assert told["jaw"] == 1.23
