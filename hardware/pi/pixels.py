"""What travels down the wire to chains of addressable pixels."""

from collections.abc import Sequence

Colour = tuple[float, float, float]
"""Red, green, blue, linear, each 0..1."""

WS2812_HZ = 2_400_000
"""SPI rate for WS2812: three SPI bits make one bit of 1.25 us, as its data sheet asks."""

APA102_HZ = 4_000_000
"""SPI rate for APA102; the chip bears more, long chains do not."""

RESET_BYTES = 90
"""Silence that ends a WS2812 frame: 300 us, for the newer chips that want more than the old 50 us."""


def ws2812_frame(colours: Sequence[Colour]) -> bytes:
    """SPI bytes for a chain of WS2812 pixels (order green, red, blue): a 0 is sent as 100, a 1 as 110."""
    frame = bytearray(1)  # the line must be low before the first bit
    for red, green, blue in colours:
        for channel in (green, red, blue):
            frame += _TRIPLED[_byte(channel)]
    return bytes(frame) + bytes(RESET_BYTES)


def apa102_frame(colours: Sequence[Colour]) -> bytes:
    """SPI bytes for a chain of APA102 or SK9822 pixels: start of 32 zeros, then full brightness, blue, green, red."""
    frame = bytearray(4)
    for red, green, blue in colours:
        frame += bytes((0xFF, _byte(blue), _byte(green), _byte(red)))
    # One more clock edge for every two pixels, and 32 zeros that SK9822 wants to take the colours over.
    return bytes(frame) + bytes(4 + (len(colours) + 15) // 16)


def _byte(channel: float) -> int:
    return round(min(max(channel, 0.0), 1.0) * 255)


def _tripled(value: int) -> bytes:
    bits = 0
    for place in range(7, -1, -1):
        bits = bits << 3 | (0b110 if value >> place & 1 else 0b100)
    return bits.to_bytes(3, "big")


_TRIPLED = tuple(_tripled(value) for value in range(256))
