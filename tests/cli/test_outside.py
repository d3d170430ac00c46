"""What the board's buttons ask of the robot."""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from robot.cli.outside import open_outside
from robot.config import BodySettings, Config, HandOffSettings
from robot.requests import Requests

PIN = 22


@pytest.fixture
def pins(monkeypatch):
    factory = MockFactory()
    monkeypatch.setattr(Device, "pin_factory", factory)
    yield factory
    factory.close()


@pytest.mark.parametrize(
    ("config", "asked"),
    [
        (Config(body=BodySettings(wake_pin=PIN)), "wake"),
        (Config(hand_off=HandOffSettings(button_pin=PIN)), "person"),
    ],
)
def test_a_button_on_the_board_asks_for_what_it_is_for(pins, config, asked):
    requests = Requests()
    with ExitStack() as stack:
        open_outside(config, "1", SimpleNamespace(requests=requests), None, stack)
        pins.pin(PIN).drive_low()
        pins.pin(PIN).drive_high()
    assert [(request.what, request.by) for request in requests.take(0.0)] == [(asked, "board")]


def test_without_a_pin_nothing_of_the_board_is_touched(pins):
    with ExitStack() as stack:
        assert open_outside(Config(), "1", SimpleNamespace(requests=Requests()), None, stack) == []
    assert pins.pins == {}
