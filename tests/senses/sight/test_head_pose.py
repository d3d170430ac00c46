"""A head that is held so is read so, whatever its eyes, lids and lips do; and the other way round."""

import pytest

from robot.senses.sight.head_pose import (
    MOST_EYE_DEG,
    HeadPose,
    eye_openings,
    eyes_in_head_deg,
    head_pose,
    mouth_opening,
)
from tests.senses.sight.heads import Head


def read(head: Head) -> HeadPose:
    return head_pose(head.marks().points)


@pytest.mark.parametrize("angle_deg", [-40.0, -7.0, 0.0, 12.0, 33.0])
def test_pan_tilt_and_roll_are_read_one_by_one(angle_deg):
    assert read(Head(pan_deg=angle_deg)).pan_deg == pytest.approx(angle_deg, abs=0.1)
    assert read(Head(tilt_deg=angle_deg)).tilt_deg == pytest.approx(angle_deg, abs=0.1)
    assert read(Head(roll_deg=angle_deg)).roll_deg == pytest.approx(angle_deg, abs=0.1)


def test_the_size_of_a_face_and_what_its_eyes_do_turn_no_head():
    plain = read(Head(pan_deg=10, tilt_deg=5))
    other = read(Head(pan_deg=10, tilt_deg=5, size=0.4, eyes_pan_deg=20, lids=0.02, lips=0.2))
    assert (other.pan_deg, other.tilt_deg) == pytest.approx((plain.pan_deg, plain.tilt_deg), abs=0.1)


@pytest.mark.parametrize("head_deg", [0.0, -20.0])
def test_eyes_are_read_in_the_head_wherever_that_points(head_deg):
    head = Head(pan_deg=head_deg, eyes_pan_deg=15.0, eyes_tilt_deg=-6.0)
    assert eyes_in_head_deg(head.marks().points) == pytest.approx((15.0, -6.0), abs=0.2)


def test_eyes_turn_no_further_than_eyes_can():
    assert eyes_in_head_deg(Head(eyes_pan_deg=70.0).marks().points)[0] == MOST_EYE_DEG


@pytest.mark.parametrize("pan_deg", [0.0, 25.0])
def test_lids_and_lips_are_told_in_shares_of_the_face(pan_deg):
    points = Head(pan_deg=pan_deg, lids=0.22, lips=0.07, size=0.5).marks().points
    assert eye_openings(points) == pytest.approx((0.22, 0.22), abs=0.001)
    assert mouth_opening(points) == pytest.approx(0.07, abs=0.001)
