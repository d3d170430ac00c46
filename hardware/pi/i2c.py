"""An I2C bus through the kernel's character device, without a library."""

import fcntl
import os
from typing import Protocol

from hardware.errors import DeviceError

I2C_SLAVE = 0x0703
"""The ioctl that picks the address to talk to (linux/i2c-dev.h)."""


class Bus(Protocol):
    """What a chip driver needs of a bus. `OSError` when the chip does not answer."""

    def write(self, address: int, data: bytes) -> None:
        """Send bytes to a chip."""
        ...

    def read(self, address: int, register: int) -> int:
        """One byte from a chip's register."""
        ...

    def close(self) -> None:
        """Let the bus go. May be called twice."""
        ...


class I2cBus:
    """Bus number `number`, `/dev/i2c-<number>`.

    Raises:
        DeviceError: there is no such bus.
    """

    def __init__(self, number: int) -> None:
        path = f"/dev/i2c-{number}"
        try:
            self._file: int | None = os.open(path, os.O_RDWR)
        except OSError as error:
            raise DeviceError(
                f"{path}: cannot be opened ({error.strerror}); switch I2C on with `sudo raspi-config nonint do_i2c 0`"
            ) from None

    def write(self, address: int, data: bytes) -> None:
        """Send bytes to the chip at `address`; `OSError` when it does not answer."""
        os.write(self._select(address), data)

    def read(self, address: int, register: int) -> int:
        """The byte in `register` of the chip at `address`; `OSError` when it does not answer."""
        file = self._select(address)
        os.write(file, bytes([register]))
        return os.read(file, 1)[0]

    def close(self) -> None:
        """Let the bus go. May be called twice."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _select(self, address: int) -> int:
        if self._file is None:
            raise OSError("the I2C bus is closed")
        fcntl.ioctl(self._file, I2C_SLAVE, address)
        return self._file
