"""No pin is used twice, and none that is illegal on the Pi that the board hangs on."""

import tomllib

import pytest

from hardware.boards import load_board, shipped_boards
from hardware.boards.header import GPIO_OF_PIN, PI_4, PI_5, PIN_OF_GPIO, PIS, SUPPLY_OF_PIN, ZERO_2_W, pi_called, unfit
from hardware.boards.reading import FOLDER, pins_of, read_board

FACE = """
name = "test"
[joints.neck_pan]
pin = 12
min_deg = -60
max_deg = 60
max_speed_deg_s = 150
[sound]
speaker = "USB"
"""


def board(old="", new=""):
    return read_board(tomllib.loads(FACE.replace(old, new)), "test.toml")


@pytest.mark.parametrize("pi", PIS, ids=lambda pi: pi.name)
@pytest.mark.parametrize("name", shipped_boards())
def test_every_shipped_board_hangs_on_every_pi_and_uses_no_pin_twice(name, pi):
    face = load_board(name)
    assert unfit(face, pi) == ()
    used = [gpio for _, gpio in pins_of(face)]
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    bus_pins = [2, 3] * ("pca9685" in table) + [10, 11] * (table.get("lights", {}).get("kind") in ("ws2812", "apa102"))
    assert len(set(used + bus_pins)) == len(used + bus_pins)
    assert set(used) <= set(PIN_OF_GPIO)


def test_the_header_has_forty_places_and_each_gpio_once():
    assert sorted([*GPIO_OF_PIN, *SUPPLY_OF_PIN]) == list(range(1, 41))
    assert sorted(PIN_OF_GPIO) == list(range(28))


@pytest.mark.parametrize(
    ("old", "new", "pi", "complaint"),
    [
        ("pin = 12", "pin = 2", PI_5, "joints.neck_pan.pin: GPIO2 is held at 3.3 V"),
        ("pin = 12", "pin = 14", PI_4, "joints.neck_pan.pin: GPIO14 carries the serial console"),
        ("pin = 12", "pin = 15", ZERO_2_W, "joints.neck_pan.pin: GPIO15 carries the serial console"),
        ("pin = 12", "channel = 0\n[pca9685]\nbus = 0", PI_4, "pca9685.bus: bus 0 is not on the header"),
        ("pin = 12", "channel = 0\n[pca9685]\nbus = 3", ZERO_2_W, "use one of 1"),
        ("USB", "bcm2835 Headphones", PI_5, "a Raspberry Pi 5 has no audio jack"),
        ("USB", "Headphones", ZERO_2_W, "a Raspberry Pi Zero 2 W has no audio jack"),
    ],
)
def test_what_a_pi_lacks_is_named_with_its_key_and_the_fix(old, new, pi, complaint):
    if "[pca9685]" in new:
        table = tomllib.loads(FACE.replace("pin = 12", "channel = 0"))
        face = read_board({**table, "pca9685": {"bus": int(new[-1])}}, "test.toml")
    else:
        face = board(old, new)
    (reason,) = unfit(face, pi)
    assert complaint in reason


def test_what_another_pi_has_is_no_complaint_there():
    assert unfit(board("USB", "Headphones"), PI_4) == ()


@pytest.mark.parametrize(
    ("text", "pi"),
    [
        ("Raspberry Pi 4 Model B Rev 1.5\0", PI_4),
        ("Raspberry Pi 5 Model B Rev 1.0\0", PI_5),
        ("Raspberry Pi Zero 2 W Rev 1.0\0", ZERO_2_W),
        ("QEMU Virtual Machine", None),
    ],
)
def test_a_pi_is_known_by_its_device_tree(text, pi):
    assert pi_called(text) == pi
