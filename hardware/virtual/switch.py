"""One camera or microphone that stands for several and can change between them while the robot runs."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from hardware.errors import DeviceError
from hardware.ports import Camera, Frame, Microphone, Sound

Device = TypeVar("Device", bound=Camera | Microphone)


class _Switch(Generic[Device]):
    def __init__(self, devices: Mapping[str, Device], first: str) -> None:
        self._devices = dict(devices)
        self._selected = first
        self.select(first)

    @property
    def selected(self) -> str:
        """The name of the device in use."""
        return self._selected

    def select(self, name: str) -> None:
        """Use another device from the next read on. Safe to call from any thread.

        Raises:
            DeviceError: there is no device of that name.
        """
        if name not in self._devices:
            raise DeviceError(f"no source called {name!r}; choose one of {', '.join(self._devices)}")
        self._selected = name

    @property
    def dropped(self) -> int:
        """What the device in use dropped."""
        return self._devices[self._selected].dropped

    @property
    def finished(self) -> bool:
        """True when the device in use will never deliver again."""
        return self._devices[self._selected].finished

    def close(self) -> None:
        """Let all devices go."""
        for device in self._devices.values():
            device.close()


class SwitchCamera(_Switch[Camera]):
    """A `Camera` that is one of several. Frames are numbered through, whichever camera they come from."""

    _seq = 0

    def read(self, timeout_s: float) -> Frame | None:
        """The next frame of the camera in use; see `hardware.ports.Camera.read`."""
        frame = self._devices[self._selected].read(timeout_s)
        if frame is None:
            return None
        seq, self._seq = self._seq, self._seq + 1
        return Frame(seq=seq, t_s=frame.t_s, pixels=frame.pixels, small=frame.small)


class SwitchMicrophone(_Switch[Microphone]):
    """A `Microphone` that is one of several. Blocks are numbered through."""

    _seq = 0

    def read(self, timeout_s: float) -> Sound | None:
        """The next block of the microphone in use; see `hardware.ports.Microphone.read`."""
        sound = self._devices[self._selected].read(timeout_s)
        if sound is None:
            return None
        seq, self._seq = self._seq, self._seq + 1
        return Sound(seq=seq, t_s=sound.t_s, samples=sound.samples)
