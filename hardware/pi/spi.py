"""Sending bytes on SPI through the kernel's character device, without a library."""

import fcntl
import os
import struct

from hardware.errors import DeviceError

SPI_IOC_WR_MAX_SPEED_HZ = 0x40046B04
"""The ioctl that sets the clock (linux/spi/spidev.h)."""

PATH = "/dev/spidev0.0"


class SpiWriter:
    """The first SPI bus at `speed_hz`.

    Raises:
        DeviceError: there is no such bus.
    """

    def __init__(self, speed_hz: int, path: str = PATH) -> None:
        try:
            self._file: int | None = os.open(path, os.O_WRONLY)
            fcntl.ioctl(self._file, SPI_IOC_WR_MAX_SPEED_HZ, struct.pack("I", speed_hz))
        except OSError as error:
            raise DeviceError(
                f"{path}: cannot be used ({error.strerror}); switch SPI on with `sudo raspi-config nonint do_spi 0`"
            ) from None

    def write(self, data: bytes) -> None:
        """Send bytes (4096 at most, the kernel's buffer); `OSError` when the bus has gone."""
        if self._file is None:
            raise OSError("the SPI bus is closed")
        os.write(self._file, data)

    def close(self) -> None:
        """Let the bus go. May be called twice."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
