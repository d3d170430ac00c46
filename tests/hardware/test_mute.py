"""The mute switch on gpiozero's mock pins: a switch, a fail-safe switch, a button."""

import pytest
from gpiozero.pins.mock import MockFactory

from hardware.boards.board import MuteSpec
from hardware.boards.reading import load_board, read_board, shipped_boards
from hardware.errors import BoardError, DeviceError
from hardware.pi.mute import PinMute


@pytest.fixture
def factory():
    pins = MockFactory()
    yield pins
    pins.close()


@pytest.mark.parametrize(("muted_when", "open_is_muted"), [("closed", False), ("open", True)])
def test_a_switch_means_what_it_stands_at(factory, muted_when, open_is_muted):
    switch = PinMute(MuteSpec(pin=5, muted_when=muted_when), factory)
    pin = factory.pin(5)
    assert switch.muted is open_is_muted
    pin.drive_low()
    assert switch.muted is not open_is_muted
    pin.drive_high()
    assert switch.muted is open_is_muted
    switch.close()
    switch.close()


def test_a_button_turns_over_at_each_press_and_no_press_is_lost(factory):
    button = PinMute(MuteSpec(pin=5, kind="button"), factory)
    pin = factory.pin(5)
    seen = [button.muted]
    for _ in range(3):
        pin.drive_low()
        pin.drive_high()
        seen.append(button.muted)
    assert seen == [False, True, False, True]


def test_a_wire_that_comes_off_mutes_where_open_means_muted(factory):
    """The pull-up holds the pin high when nothing is connected."""
    switch = PinMute(MuteSpec(pin=5, muted_when="open"), factory)
    assert factory.pin(5).pull == "up"
    assert switch.muted


def test_a_pin_that_is_in_use_is_named(factory):
    held = PinMute(MuteSpec(pin=5), factory)
    with pytest.raises(DeviceError, match="GPIO5"):
        PinMute(MuteSpec(pin=5), factory)
    held.close()


def test_its_pin_is_checked_like_every_other():
    table = {"name": "clash", "mute": {"pin": 17}, "lights": {"kind": "rgb_led", "pins": [17, 27, 22]}}
    with pytest.raises(BoardError, match=r"mute\.pin: GPIO17 is already used by lights\.pins \(red\)"):
        read_board(table, "clash.toml")
    with pytest.raises(BoardError, match=r"mute\.kind"):
        read_board({"name": "odd", "mute": {"pin": 5, "kind": "lever"}}, "odd.toml")


@pytest.mark.parametrize("name", shipped_boards())
def test_every_board_that_ships_has_one(name):
    assert load_board(name).mute is not None
