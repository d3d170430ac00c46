"""The PCA9685, a chip with sixteen pulse outputs on I2C. Register names and formulas: NXP data sheet, revision 4."""

from hardware.clock import Clock
from hardware.errors import DeviceError
from hardware.pi.i2c import Bus

MODE1, LED0_ON_L, ALL_LED_OFF_H, PRESCALE = 0x00, 0x06, 0xFD, 0xFE
AUTO_INCREMENT, SLEEP, FULL_OFF = 0x20, 0x10, 0x10
STEPS = 4096
OSCILLATOR_HZ = 25_000_000

WAKE_S = 0.0005
"""How long the oscillator takes to run after sleep (section 7.3.1.1)."""


def prescale(frequency_hz: float) -> int:
    """The value of the PRE_SCALE register for a pulse rate (section 7.3.5).

    Raises:
        ValueError: the chip cannot go that slow or fast (24 to 1526 Hz).
    """
    value = round(OSCILLATOR_HZ / (STEPS * frequency_hz)) - 1
    if not 3 <= value <= 255:
        raise ValueError(f"the PCA9685 makes 24 to 1526 pulses a second, not {frequency_hz:g}")
    return value


def ticks(pulse_us: float, frequency_hz: float) -> int:
    """Length of a pulse in the chip's 4096 steps of a period, with the rate that the prescaler really makes."""
    period_us = STEPS * (prescale(frequency_hz) + 1) / OSCILLATOR_HZ * 1e6
    return min(max(round(pulse_us / period_us * STEPS), 0), STEPS - 1)


class Pca9685:
    """The chip at `address`, made ready with every output off.

    Raises:
        DeviceError: nothing answers at that address.
    """

    def __init__(self, bus: Bus, address: int, frequency_hz: float, clock: Clock) -> None:
        self._bus = bus
        self._address = address
        self._frequency_hz = frequency_hz
        self._open = True
        try:
            self._set(ALL_LED_OFF_H, FULL_OFF)
            # The prescaler can only be set while the chip sleeps.
            self._set(MODE1, AUTO_INCREMENT | SLEEP)
            self._set(PRESCALE, prescale(frequency_hz))
            self._set(MODE1, AUTO_INCREMENT)
        except OSError as error:
            raise DeviceError(
                f"no PCA9685 answers at I2C address {address:#04x} ({error.strerror}); look with `i2cdetect -y 1`"
            ) from None
        clock.wait_s(WAKE_S)

    def pulse(self, channel: int, pulse_us: float) -> None:
        """Send pulses of that length on a channel (0..15); `OSError` when the chip does not answer."""
        end = ticks(pulse_us, self._frequency_hz)
        self._set(LED0_ON_L + 4 * channel, 0, 0, end & 0xFF, end >> 8)

    def off(self, channel: int) -> None:
        """No pulses on a channel: the servo lets go. `OSError` when the chip does not answer."""
        self._set(LED0_ON_L + 4 * channel, 0, 0, 0, FULL_OFF)

    def close(self) -> None:
        """All outputs off and the bus let go, as far as the chip still answers. May be called twice."""
        if not self._open:
            return
        self._open = False
        try:
            self._set(ALL_LED_OFF_H, FULL_OFF)
        except OSError:
            # The chip has gone, and its outputs with it.
            return
        finally:
            self._bus.close()

    def _set(self, register: int, *values: int) -> None:
        self._bus.write(self._address, bytes([register, *values]))
