"""A pin that is switched: a relay, or a lamp that may blink; and a button that is pressed. gpiozero."""

from collections.abc import Callable
from typing import Any

from hardware.pi.servos import build_gpio, gpio_class
from hardware.ports import ContactState

BLINK_S = 0.5
"""Half a second on, half a second off: once a second, far from what can trigger a seizure (3 Hz)."""

BOUNCE_S = 0.05
"""Contacts bounce for 10 to 20 ms."""


class PinContact:
    """One output pin, open (low) at first.

    Raises:
        DeviceError: gpiozero is missing, this computer has no GPIO, or the pin is in use.
    """

    def __init__(self, pin: int, pin_factory: Any = None) -> None:
        self._led = build_gpio(gpio_class("LED"), f"GPIO{pin}", pin=pin, pin_factory=pin_factory)

    def switch(self, state: ContactState) -> None:
        """Open the contact, close it, or let it blink."""
        if state == "blinking":
            self._led.blink(on_time=BLINK_S, off_time=BLINK_S)
        elif state == "closed":
            self._led.on()
        else:
            self._led.off()

    def close(self) -> None:
        """Open, and the pin is free. May be called twice."""
        self._led.close()


class PinButton:
    """One button between a pin and ground; `pressed` is called in a thread of gpiozero's at each press.

    Raises:
        DeviceError: as for `PinContact`.
    """

    def __init__(self, pin: int, pressed: Callable[[], None], pin_factory: Any = None) -> None:
        self._button = build_gpio(
            gpio_class("Button"),
            f"GPIO{pin}",
            pin=pin,
            pull_up=True,
            # The mock pins of a test do not bounce and know no time.
            bounce_time=BOUNCE_S if pin_factory is None else None,
            pin_factory=pin_factory,
        )
        self._button.when_pressed = pressed

    def close(self) -> None:
        """The pin is free. May be called twice."""
        self._button.close()
