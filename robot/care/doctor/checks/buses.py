"""Do the pins and buses of the board fit this Pi: clashes, buses that are off, rights, and the traps of each model."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from hardware.boards.board import Board
from hardware.boards.header import PI_4, PI_5, PiModel, unfit
from hardware.boards.reading import pins_of
from robot.care.doctor.boot_config import boot_lines, has_line, taken_pins
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject

NAME = "buses"
JOIN = "sudo usermod -aG gpio,i2c,spi,video,audio $USER, then log in again"
OLD_FACTORIES = frozenset({"pigpio", "rpigpio", "native"})
PULSES_OF_JACK = ("dtoverlay=audremap", "dtoverlay=pwm")


def examine(subject: Subject) -> Iterator[Finding]:
    """Compare the board file with this Pi and with its boot configuration."""
    board = subject.board
    if board is None:
        yield Finding(NAME, "note", "a drawn body hangs on no pin")
        return
    if subject.pi is None:
        yield Finding(NAME, "warning", "this is no Raspberry Pi 4, 5 or Zero 2 W; its pins are not known")
        return
    found = list(faults(board, subject.pi, boot_lines(subject.root), subject.root, os.environ))
    yield from (Finding(NAME, severity, what, fix) for severity, what, fix in found)  # type: ignore[arg-type]
    if not found:
        yield Finding(NAME, "ok", f"every pin and bus of {board.name} is free and switched on")


def faults(
    board: Board, pi: PiModel, boot: list[str], root: Path, environment: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Severity, fault and fix of everything that keeps this board from working on this Pi."""
    for reason in unfit(board, pi):
        what, _, fix = reason.partition("; ")
        yield "fault", what, fix
    yield from _clashes(board, boot)
    if board.pca9685 is not None:
        yield from _node(root, f"dev/i2c-{board.pca9685.bus}", "I2C", "sudo raspi-config nonint do_i2c 0, then restart")
    if board.lights is not None and board.lights.kind != "rgb_led":
        yield from _node(root, "dev/spidev0.0", "SPI", "sudo raspi-config nonint do_spi 0, then restart")
    yield from _traps(board, pi, boot, environment)


def _clashes(board: Board, boot: list[str]) -> Iterator[tuple[str, str, str]]:
    taken: dict[int, str] = dict(taken_pins(boot))
    for key, gpio in pins_of(board):
        if gpio in taken:
            fix = f"take that line out of config.txt, or give {key} another pin"
            yield "fault", f"{key}: GPIO{gpio} is also taken by {taken[gpio]!r} in the boot configuration", fix


def _node(root: Path, node: str, bus: str, fix: str) -> Iterator[tuple[str, str, str]]:
    path = root / node
    if not path.exists():
        yield "fault", f"{bus} is switched off: there is no /{node}", fix
    elif not os.access(path, os.R_OK | os.W_OK):
        yield "fault", f"this user may not use /{node}", JOIN


def _traps(
    board: Board, pi: PiModel, boot: list[str], environment: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    factory = environment.get("GPIOZERO_PIN_FACTORY", "")
    if pi is PI_5 and factory in OLD_FACTORIES:
        yield "fault", f"GPIOZERO_PIN_FACTORY={factory} does not work on a Pi 5", "unset it; lgpio is the one that does"
    pixels = board.lights is not None and board.lights.kind == "ws2812"
    if pixels and pi is not PI_5 and not has_line(boot, "core_freq_min=500", "core_freq=", "force_turbo=1"):
        yield (
            "warning",
            f"the SPI clock of a {pi.name} follows its core: WS2812 pixels will flicker",
            "write core_freq_min=500 into /boot/firmware/config.txt (a Zero 2 W: core_freq=250), then restart",
        )
    if pi is PI_4 and has_line(boot, *PULSES_OF_JACK) and has_line(boot, "dtparam=audio=on"):
        yield (
            "warning",
            "the audio jack and the PWM overlay share the one pulse-width unit of a Pi 4: one of them will fail",
            "write dtparam=audio=off and use USB sound, or take the PWM overlay out",
        )
