"""Accelerators: something faster than the processor that runs a model compiled for it, where there is one.

Never the only path: whatever goes wrong with one, the robot goes on with the model for the processor.
"""

from collections.abc import Callable

from hardware.clock import Clock
from hardware.coral import edge_tpu_plugged
from robot.config import InferenceSettings
from robot.inference.coprocess import Coprocess, child_command

EDGETPU_LIBRARY = "libedgetpu.so.1"
"""The Edge TPU runtime's library on Debian and Raspberry Pi OS."""


class EdgeTpu:
    """A Coral Edge TPU, reached through its runtime library."""

    def __init__(self, load_delegate: Callable[[str], object], library: str = EDGETPU_LIBRARY) -> None:
        self._load_delegate = load_delegate
        self._library = library
        self.missing = ""

    def delegate(self) -> object | None:
        """A new delegate, or None when the library (OSError) or the device (ValueError) is not there.

        `missing` then says why. AttributeError: the library is another one and lacks the entry points.
        """
        self.missing = ""
        try:
            return self._load_delegate(self._library)
        except (OSError, ValueError, AttributeError) as error:
            self.missing = f"{self._library}: {str(error).strip() or 'no Edge TPU answers'}"
            return None


def accelerator_for(
    settings: InferenceSettings,
    clock: Clock,
    library: str = EDGETPU_LIBRARY,
    plugged: Callable[[], bool] = edge_tpu_plugged,
) -> Coprocess | None:
    """The accelerator that the configuration asks for, whether or not it is plugged in; None for `cpu`.

    Nothing is started before a model was offered and the device is `plugged`.
    """
    if settings.accelerator == "cpu":
        return None
    command = child_command(settings.interpreter, library, settings.threads)
    return Coprocess("edgetpu", command, plugged, clock, wanted=settings.accelerator == "edgetpu")
