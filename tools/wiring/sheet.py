"""What hangs where: a board file as parts with wires to places on the Pi's header, and the supply they need."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from hardware.boards.board import Board, LightsSpec, MuteSpec, Pca9685Spec
from hardware.boards.header import PIN_OF_GPIO

STALLED_A = 0.7
"""One micro servo of the 9 g class at 5 V, held fast (makers' figures for SG90 and MG90S)."""

PIXEL_A = 0.06
"""One WS2812 or APA102 pixel, all white (data sheets: 20 mA a colour)."""

RESERVE = 1.3
BLACK, ORANGE = "#1c1917", "#ea580c"
COLOURS = ("#2563eb", "#16a34a", "#9333ea", "#0891b2", "#ca8a04", "#db2777")
LED_COLOURS = {"red": "#dc2626", "green": "#16a34a", "blue": "#2563eb"}
LED_OHM = {"red": 330, "green": 220, "blue": 220}
SPI_DATA, SPI_CLOCK, SDA, SCL = 10, 11, 2, 3
GROUND_OF_LED, GROUND_OF_CHIP, GROUND_OF_SUPPLY, GROUND_OF_MUTE, LOGIC_3V3 = 9, 6, 39, 30, 1


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire from a place on the header (1..40); `via` names what sits in it."""

    pin: int
    label: str
    colour: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to buy and wire. `supplied`: on the servo supply. `outlets` are what hangs on the part itself."""

    name: str
    note: str
    wires: tuple[Wire, ...]
    supplied: bool = False
    outlets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of a board's wiring. `supply_a` is what the separate 5 V supply must bear, 0 for none."""

    name: str
    summary: str
    parts: tuple[Part, ...]
    plugged: tuple[tuple[str, str], ...]
    supply_a: int


def sheet(board: Board) -> Sheet:
    """The wiring of a board."""
    parts = (*_servos_on_pins(board), *_chip(board), *_lights(board.lights), *_mute(board.mute))
    return Sheet(board.name, board.summary, parts, _plugged(board), supply_a(board))


def supply_a(board: Board) -> int:
    """Whole amperes that the separate 5 V supply must give: every servo stalled, the pixels white, and a reserve."""
    pixels = board.lights if board.lights is not None and board.lights.kind != "rgb_led" else None
    drawn = STALLED_A * len(board.joints) + (PIXEL_A * pixels.count * pixels.brightness if pixels else 0.0)
    return math.ceil(RESERVE * drawn)


def _servos_on_pins(board: Board) -> Iterator[Part]:
    on_pins = [(name, joint.pin) for name, joint in board.joints.items() if joint.pin is not None]
    for index, (name, gpio) in enumerate(on_pins):
        wire = Wire(PIN_OF_GPIO[gpio], f"GPIO{gpio}", COLOURS[index % len(COLOURS)])
        yield Part(f"servo {name}", "signal: orange or white", (wire,), supplied=True)


def _chip(board: Board) -> Iterator[Part]:
    spec: Pca9685Spec | None = board.pca9685
    if spec is None:
        return
    wires = (
        Wire(PIN_OF_GPIO[SDA], "SDA, GPIO2", COLOURS[0]),
        Wire(PIN_OF_GPIO[SCL], "SCL, GPIO3", COLOURS[1]),
        Wire(LOGIC_3V3, "VCC, 3.3 V", ORANGE),
        Wire(GROUND_OF_CHIP, "GND", BLACK),
    )
    outlets = tuple(
        (f"{joint.channel}", name + (" (mirrored)" if joint.reversed else ""))
        for name, joint in board.joints.items()
        if joint.channel is not None
    )
    yield Part("PCA9685", f"I2C address {spec.address:#04x}", wires, supplied=True, outlets=outlets)


def _lights(lights: LightsSpec | None) -> Iterator[Part]:
    if lights is None:
        return
    if lights.pins is None:
        data = Wire(PIN_OF_GPIO[SPI_DATA], "data in, GPIO10", COLOURS[2], "74AHCT125")
        clock = Wire(PIN_OF_GPIO[SPI_CLOCK], "clock in, GPIO11", COLOURS[3], "74AHCT125")
        bus = (data,) if lights.kind == "ws2812" else (data, clock)
        yield Part(f"{lights.count} pixels", lights.kind.upper(), bus, supplied=True)
        return
    wires = tuple(
        Wire(PIN_OF_GPIO[gpio], f"{colour}, GPIO{gpio}", LED_COLOURS[colour], f"{LED_OHM[colour]} ohm")
        for colour, gpio in zip(LED_COLOURS, lights.pins, strict=True)
    )
    common = Wire(17, "anode, 3.3 V", ORANGE) if lights.common_anode else Wire(GROUND_OF_LED, "cathode, GND", BLACK)
    yield Part("RGB LED", "longest leg is common", (*wires, common))


def _mute(mute: MuteSpec | None) -> Iterator[Part]:
    if mute is None:
        return
    wires = (Wire(PIN_OF_GPIO[mute.pin], f"GPIO{mute.pin}", COLOURS[4]), Wire(GROUND_OF_MUTE, "GND", BLACK))
    yield Part(
        f"mute {mute.kind}", f"mutes when {mute.muted_when}" if mute.kind == "switch" else "mutes at a press", wires
    )


def _plugged(board: Board) -> tuple[tuple[str, str], ...]:
    sound = "the header (I2S, GPIO18 to 21)" if board.sound.i2s else "USB"
    return (("camera", "the camera connector"), ("microphone and speaker", sound))
