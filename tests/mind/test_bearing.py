from math import atan2, cos, degrees, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.mind.bearing import turned_deg

ANGLE = st.floats(-25.0, 25.0)


def test_a_camera_that_looks_ahead_changes_nothing() -> None:
    assert turned_deg(12.0, -7.5, 0.0, 0.0) == (12.0, -7.5)


@given(ANGLE, st.floats(-60.0, 60.0))
def test_a_level_camera_adds_its_pan(seen_deg: float, camera_deg: float) -> None:
    pan_deg, tilt_deg = turned_deg(seen_deg, 0.0, camera_deg, 0.0)
    assert pan_deg == pytest.approx(seen_deg + camera_deg, abs=1e-3)
    assert tilt_deg == pytest.approx(0.0, abs=1e-3)


@given(ANGLE, ANGLE)
def test_what_is_in_the_middle_is_where_the_camera_points(pan_deg: float, tilt_deg: float) -> None:
    assert turned_deg(0.0, 0.0, pan_deg, tilt_deg) == pytest.approx((pan_deg, tilt_deg), abs=1e-3)


@given(ANGLE, st.floats(-20.0, 20.0), st.floats(-40.0, 40.0), st.floats(-20.0, 20.0))
def test_a_place_in_the_world_is_found_again_wherever_the_head_points(
    pan_deg: float, tilt_deg: float, camera_pan_deg: float, camera_tilt_deg: float
) -> None:
    """The inverse, written out: turn the ray into the camera's frame, then see whether it comes back."""
    away, tilt = radians(pan_deg - camera_pan_deg), radians(camera_tilt_deg)
    ahead, left, up = cos(away), sin(away), sin(radians(tilt_deg))
    depth, height = ahead * cos(tilt) + up * sin(tilt), -ahead * sin(tilt) + up * cos(tilt)
    if depth < 0.3:
        return  # outside any camera's picture
    seen_deg = degrees(atan2(left, depth)), degrees(atan2(height, depth))
    back = turned_deg(*seen_deg, camera_pan_deg, camera_tilt_deg)
    assert back[0] == pytest.approx(pan_deg, abs=0.01)
    assert back[1] == pytest.approx(degrees(atan2(up, ahead)), abs=0.01)
