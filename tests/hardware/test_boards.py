"""A board file that would break something is refused, with file, key and fix."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.boards import JointSpec, load_board, shipped_boards
from hardware.boards.reading import read_board
from hardware.errors import BoardError
from hardware.virtual.body import VIRTUAL_LIMITS

WIRING = Path(__file__).parents[2] / "hardware" / "wiring"

GOOD = """
name = "test"
[joints.neck_pan]
pin = 12
min_deg = -60
max_deg = 60
max_speed_deg_s = 150
[joints.jaw]
channel = 0
min_deg = 0
max_deg = 30
max_speed_deg_s = 400
[pca9685]
[lights]
kind = "rgb_led"
pins = [17, 27, 22]
"""


def written(tmp_path, text):
    path = tmp_path / "board.toml"
    path.write_text(text)
    return path


def test_a_good_board_is_read_whole(tmp_path):
    board = load_board(written(tmp_path, GOOD))
    assert board.joints["neck_pan"].pin == 12
    assert board.joints["jaw"].channel == 0
    assert board.pca9685.address == 0x40
    assert board.lights.pins == (17, 27, 22)
    assert board.limits["neck_pan"].max_speed_deg_s == 150
    with pytest.raises(AttributeError):
        board.name = "other"


@pytest.mark.parametrize("name", ["starter_face", "eight_joint_face", "lights_and_speaker"])
def test_every_board_that_is_shipped_is_right_and_has_its_wiring_written(name):
    assert name in shipped_boards()
    board = load_board(name)
    assert board.name == name
    wiring = (WIRING / f"{name}.md").read_text(encoding="utf-8")
    for joint_name, joint in board.joints.items():
        place = f"GPIO{joint.pin}" if joint.channel is None else f"channel {joint.channel}"
        row = next(line for line in wiring.splitlines() if line.startswith("|") and f"`{joint_name}`" in line)
        assert re.search(rf"\b{place}\b", row), f"{joint_name} is wired to {place}, the table says: {row}"
    for pin in (board.lights.pins or ()) if board.lights else ():
        assert re.search(rf"\bGPIO{pin}\b", wiring)


@pytest.mark.parametrize("name", ["starter_face", "eight_joint_face"])
def test_the_virtual_body_has_the_limits_of_the_real_ones(name):
    for joint, limit in load_board(name).limits.items():
        virtual = VIRTUAL_LIMITS[joint]
        assert (limit.min_deg, limit.max_deg) == (virtual.min_deg, virtual.max_deg)
        assert limit.max_speed_deg_s == virtual.max_speed_deg_s


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("pin = 12", "pin = 28", "joints.neck_pan.pin: expected `int` <= 27"),
        ("pin = 12", "pin = 1", "joints.neck_pan.pin: expected `int` >= 2"),
        ("pin = 12", 'pin = "12"', "joints.neck_pan.pin: expected `int | null`, got `str`"),
        ("pin = 12", "pin = 17", "lights.pins (red): GPIO17 is already used by joints.neck_pan.pin"),
        ("pin = 12", "pin = 3", "joints.neck_pan.pin: GPIO3 is taken by I2C"),
        ("pin = 12", "", "joints.neck_pan.pin: give either a pin or a channel"),
        ("pin = 12", "pin = 12\nchannel = 4", "joints.neck_pan.pin: give either a pin or a channel"),
        ("pin = 12", "channel = 0", "joints.jaw.channel: 0 is already used by neck_pan"),
        ("channel = 0", "channel = 16", "joints.jaw.channel: expected `int` <= 15"),
        ("[pca9685]", "", "joints.jaw.channel: channels need a PCA9685; add a table [pca9685]"),
        ("[pca9685]", "[pca9685]\naddress = 0x20", "pca9685.address: expected `int` >= 64"),
        ("[pca9685]", "[pca9685]\nfrequency_hz = 1000", "pca9685.frequency_hz: expected `float` <= 330"),
        ("[joints.jaw]", "[joints.ear]", "joints.ear: no such joint; the joints are neck_pan, neck_tilt"),
        ("pin = 12", "pin = 12\nspeed = 4", "joints.neck_pan: object contains unknown field `speed`"),
        ("max_speed_deg_s = 150", "", "joints.neck_pan: object missing required field `max_speed_deg_s`"),
        ("max_speed_deg_s = 150", "max_speed_deg_s = 0", "joints.neck_pan.max_speed_deg_s: expected `float` > 0"),
        ("max_speed_deg_s = 150", "max_speed_deg_s = nan", "joints.neck_pan.max_speed_deg_s: "),
        ("max_deg = 60", "max_deg = 95", "joints.neck_pan.max_deg: 95 would turn the servo to 95, outside its -90..90"),
        ("max_deg = 60", "max_deg = 60\ntrim_deg = 40", "joints.neck_pan.max_deg: 60 would turn the servo to 100"),
        ("max_deg = 60", "max_deg = -70", "joints.neck_pan.neutral_deg: 0 lies outside min_deg..max_deg"),
        ("pin = 12", "pin = 12\npulse_min_us = 400", "joints.neck_pan.pulse_min_us: expected `int` >= 500"),
        ("pin = 12", "pin = 12\npulse_max_us = 2600", "joints.neck_pan.pulse_max_us: expected `int` <= 2500"),
        ("pin = 12", "pin = 12\npulse_min_us = 2000", "joints.neck_pan.pulse_min_us: 2000 is not below pulse_max_us"),
        ("pin = 12", "pin = 12\nservo_min_deg = 90", "joints.neck_pan.servo_min_deg: 90 is not below servo_max_deg"),
        ("pin = 12", "pin = 12\nduty = { burst_deg = 0 }", "joints.neck_pan.duty.burst_deg: expected `float` >= 1"),
        ("pins = [17, 27, 22]", "", "lights.pins: an RGB LED needs its three pins"),
        ("pins = [17, 27, 22]", "pins = [17, 17, 22]", "lights.pins (green): GPIO17 is already used by lights.pins"),
        ("pins = [17, 27, 22]", "pins = [17, 27]", "lights.pins: "),
        ('kind = "rgb_led"', 'kind = "candle"', "lights.kind: invalid enum value 'candle'"),
        ('kind = "rgb_led"', 'kind = "ws2812"', "lights.pins: ws2812 pixels hang on SPI"),
        ('pins = [17, 27, 22]', "pins = [17, 27, 22]\ncount = 3", "lights.count: an RGB LED is one light"),
        ('kind = "rgb_led"\npins = [17, 27, 22]', 'kind = "apa102"\n[joints.neck_tilt]\npin = 10\n'
         "min_deg = -5\nmax_deg = 5\nmax_speed_deg_s = 9", "joints.neck_tilt.pin: GPIO10 is taken by SPI"),
        ("pin = 12", "pin = 18", "ok"),
        ("pin = 12", "pin = 18\n[sound]\ni2s = true\n[joints.neck_tilt]\npin = 5", "joints.neck_pan"),
        ('name = "test"', "", "object missing required field `name`"),
        ('name = "test"', 'name = "test"\ncolour = 3', "object contains unknown field `colour`"),
        ('name = "test"', 'name = "test', "not TOML"),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_its_key(tmp_path, old, new, complaint):
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    if complaint == "ok":
        assert load_board(path).joints["neck_pan"].pin == 18
        return
    with pytest.raises(BoardError) as caught:
        load_board(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sound_on_the_header_takes_its_pins():
    table = tomllib.loads(GOOD.replace("pin = 12", "pin = 18"))
    with pytest.raises(BoardError, match="GPIO18 is taken by I2S"):
        read_board({**table, "sound": {"i2s": True}}, "board.toml")


def test_an_unknown_board_is_answered_with_those_that_there_are():
    with pytest.raises(BoardError, match="eight_joint_face, lights_and_speaker, starter_face"):
        load_board("starter")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"joints = 3\nname='x'"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BoardError, match=r"mine\.toml: "):
        load_board(path)


@given(st.floats(-60, 60), st.floats(-20, 20), st.booleans())
def test_a_pulse_is_linear_in_the_servos_own_angle(joint_deg, trim_deg, turned):
    joint = JointSpec(-60, 60, 100, pin=4, trim_deg=trim_deg, reversed=turned, pulse_min_us=500, pulse_max_us=2400)
    servo_deg = trim_deg - joint_deg if turned else trim_deg + joint_deg
    assert joint.pulse_us(joint_deg) == pytest.approx(500 + (servo_deg + 90) / 180 * 1900)
