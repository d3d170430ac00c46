"""A calibration narrows its board, never widens it; a damaged or foreign one is refused, and none is half written."""

import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.boards import load_board
from hardware.boards.calibration import (
    Calibration,
    CameraCalibration,
    JointCalibration,
    LightsCalibration,
    MicrophoneCalibration,
    calibrated,
    read_calibration,
    write_calibration,
)
from hardware.errors import BoardError

STARTER = load_board("starter_face")
PAN = JointCalibration(trim_deg=4.0, reversed=True, min_deg=-40.0, max_deg=50.0)
WHOLE = Calibration(
    "starter_face",
    {"neck_pan": PAN},
    CameraCalibration(180, 0.3),
    MicrophoneCalibration(12.0, -60.0, -38.0),
    LightsCalibration("grb", 1, 0.5),
)


def test_what_was_written_is_read_again(tmp_path):
    path = tmp_path / "deep" / "robot.json"
    write_calibration(path, WHOLE)
    assert read_calibration(path, STARTER) == WHOLE
    assert [each.name for each in path.parent.iterdir()] == ["robot.json"]


def test_a_robot_without_a_file_is_as_its_board_says(tmp_path):
    nothing = read_calibration(tmp_path / "none.json", STARTER)
    assert calibrated(STARTER, nothing) == STARTER


def test_the_board_that_comes_out_has_the_measured_zero_direction_ends_and_lights():
    real = calibrated(STARTER, WHOLE)
    pan = real.joints["neck_pan"]
    assert (pan.min_deg, pan.max_deg, pan.pin) == (-40.0, 50.0, 12)
    assert pan.servo_deg(10.0) == -6.0
    assert real.joints["jaw"] == STARTER.joints["jaw"]
    assert real.lights.fed(1.0, 0.0, 0.25) == (0.0, 0.5, 0.125)


@given(st.floats(-360, 360), st.floats(-360, 360), st.floats(-360, 360), st.booleans())
def test_no_calibration_ever_widens_a_joint_or_leaves_its_servo(trim_deg, min_deg, max_deg, turned):
    measured = JointCalibration(trim_deg, turned, min_deg, max_deg)
    try:
        pan = calibrated(STARTER, Calibration("starter_face", {"neck_pan": measured})).joints["neck_pan"]
    except BoardError:
        return
    assert -60.0 <= pan.min_deg <= pan.neutral_deg <= pan.max_deg <= 60.0
    for end_deg in (pan.min_deg, pan.max_deg):
        assert 500 <= pan.pulse_us(end_deg) <= 2400


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"joints": {"neck_pan": {"trim_deg": 0, "reversed": False, "min_deg": -70, "max_deg": 0}}}, "wider than"),
        ({"joints": {"neck_pan": {"trim_deg": 0, "reversed": False, "min_deg": 20, "max_deg": 10}}}, "above max_deg"),
        ({"joints": {"neck_pan": {"trim_deg": 60, "reversed": False, "min_deg": -60, "max_deg": 60}}}, "outside its"),
        ({"joints": {"lid_left": {"trim_deg": 0, "reversed": False, "min_deg": 0, "max_deg": 1}}}, "has no such joint"),
        ({"joints": {"neck_pan": {"trim_deg": 0}}}, "missing required field"),
        ({"lights": {"brightness": 0.5, "count": 7}}, "brighter or more"),
        ({"lights": {"order": "rrr"}}, "Invalid enum value"),
        ({"camera": {"turn_deg": 45}}, "Invalid enum value"),
        ({"microphone": {"gain_db": 90}}, "<= 30"),
        ({"colour": 3}, "unknown field"),
        ({"board": "eight_joint_face"}, "made for board 'eight_joint_face'"),
    ],
)
def test_every_mistake_in_the_file_is_named_with_its_fix(tmp_path, change, complaint):
    path = tmp_path / "robot.json"
    path.write_bytes(msgspec.json.encode({"board": "starter_face"} | change))
    with pytest.raises(BoardError) as caught:
        read_calibration(path, STARTER)
    assert str(caught.value).startswith(f"{path}")
    assert complaint in str(caught.value)
    assert ";" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"board": 3}'])
def test_a_damaged_file_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "robot.json"
    path.write_bytes(content)
    with pytest.raises(BoardError, match=r"robot\.json: no calibration .*rapport calibrate"):
        read_calibration(path, STARTER)


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "robot.json"
    write_calibration(path, WHOLE)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BoardError, match="No space left"):
        write_calibration(path, Calibration("starter_face"))
    assert read_calibration(path, STARTER) == WHOLE
