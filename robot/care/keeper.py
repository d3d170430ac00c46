"""Keeps one device open: notices when it has gone, goes on without it, and opens it again by itself."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from hardware.clock import Clock
from robot.errors import DeviceError, DeviceLost

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 5.0


class Closable(Protocol):
    """Anything that can be let go."""

    def close(self) -> None:
        """Let the device go."""
        ...


Device = TypeVar("Device", bound=Closable)


class Keeper(Generic[Device]):
    """Owns one device for one thread. `state` is `ok`, `lost` or `off`; other threads may read it.

    A lost device is opened again after 0.5 s, then at doubling intervals up to 5 s: soon enough for a cable that was
    pulled by accident, rare enough to cost nothing when the part is broken.
    """

    def __init__(self, name: str, build: Callable[[], Device] | None, clock: Clock) -> None:
        self.name = name
        self._build = build
        self._clock = clock
        self._device: Device | None = None
        self._retry_s = FIRST_RETRY_S
        self._try_at_s = 0.0
        self._worked = False
        self.state = "off" if build is None else "lost"
        self.fault = ""
        self.losses = 0

    def device(self) -> Device | None:
        """The open device, opening it first when it is due; None while it is off or lost.

        Raises:
            DeviceError: the device can never be opened as configured (a missing library, say). Only before it was open
                for the first time: from then on whatever keeps it from opening may pass.

        """
        if self._device is None and self._build is not None and self._clock.now_s() >= self._try_at_s:
            self._open(self._build)
        return self._device

    def lose(self, error: DeviceError) -> None:
        """Say that the device has gone: it is closed and tried again later."""
        if self._device is not None:
            self.losses += 1
            _close_quietly(self._device)
        self._device = None
        self.state = "lost"
        self.fault = str(error)
        self._try_at_s = self._clock.now_s() + self._retry_s
        self._retry_s = min(2 * self._retry_s, LONGEST_RETRY_S)

    def close(self) -> None:
        """Let the device go for good."""
        device, self._device, self._build = self._device, None, None
        self.state = "off"
        if device is not None:
            _close_quietly(device)

    def _open(self, build: Callable[[], Device]) -> None:
        try:
            self._device = build()
        except DeviceLost as error:
            self.lose(error)
            return
        except DeviceError as error:
            if not self._worked:
                raise
            self.lose(error)
            return
        self._worked = True
        self.state = "ok"
        self.fault = ""
        self._retry_s = FIRST_RETRY_S


def _close_quietly(device: Closable) -> None:
    try:
        device.close()
    except OSError:
        # A device that has gone often cannot even be closed; there is nothing left to do about it.
        return
