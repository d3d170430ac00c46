"""Devices of the sample scene that break by plan."""

import threading
from collections.abc import Sequence
from typing import Generic, TypeVar

from hardware.clock import Clock
from hardware.ports import Camera, Frame, JointAngles, Microphone, Pixels, Sound
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.errors import DeviceLost
from tools.soak.faults import Fault

Source = TypeVar("Source", bound=Camera | Microphone)


class Trouble:
    """Says what is wrong with one part now."""

    def __init__(self, clock: Clock, faults: Sequence[Fault]) -> None:
        self._clock = clock
        self._faults = list(faults)
        self._next = 0

    def kind(self) -> str:
        """`lost`, `silent`, `hangs`, or nothing."""
        now_s = self._clock.now_s()
        while self._next < len(self._faults) and self._faults[self._next].to_s <= now_s:
            self._next += 1
        fault = self._faults[self._next] if self._next < len(self._faults) else None
        return fault.kind if fault is not None and fault.from_s <= now_s else ""

    def demand(self) -> None:
        """Raise if the part has gone.

        Raises:
            DeviceLost: it has.
        """
        if self.kind() == "lost":
            raise DeviceLost("unplugged, by plan")


class _Broken(Generic[Source]):
    def __init__(self, source: Source, trouble: Trouble) -> None:
        trouble.demand()
        self._source = source
        self._trouble = trouble
        self._hung_before = trouble.kind() == "hangs"
        self._let_go = threading.Event()

    @property
    def dropped(self) -> int:
        return self._source.dropped

    @property
    def finished(self) -> bool:
        return False

    def close(self) -> None:
        self._let_go.set()

    def _quiet(self) -> bool:
        """True if nothing is to be delivered now; hangs until it is closed, if that is the plan."""
        self._trouble.demand()
        kind = self._trouble.kind()
        if kind == "hangs" and not self._hung_before:
            # A driver that hangs does so for ever; one that is opened anew works.
            self._let_go.wait()
            return True
        if not kind:
            self._hung_before = False
        return kind == "silent"


class BrokenCamera(_Broken[Camera]):
    """A camera with trouble."""

    def read(self, timeout_s: float) -> Frame | None:
        """As the camera below, unless something is wrong."""
        return None if self._quiet() else self._source.read(timeout_s)


class BrokenMicrophone(_Broken[Microphone]):
    """A microphone with trouble. Of `one_in` blocks it delivers one: a stepped day of all of them takes hours."""

    def __init__(self, source: Microphone, trouble: Trouble, one_in: int = 1) -> None:
        super().__init__(source, trouble)
        self._one_in = one_in

    def read(self, timeout_s: float) -> Sound | None:
        """As the microphone below, unless something is wrong."""
        while (found := self._source.read(timeout_s)) is not None and found.seq % self._one_in:
            continue
        return None if self._quiet() else found


class BrokenServos(VirtualServos):
    """Servos whose bus goes."""

    def __init__(self, trouble: Trouble) -> None:
        trouble.demand()
        super().__init__()
        self._trouble = trouble

    def move(self, t_s: float, angles: JointAngles) -> JointAngles:
        """Move, if the bus is there."""
        self._trouble.demand()
        return super().move(t_s, angles)


class BrokenLights(VirtualLights):
    """Lights whose bus goes."""

    def __init__(self, trouble: Trouble) -> None:
        trouble.demand()
        super().__init__(5)
        self._trouble = trouble

    def show(self, pixels: Pixels) -> None:
        """Show, if the bus is there."""
        self._trouble.demand()
        super().show(pixels)


class BrokenSpeaker(RecordingSpeaker):
    """A speaker that goes."""

    def __init__(self, clock: Clock, trouble: Trouble) -> None:
        trouble.demand()
        super().__init__(clock, keep=1)
        self._trouble = trouble

    def play(self, sound: Sound) -> None:
        """Play, if it is there."""
        self._trouble.demand()
        super().play(sound)
