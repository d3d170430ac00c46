"""The 40-pin header of a Raspberry Pi, what differs from one Pi to the next, and what a board may not ask of each.

Sources: "Raspberry Pi hardware" (documentation, GPIO and the 40-pin header), the data sheets of BCM2711 and RP1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hardware.boards.board import Board
from hardware.boards.reading import pins_of

GPIO_OF_PIN: dict[int, int] = {
    3: 2, 5: 3, 7: 4, 8: 14, 10: 15, 11: 17, 12: 18, 13: 27, 15: 22, 16: 23, 18: 24, 19: 10, 21: 9, 22: 25, 23: 11,
    24: 8, 26: 7, 27: 0, 28: 1, 29: 5, 31: 6, 32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
}  # fmt: skip
"""Place on the header (1..40) to BCM number; the other places are supply and ground."""

PIN_OF_GPIO: dict[int, int] = {gpio: pin for pin, gpio in GPIO_OF_PIN.items()}

SUPPLY_OF_PIN: dict[int, str] = {
    1: "3.3 V", 17: "3.3 V", 2: "5 V", 4: "5 V",
    **dict.fromkeys((6, 9, 14, 20, 25, 30, 34, 39), "ground"),
}  # fmt: skip
"""What the places without a GPIO carry."""

PULLED_UP = frozenset({2, 3})
"""1.8 kOhm on the Pi itself hold these at 3.3 V, for I2C: an LED there never goes dark, a servo's signal is bent."""

CONSOLE = frozenset({14, 15})
"""The serial console, where it is switched on, talks here from the first second of the boot."""


@dataclass(frozen=True, slots=True)
class PiModel:
    """One model of Raspberry Pi: `name`, and `mark`, the words in /proc/device-tree/model that tell it.

    `i2c_buses` are the buses that can reach the header; `jack` is an analogue output, which takes both channels of the
    pulse-width unit; `usb_limit_ma` is what all USB ports share with the ordinary supply.
    """

    name: str
    mark: str
    i2c_buses: frozenset[int]
    jack: bool
    usb_limit_ma: int
    gpio_chip: str


PI_4 = PiModel("Raspberry Pi 4", "Raspberry Pi 4", frozenset({1, 3, 4, 5, 6}), True, 1200, "pinctrl-bcm2711")
PI_5 = PiModel("Raspberry Pi 5", "Raspberry Pi 5", frozenset({1, 2, 3}), False, 600, "pinctrl-rp1")
ZERO_2_W = PiModel("Raspberry Pi Zero 2 W", "Zero 2 W", frozenset({1}), False, 500, "pinctrl-bcm2835")
PIS = (PI_4, PI_5, ZERO_2_W)
"""The models that boards are made for and checked against."""

JACK_NAMES = ("headphones", "bcm2835")
"""How ALSA names the jack's card."""


def pi_called(text: str) -> PiModel | None:
    """The Pi whose /proc/device-tree/model reads `text`; None for another computer."""
    return next((pi for pi in PIS if pi.mark in text), None)


def unfit(board: Board, pi: PiModel) -> tuple[str, ...]:
    """Every reason why a board that is right in itself cannot hang on this Pi, with the fix; empty when it can."""
    return tuple(_reasons(board, pi))


def _reasons(board: Board, pi: PiModel) -> Iterator[str]:
    for key, gpio in pins_of(board):
        if gpio not in PIN_OF_GPIO:
            yield f"{key}: the header of a {pi.name} has no GPIO{gpio}; use another pin"
        if gpio in PULLED_UP:
            yield f"{key}: GPIO{gpio} is held at 3.3 V by a resistor on the {pi.name}; use another pin"
        if gpio in CONSOLE:
            yield f"{key}: GPIO{gpio} carries the serial console of a {pi.name} while it starts; use another pin"
    if board.pca9685 is not None and board.pca9685.bus not in pi.i2c_buses:
        buses = ", ".join(str(bus) for bus in sorted(pi.i2c_buses))
        yield f"pca9685.bus: bus {board.pca9685.bus} is not on the header of a {pi.name}; use one of {buses}"
    wants_jack = any(name in board.sound.speaker.casefold() for name in JACK_NAMES)
    if wants_jack and not pi.jack:
        yield f"sound.speaker: a {pi.name} has no audio jack; use USB, or I2S with i2s = true"
