"""Lights: what really reaches pins and wire."""

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin
from hypothesis import given
from hypothesis import strategies as st

from hardware.boards import LightsSpec, load_board
from hardware.boards.board import Board
from hardware.errors import DeviceError, DeviceLost
from hardware.pi.lights import PixelChain, RgbLed, open_lights
from hardware.pi.pixels import apa102_frame, ws2812_frame
from hardware.pi.spi import SpiWriter
from hardware.ports import Pixels

RED, WHITE, DARK = (1.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
CHANNEL = st.floats(0, 1)
COLOURS = st.lists(st.tuples(CHANNEL, CHANNEL, CHANNEL), min_size=1, max_size=20)


class Wire:
    def __init__(self):
        self.sent, self.closed, self.alive = [], False, True

    def write(self, data):
        if not self.alive:
            raise OSError(5, "Input/output error")
        self.sent.append(data)

    def close(self):
        self.closed = True


def levels(factory, pins):
    return [factory.pin(pin).state for pin in pins]


def test_a_colour_reaches_the_three_pins():
    factory = MockFactory(pin_class=MockPWMPin)
    lights = open_lights(load_board("starter_face"), factory)
    assert lights.count == 1
    lights.show(Pixels(((0.25, 0.5, 1.0), RED)))
    assert levels(factory, (17, 27, 22)) == [0.25, 0.5, 1.0]
    lights.close()
    lights.close()
    assert levels(factory, (17, 27, 22)) == [0.0, 0.0, 0.0]


def test_a_common_anode_is_lit_by_pulling_down():
    factory = MockFactory(pin_class=MockPWMPin)
    lights = RgbLed(LightsSpec("rgb_led", pins=(17, 27, 22), common_anode=True, brightness=0.5), factory)
    lights.show(Pixels((RED,)))
    assert levels(factory, (17, 27, 22)) == [0.5, 1.0, 1.0]


def test_colours_that_are_no_colours_do_not_reach_gpiozero():
    factory = MockFactory(pin_class=MockPWMPin)
    lights = RgbLed(LightsSpec("rgb_led", pins=(17, 27, 22)), factory)
    lights.show(Pixels(((float("nan"), 7.0, -3.0),)))
    assert levels(factory, (17, 27, 22)) == [0.0, 1.0, 0.0]


def decode_ws2812(frame):
    """Read the wire as a pixel does: a long high is a 1, a short one a 0; order green, red, blue."""
    bits = "".join(f"{byte:08b}" for byte in frame).strip("0")
    bits += "0" * (-len(bits) % 3)
    triples = [bits[i : i + 3] for i in range(0, len(bits), 3)]
    assert set(triples) <= {"100", "110"}
    ones = "".join("1" if triple == "110" else "0" for triple in triples)
    values = [int(ones[i : i + 8], 2) for i in range(0, len(ones), 8)]
    return [(values[i + 1], values[i], values[i + 2]) for i in range(0, len(values), 3)]


@given(COLOURS)
def test_ws2812_pixels_read_back_the_colours(colours):
    expected = [tuple(round(channel * 255) for channel in colour) for colour in colours]
    assert decode_ws2812(ws2812_frame(colours)) == expected


@given(COLOURS)
def test_apa102_pixels_read_back_the_colours(colours):
    frame = apa102_frame(colours)
    assert frame[:4] == bytes(4)
    for index, colour in enumerate(colours):
        start, blue, green, red = frame[4 + 4 * index : 8 + 4 * index]
        assert start == 0xFF
        assert (red, green, blue) == tuple(round(channel * 255) for channel in colour)
    assert 8 * len(frame[4 + 4 * len(colours) :]) >= len(colours) / 2


def test_a_chain_is_dimmed_filled_up_and_sent_only_when_it_changes():
    wire = Wire()
    chain = open_lights(load_board("eight_joint_face"), open_spi=lambda rate_hz: wire)
    chain.show(Pixels((WHITE,)))
    chain.show(Pixels((WHITE, WHITE)))
    assert len(wire.sent) == 1
    level = round(0.35 * 255)
    assert decode_ws2812(wire.sent[0]) == [(level, level, level)] * 12
    chain.close()
    chain.close()
    assert decode_ws2812(wire.sent[1]) == [(0, 0, 0)] * 12
    assert wire.closed


def test_a_chain_whose_bus_goes_is_lost_and_can_still_be_closed():
    wire = Wire()
    chain = PixelChain(LightsSpec("apa102", count=3), wire)
    wire.alive = False
    with pytest.raises(DeviceLost, match="Input/output error"):
        chain.show(Pixels((RED,)))
    chain.close()
    assert wire.closed


def test_a_board_without_lights_gets_one_that_nobody_sees():
    lights = open_lights(Board(name="bare"))
    lights.show(Pixels((RED,)))
    assert lights.count == 1


def test_a_missing_bus_says_how_to_switch_it_on(tmp_path):
    with pytest.raises(DeviceError, match="raspi-config"):
        SpiWriter(1_000_000, str(tmp_path / "spidev9.9"))
