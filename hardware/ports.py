"""The ports that every part plugs into, and the values that cross them.

A port is a `Protocol`: a Pi part, a file, a browser and a recording implement the same one, and the robot cannot tell
which it has. Reading never raises for "nothing yet" (it returns None); a part that has gone raises `DeviceLost`, and
the caller may build it anew later.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
"""The one sample rate inside the robot; parts resample at their edge."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One camera picture.

    `pixels` is uint8 RGB of shape (height, width, 3), not to be written to. `t_s` is the time of capture on the
    robot's clock. `seq` counts delivered frames from 0. `small`, where the camera has a second low-resolution stream,
    is the same moment as uint8 RGB for detection.
    """

    seq: int
    t_s: float
    pixels: NDArray[np.uint8]
    small: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A stretch of mono sound: float32 in -1..1 of shape (n,), at `SAMPLE_RATE_HZ`.

    `t_s` is the time of the first sample, `seq` counts delivered blocks from 0.
    """

    seq: int
    t_s: float
    samples: NDArray[np.float32]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class JointAngles:
    """The face and neck as joint angles in degrees, zero being the calibrated neutral of each joint.

    Signs, seen from the robot's own point of view: `neck_pan_deg` and `eyes_pan_deg` positive to its left;
    `neck_tilt_deg` and `eyes_tilt_deg` positive up; `brow_*_deg` positive lifts the inner end (worry, surprise),
    negative lowers it (frown); `lid_*_deg` 0 normal, negative closing (-40 shut), positive wide; `mouth_*_deg` corner
    up positive (smile); `jaw_deg` 0 shut, positive open.
    """

    neck_pan_deg: float = 0.0
    neck_tilt_deg: float = 0.0
    brow_left_deg: float = 0.0
    brow_right_deg: float = 0.0
    lid_left_deg: float = 0.0
    lid_right_deg: float = 0.0
    eyes_pan_deg: float = 0.0
    eyes_tilt_deg: float = 0.0
    mouth_left_deg: float = 0.0
    mouth_right_deg: float = 0.0
    jaw_deg: float = 0.0


JOINTS: tuple[str, ...] = tuple(field.name.removesuffix("_deg") for field in fields(JointAngles))
"""Joint names as board files spell them: `neck_pan`, `brow_left`, ..."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """Colours of the lights: one (red, green, blue) for each light, linear, each 0..1."""

    colours: tuple[tuple[float, float, float], ...]


class Camera(Protocol):
    """Delivers frames. Keeps only the newest: a late reader sees the present, not the past."""

    @property
    def dropped(self) -> int:
        """Frames that were replaced before anyone read them."""
        ...

    @property
    def finished(self) -> bool:
        """True when no frame will ever come again (a file played to its end)."""
        ...

    def read(self, timeout_s: float) -> Frame | None:
        """The newest frame not yet read, or None.

        Waits for one up to `timeout_s` on the robot's clock; 0 does not wait.

        Raises:
            DeviceLost: the camera has gone.
        """
        ...

    def close(self) -> None:
        """Let the device go. May be called twice."""
        ...


class Microphone(Protocol):
    """Delivers sound in order, without gaps unless `dropped` counts them."""

    @property
    def dropped(self) -> int:
        """Blocks lost because nobody read them in time."""
        ...

    @property
    def finished(self) -> bool:
        """True when no sound will ever come again."""
        ...

    def read(self, timeout_s: float) -> Sound | None:
        """The next block, waiting up to `timeout_s` (0: do not wait) on the robot's clock; None if there is none.

        Raises:
            DeviceLost: the microphone has gone.
        """
        ...

    def close(self) -> None:
        """Let the device go. May be called twice."""
        ...


class Servos(Protocol):
    """Moves joints. The driver keeps every joint inside its limits and speed, whatever it is told."""

    def move(self, t_s: float, angles: JointAngles) -> JointAngles:
        """Go to `angles` at time `t_s`; returns what was really commanded after limits.

        Joints without a servo are echoed.

        Raises:
            DeviceLost: the servo bus has gone.
        """
        ...

    def release(self) -> None:
        """Stop holding: no torque, no hum."""
        ...

    def close(self) -> None:
        """Release and let the device go. May be called twice."""
        ...


class Lights(Protocol):
    """A row of RGB lights."""

    @property
    def count(self) -> int:
        """How many lights there are."""
        ...

    def show(self, pixels: Pixels) -> None:
        """Show these colours; a shorter row is repeated from its end, a longer one cut."""
        ...

    def close(self) -> None:
        """Dark, and let the device go. May be called twice."""
        ...


class Speaker(Protocol):
    """Plays sound without holding up the caller."""

    def play(self, sound: Sound) -> None:
        """Start playing after whatever still plays.

        Raises:
            DeviceLost: the speaker has gone.
        """
        ...

    def stop(self) -> None:
        """Be silent now and forget what was queued."""
        ...

    @property
    def playing(self) -> bool:
        """True while sound comes out."""
        ...

    def close(self) -> None:
        """Silence, and let the device go. May be called twice."""
        ...


RunBytes = Callable[[NDArray[np.generic]], bytes]
"""Runs a model on an accelerator: one input, of the model's own type and shape, to the bytes of its output."""


class MuteSwitch(Protocol):
    """What a person turns when the robot shall neither see nor hear. It wins over everything else."""

    @property
    def muted(self) -> bool:
        """True while it is turned. Cheap: asked in every tick."""
        ...

    def close(self) -> None:
        """Let the pin go. May be called twice."""
        ...


class Accelerator(Protocol):
    """Something that runs models faster than the processor, such as an Edge TPU. It may come and go at any time."""

    @property
    def name(self) -> str:
        """What it is, for status lines."""
        ...

    def offer(self, key: str, model: bytes, prove: Callable[[RunBytes], str]) -> None:
        """Run this model, compiled for the accelerator, from now on whenever it can.

        `prove` is called each time the model was loaded, from another thread; it says what is wrong with the answers.
        """
        ...

    def serves(self, key: str) -> bool:
        """True while the model of that key really runs on it."""
        ...

    def why_not(self, key: str) -> str:
        """Why the model of that key does not run on it, in plain words; empty while it does."""
        ...

    def run(self, key: str, values: NDArray[np.generic]) -> bytes | None:
        """The bytes of the model's output for `values`; None whenever it cannot: then the processor must."""
        ...

    def close(self) -> None:
        """Let the device go. May be called twice."""
        ...


ContactState = Literal["open", "closed", "blinking"]


class Contact(Protocol):
    """One pin that is switched: a relay or a lamp."""

    def switch(self, state: ContactState) -> None:
        """Open it, close it, or let it blink slowly."""
        ...

    def close(self) -> None:
        """Open, and the pin is free. May be called twice."""
        ...
