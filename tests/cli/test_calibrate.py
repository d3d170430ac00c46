"""`rapport calibrate` in the terminal, and what a robot makes of its file at the start."""

import io
import json

import msgspec
import pytest

from hardware.boards.calibration import Calibration, JointCalibration, MicrophoneCalibration, write_calibration
from hardware.clock import SteppedClock
from hardware.corrected import LeveledMicrophone
from hardware.errors import BoardError
from robot.cli import outfit
from robot.cli.calibration_file import calibration_path
from robot.cli.main import main
from robot.cli.outfit import Wish, devices_for, real_board
from robot.config import Config


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "rapport" / "calibration"


@pytest.fixture
def type_in(monkeypatch):
    def give(*lines):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return give


def config(**body):
    return msgspec.convert({"robot": {"name": "Robo Köln 7"}, "body": body}, Config)


def test_a_rehearsal_on_the_drawn_body_is_kept_apart_and_goes_on_where_it_stopped(home, type_in, capsys):
    lights = ("calibrate", "lights")
    type_in("r", "g", "ok")
    assert main([*lights]) == 0
    type_in("what?", "skip", "go", "ok", "yes", "stop")
    assert main(["calibrate", "servos"]) == 0
    said = capsys.readouterr().out
    assert "please type one of go, skip or stop" in said
    assert "what was finished is kept" in said
    kept = json.loads((home / "rapport-rehearsal.json").read_text())
    assert kept["lights"] == {"order": "rgb", "brightness": 1.0}
    assert "joints" not in kept


def test_every_question_is_answered_by_typing_a_key_and_the_end_of_input_stops(home, type_in, capsys):
    type_in("go", "++", "ok", "yes", "max", "max")
    assert main(["calibrate", "servos", "jaw", "--file", str(home / "mine.json")]) == 0
    kept = json.loads((home / "mine.json").read_text())
    assert kept["joints"]["jaw"]["trim_deg"] == 5.0
    assert "a rehearsal" in capsys.readouterr().out


def test_the_sample_scene_stands_in_for_eyes(home, type_in, capsys):
    type_in("ok", "skip")
    assert main(["calibrate", "camera"]) == 0
    assert "Sharpness" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["servos", "tail"], "has no joint 'tail'; it has neck_pan"),
        (["servos", "jaw", "--board", "lights_and_speaker"], "it has none"),
        (["servos", "--board", "odd"], "no board called 'odd'"),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_one_line(home, type_in, capsys, arguments, says):
    type_in()
    assert main(["calibrate", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_each_robot_has_a_file_of_its_own(home):
    assert calibration_path(config(kind="pi")) == home / "robo-k-ln-7.json"
    assert calibration_path(config()) == home / "robo-k-ln-7-rehearsal.json"
    assert calibration_path(config(calibration="/etc/rapport/mine.json")).name == "mine.json"


def test_a_real_body_is_built_as_calibrated(home, monkeypatch):
    pi = config(kind="pi")
    pan = JointCalibration(trim_deg=3.0, reversed=False, min_deg=-20.0, max_deg=20.0)
    write_calibration(
        calibration_path(pi), Calibration("starter_face", {"neck_pan": pan}, microphone=MicrophoneCalibration(6.0))
    )
    assert real_board(pi).limits["neck_pan"].max_deg == 20.0

    monkeypatch.setattr(outfit, "open_microphone", lambda source, clock: "an ear")
    ears = devices_for(Wish("none", "pyaudio"), pi, SteppedClock(), None).microphone()
    assert isinstance(ears, LeveledMicrophone)
    assert devices_for(Wish("none", "pyaudio"), config(), SteppedClock(), None).microphone() == "an ear"


def test_a_calibration_that_cannot_be_is_refused_at_the_start(home):
    pi = config(kind="pi")
    write_calibration(calibration_path(pi), Calibration("eight_joint_face"))
    with pytest.raises(BoardError, match="made for board 'eight_joint_face'"):
        devices_for(Wish("none", "none"), pi, SteppedClock(), None)
