"""The mute switch of a board: a pin that a person closes or opens, or a button that they press. gpiozero, debounced."""

from typing import Any

from hardware.boards.board import MuteSpec
from hardware.pi.servos import build_gpio, gpio_class

BOUNCE_S = 0.03
"""Contacts of switches and buttons bounce for 10 to 20 ms."""


class PinMute:
    """Reads the pin of a `MuteSpec`. A switch means what it stands at; a button turns over at each press.

    Raises:
        DeviceError: gpiozero is missing, this computer has no GPIO, or the pin is in use.
    """

    def __init__(self, spec: MuteSpec, pin_factory: Any = None) -> None:
        self._spec = spec
        self._turned = False
        # The pin is pulled up: closed to ground it reads active.
        self._pin = build_gpio(
            gpio_class("Button"), f"GPIO{spec.pin}", pin=spec.pin, pull_up=True, bounce_time=BOUNCE_S,
            pin_factory=pin_factory,
        )  # fmt: skip
        if spec.kind == "button":
            self._pin.when_pressed = self._turn

    @property
    def muted(self) -> bool:
        """True while the person wants neither camera nor microphone."""
        if self._spec.kind == "button":
            return self._turned
        return bool(self._pin.is_active) == (self._spec.muted_when == "closed")

    def close(self) -> None:
        """Let the pin go. May be called twice."""
        self._pin.close()

    def _turn(self) -> None:
        self._turned = not self._turned
