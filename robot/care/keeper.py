"""Keeps one device open: notices when it has gone, goes on without it, and opens it again by itself."""

import threading
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
    """Owns one device for one thread. `state` is `ok`, `lost`, `off` or `muted`; other threads may read it.

    Until it was tried for the first time it is `waking`, which is no health yet.

    A lost device is opened again after 0.5 s, then at doubling intervals up to 5 s: soon enough for a cable that was
    pulled by accident, rare enough to cost nothing when the part is broken. One that hung, and was abandoned by whoever
    watches it, stays `lost` after it was opened again until its user says that it has proved itself. `forgiving`: a
    device that cannot be opened from the start is lost, too, and no error.
    """

    def __init__(self, name: str, build: Callable[[], Device] | None, clock: Clock, *, forgiving: bool = False) -> None:
        self.name = name
        self._build = build
        self._clock = clock
        self._device: Device | None = None
        self._retry_s = FIRST_RETRY_S
        self._try_at_s = 0.0
        self._worked = forgiving
        self._doubted = False
        self._turn = 0
        self._letting_go = 0
        self._shut: str | None = None
        self.state = "off" if build is None else "waking"
        self.fault = ""
        self.losses = 0

    def device(self) -> Device | None:
        """The open device, opening it first when it is due; None while it is off, shut or lost.

        Raises:
            DeviceError: the device can never be opened as configured (a missing library, say). Only before it was open
                for the first time: from then on whatever keeps it from opening may pass.

        """
        if self._shut is not None and self._build is not None:
            self._close_for(self._shut)
            return None
        if self._device is None and self._build is not None and self._clock.now_s() >= self._try_at_s:
            self._open(self._build)
        return self._device

    @property
    def absent(self) -> bool:
        """True if there is no device to be opened, now or later."""
        return self._build is None

    @property
    def open(self) -> bool:
        """True while the device is open, be it lost to its user: a camera that hangs may still film."""
        return self._device is not None or self._letting_go > 0

    @property
    def current(self) -> Device | None:
        """The open device, without opening one."""
        return self._device

    def prove(self) -> None:
        """Say that the device has delivered."""
        if self._doubted and self._device is not None:
            self._doubted = False
            self.state, self.fault = "ok", ""

    def abandon(self, fault: str, retry_s: float = FIRST_RETRY_S) -> None:
        """Leave a device that hangs, from any thread, and try a new one in `retry_s` seconds.

        It is closed in a thread of its own, because that may hang too.
        """
        device, self._device = self._device, None
        self._turn += 1
        self._doubted = True
        if self._shut is None and self._build is not None:
            self.state, self.fault = "lost", fault
        self._try_at_s = self._clock.now_s() + retry_s
        if device is not None:
            self.losses += 1
            self._letting_go += 1
            threading.Thread(target=self._let_go, args=(device,), name=f"closing {self.name}", daemon=True).start()

    def shut(self, state: str | None) -> None:
        """Keep the device closed, for the reason that becomes its state: `off` or `muted`. None lets it open again.

        May be called from any thread; the thread that owns the device closes it at its next `device()`.
        """
        self._shut = state

    def lose(self, error: DeviceError, device: Device | None = None) -> None:
        """Say that the device has gone: it is closed and tried again later.

        `device` says which one: news of one that was abandoned meanwhile is no news.
        """
        if device is not None and device is not self._device:
            return
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

    def _close_for(self, state: str) -> None:
        device, self._device = self._device, None
        if device is not None:
            _close_quietly(device)
        # Not before it is really closed: the lamp that says "camera on" follows this.
        self.state = state
        self._try_at_s, self._retry_s = 0.0, FIRST_RETRY_S

    def _open(self, build: Callable[[], Device]) -> None:
        turn = self._turn
        try:
            device = build()
        except DeviceLost as error:
            self.lose(error)
            return
        except DeviceError as error:
            if not self._worked:
                raise
            self.lose(error)
            return
        if turn != self._turn:
            # Opening took so long that another thread has taken over.
            _close_quietly(device)
            return
        self._device = device
        self._worked = True
        if not self._doubted:
            self.state = "ok"
            self.fault = ""
        self._retry_s = FIRST_RETRY_S

    def _let_go(self, device: Device) -> None:
        _close_quietly(device)
        self._letting_go -= 1


def _close_quietly(device: Closable) -> None:
    try:
        device.close()
    except OSError:
        # A device that has gone often cannot even be closed; there is nothing left to do about it.
        return
