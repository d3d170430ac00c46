"""The lights of a board: one RGB LED on three pins (gpiozero), or a chain of pixels on SPI."""

from collections.abc import Callable
from typing import Any, Protocol

from hardware.boards.board import Board, LightsSpec
from hardware.errors import DeviceError, DeviceLost
from hardware.pi.pixels import APA102_HZ, WS2812_HZ, apa102_frame, ws2812_frame
from hardware.pi.servos import build_gpio, gpio_class
from hardware.pi.spi import SpiWriter
from hardware.ports import Lights, Pixels
from hardware.virtual.body import VirtualLights, fit_row

DARK = Pixels(((0.0, 0.0, 0.0),))


class Writer(Protocol):
    """Where the bytes of a chain go."""

    def write(self, data: bytes) -> None:
        """Send bytes; `OSError` when the bus has gone."""
        ...

    def close(self) -> None:
        """Let the bus go. May be called twice."""
        ...


class RgbLed:
    """One RGB LED on three GPIO pins, dimmed by pulse width at 100 Hz.

    Raises:
        DeviceError: gpiozero is missing, this computer has no GPIO, or a pin is in use.
    """

    def __init__(self, spec: LightsSpec, pin_factory: Any = None) -> None:
        red, green, blue = spec.pins or (None, None, None)
        self._spec = spec
        self._led = build_gpio(
            gpio_class("RGBLED"),
            f"GPIO{red}, GPIO{green}, GPIO{blue}",
            red=red,
            green=green,
            blue=blue,
            active_high=not spec.common_anode,
            pin_factory=pin_factory,
        )

    @property
    def count(self) -> int:
        """One."""
        return 1

    def show(self, pixels: Pixels) -> None:
        """Show the first colour."""
        self._led.value = self._spec.fed(*fit_row(pixels, 1).colours[0])

    def close(self) -> None:
        """Dark, and the pins are free. May be called twice."""
        if not self._led.closed:
            self._led.off()
            self._led.close()


class PixelChain:
    """A chain of WS2812 or APA102 pixels on SPI; `writer` is where the bytes go."""

    def __init__(self, spec: LightsSpec, writer: Writer) -> None:
        self._count = spec.count
        self._spec = spec
        self._encode = ws2812_frame if spec.kind == "ws2812" else apa102_frame
        self._writer = writer
        self._open = True
        self._sent = b""

    @property
    def count(self) -> int:
        """How many pixels the chain has."""
        return self._count

    def show(self, pixels: Pixels) -> None:
        """Show these colours; nothing is sent when they are what is shown already.

        Raises:
            DeviceLost: the bus has gone.
        """
        frame = self._encode([self._spec.fed(*colour) for colour in fit_row(pixels, self._count).colours])
        if frame == self._sent:
            return
        try:
            self._writer.write(frame)
        except OSError as error:
            raise DeviceLost(f"the lights on SPI do not answer ({error.strerror or error}); check the bus") from None
        self._sent = frame

    def close(self) -> None:
        """Dark, and the bus is free. May be called twice."""
        if not self._open:
            return
        self._open = False
        try:
            self.show(DARK)
        except DeviceLost:
            # Nothing is left to darken.
            return
        finally:
            self._writer.close()


def open_lights(board: Board, pin_factory: Any = None, open_spi: Callable[[int], Writer] = SpiWriter) -> Lights:
    """The lights of a board; a board without any gets one that nobody sees. `open_spi` opens SPI at a rate in Hz.

    Raises:
        DeviceError: a library, pin or bus is missing.
    """
    spec = board.lights
    if spec is None:
        return VirtualLights(1)
    if spec.kind != "rgb_led":
        return PixelChain(spec, open_spi(WS2812_HZ if spec.kind == "ws2812" else APA102_HZ))
    if spec.pins is None:
        raise DeviceError(f"board {board.name}: an RGB LED needs its three pins; write lights.pins")
    return RgbLed(spec, pin_factory)
