"""A camera or microphone that others own and the robot borrows: closing it gives it back, and it can be had again."""

from collections.abc import Callable
from typing import Generic, TypeVar

from hardware.ports import Camera, Frame, Microphone, Sound

Device = TypeVar("Device", bound=Camera | Microphone)


class _Lent(Generic[Device]):
    """`lend` is called when it is borrowed, `give_back` when it is closed; the device itself stays as it is."""

    def __init__(self, device: Device, lend: Callable[[], None], give_back: Callable[[], None]) -> None:
        self.device = device
        self._give_back = give_back
        lend()

    @property
    def dropped(self) -> int:
        """What the device dropped."""
        return self.device.dropped

    @property
    def finished(self) -> bool:
        """True when the device will never deliver again."""
        return self.device.finished

    def close(self) -> None:
        """Give it back."""
        self._give_back()


class LentCamera(_Lent[Camera]):
    """A borrowed `Camera`."""

    def read(self, timeout_s: float) -> Frame | None:
        """See `hardware.ports.Camera.read`."""
        return self.device.read(timeout_s)


class LentMicrophone(_Lent[Microphone]):
    """A borrowed `Microphone`."""

    def read(self, timeout_s: float) -> Sound | None:
        """See `hardware.ports.Microphone.read`."""
        return self.device.read(timeout_s)
