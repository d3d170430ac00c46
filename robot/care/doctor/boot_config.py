"""What /boot/firmware/config.txt gives away: which header pins the Pi's own drivers take.

Pins of overlays: the kernel's `arch/arm/boot/dts/overlays/README`, their defaults unless a parameter says otherwise.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from robot.care.doctor.subject import read_text

PLACES = ("boot/firmware/config.txt", "boot/config.txt")

OVERLAY_PINS: dict[str, tuple[int, ...]] = {
    "audremap": (12, 13),
    "dht11": (4,),
    "gpio-fan": (12,),
    "gpio-ir": (18,),
    "gpio-poweroff": (26,),
    "gpio-shutdown": (3,),
    "googlevoicehat-soundcard": (16, 18, 19, 20, 21),
    "hifiberry-dac": (18, 19, 20, 21),
    "i2s-mmap": (18, 19, 20, 21),
    "max98357a": (4, 18, 19, 20, 21),
    "midi-uart0": (14, 15),
    "pwm": (18,),
    "pwm-2chan": (18, 19),
    "spi1-1cs": (18, 19, 20, 21),
    "w1-gpio": (4,),
}

PIN_PARAMETER = re.compile(r"\b(?:gpio_pin|gpiopin|gpio|pin|pin2|sd_pin|pin_func)=(\d+)")
PINS_12_13 = "pins_12_13"


def boot_lines(root: Path) -> list[str]:
    """The lines of config.txt that say something, without comments; empty on another computer."""
    for place in PLACES:
        text = read_text(root / place)
        if text:
            return [line for line in (raw.partition("#")[0].strip() for raw in text.splitlines()) if line]
    return []


def taken_pins(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Header pins (BCM numbers) that drivers of the boot configuration take, each with the line that does it."""
    for line in lines:
        if line.startswith("dtoverlay="):
            name, _, parameters = line.removeprefix("dtoverlay=").partition(",")
            named = [int(number) for number in PIN_PARAMETER.findall(parameters)]
            pins = tuple(named) or OVERLAY_PINS.get(name.strip(), ())
            yield from ((pin, line) for pin in pins)
        elif line == "enable_uart=1":
            yield from ((pin, line) for pin in (14, 15))
        elif line == "dtparam=spi=on":
            yield from ((pin, line) for pin in (7, 8, 9, 10, 11))
        elif line in {"dtparam=i2c_arm=on", "dtparam=i2c=on", "dtparam=i2c1=on"}:
            yield from ((pin, line) for pin in (2, 3))
        elif line == "dtparam=i2s=on":
            yield from ((pin, line) for pin in (18, 19, 20, 21))


def has_line(lines: list[str], *starts: str) -> bool:
    """True if a line begins with one of these."""
    return any(line.startswith(starts) for line in lines)
