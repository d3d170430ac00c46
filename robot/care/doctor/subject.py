"""What the doctor examines: the robot's configuration, how to open its devices, and the computer it runs on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from hardware.boards.board import Board
from hardware.boards.header import PiModel, pi_called
from hardware.clock import Clock
from hardware.ports import Camera, Lights, Microphone, Servos, Speaker
from robot.config import Config


class Closable(Protocol):
    """Anything that can be let go."""

    def close(self) -> None:
        """Let the device go."""
        ...


Device = TypeVar("Device", bound=Closable)


@dataclass(frozen=True, slots=True)
class Subject:
    """One robot. A device that is None was not asked for.

    `board` is None for a body that is drawn. `camera_is_live` false: pictures come from a file, and may stand still.
    With `still` nothing is moved, lit or sounded. `root` is where /sys, /proc, /dev and /boot lie, `state` the folder
    that the robot keeps things in.
    """

    config: Config
    clock: Clock
    camera: Callable[[], Camera] | None
    microphone: Callable[[], Microphone] | None
    servos: Callable[[], Servos]
    lights: Callable[[], Lights]
    speaker: Callable[[], Speaker]
    board: Board | None
    state: Path
    camera_is_live: bool = True
    still: bool = False
    root: Path = Path("/")

    @property
    def computer(self) -> str:
        """What this computer calls itself, such as `Raspberry Pi 5 Model B Rev 1.0`; empty where it does not say."""
        return read_text(self.root / "proc/device-tree/model").rstrip("\0\n ")

    @property
    def pi(self) -> PiModel | None:
        """Which Raspberry Pi this is; None for another computer."""
        return pi_called(self.computer)


@contextmanager
def opened(build: Callable[[], Device]) -> Iterator[Device]:
    """The device, let go at the end whatever happens.

    Raises:
        DeviceError: it cannot be opened; also from within the block, when it is lost.
    """
    device = build()
    try:
        yield device
    finally:
        # What was lost while it was examined often cannot even be closed; the finding says so already.
        with suppress(OSError):
            device.close()


def read_text(path: Path) -> str:
    """The text of a small file of the system; empty when there is none or it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
