"""What a board file can say. Pins are BCM numbers (GPIO17 is 17), angles degrees, pulses microseconds."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hardware.limits import Duty, JointLimit

Degrees = Annotated[float, Meta(ge=-360.0, le=360.0)]
PulseUs = Annotated[int, Meta(ge=500, le=2500)]
Pin = Annotated[int, Meta(ge=2, le=27)]
"""The GPIO pins of the 40-pin header; 0 and 1 belong to the identification chip of add-on boards."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a board file; an unknown key in it is an error, not ignored."""


class DutySpec(_Table, frozen=True):
    """How much motion a joint bears before it rests; see `hardware.limits.Duty`."""

    sustained_deg_s: Annotated[float, Meta(gt=0, le=1000)] = 90.0
    burst_deg: Annotated[float, Meta(ge=1, le=100_000)] = 900.0


class JointSpec(_Table, frozen=True):
    """One joint: where its servo hangs (`pin` or `channel`), how it is built in, and what it may do.

    The joint's zero is the servo's `trim_deg`; `reversed` turns the sign. `pulse_min_us` belongs to
    `servo_min_deg`, `pulse_max_us` to `servo_max_deg`: what the servo was measured to do, not its data sheet.
    """

    min_deg: Degrees
    max_deg: Degrees
    max_speed_deg_s: Annotated[float, Meta(gt=0, le=1000)]
    pin: Pin | None = None
    channel: Annotated[int, Meta(ge=0, le=15)] | None = None
    neutral_deg: Degrees = 0.0
    trim_deg: Degrees = 0.0
    reversed: bool = False
    servo_min_deg: Degrees = -90.0
    servo_max_deg: Degrees = 90.0
    pulse_min_us: PulseUs = 1000
    pulse_max_us: PulseUs = 2000
    duty: DutySpec = DutySpec()

    @property
    def limit(self) -> JointLimit:
        """What the limiter needs to know."""
        duty = Duty(self.duty.sustained_deg_s, self.duty.burst_deg)
        return JointLimit(self.min_deg, self.max_deg, self.max_speed_deg_s, self.neutral_deg, duty)

    def servo_deg(self, joint_deg: float) -> float:
        """The servo's own angle for an angle of the joint."""
        return self.trim_deg + (-joint_deg if self.reversed else joint_deg)

    def pulse_us(self, joint_deg: float) -> float:
        """The pulse that brings the joint to an angle, in microseconds: linear between the two measured ends."""
        part = (self.servo_deg(joint_deg) - self.servo_min_deg) / (self.servo_max_deg - self.servo_min_deg)
        return self.pulse_min_us + part * (self.pulse_max_us - self.pulse_min_us)


class Pca9685Spec(_Table, frozen=True):
    """The PCA9685 that drives the joints with a `channel`: I2C bus and address, and the rate of its pulses."""

    bus: Annotated[int, Meta(ge=0, le=22)] = 1
    address: Annotated[int, Meta(ge=0x40, le=0x7F)] = 0x40
    frequency_hz: Annotated[float, Meta(ge=40, le=330)] = 50.0


class LightsSpec(_Table, frozen=True):
    """The lights: one RGB LED on three `pins` (red, green, blue), or a chain of `count` pixels on SPI.

    `order` says which channel is really fed when red, green and blue are asked for: pixels come in many orders.
    """

    kind: Literal["rgb_led", "ws2812", "apa102"]
    pins: tuple[Pin, Pin, Pin] | None = None
    common_anode: bool = False
    count: Annotated[int, Meta(ge=1, le=256)] = 1
    brightness: Annotated[float, Meta(ge=0.0, le=1.0)] = 1.0
    order: Literal["rgb", "rbg", "grb", "gbr", "brg", "bgr"] = "rgb"

    def fed(self, red: float, green: float, blue: float) -> tuple[float, float, float]:
        """What the three channels are given for a colour: dimmed, and in this chain's own order."""
        asked = {"r": red * self.brightness, "g": green * self.brightness, "b": blue * self.brightness}
        first, second, third = (asked[channel] for channel in self.order)
        return first, second, third


class SoundSpec(_Table, frozen=True):
    """Part of the names of microphone and speaker, empty for the defaults; `i2s` if they hang on the header."""

    microphone: str = ""
    speaker: str = ""
    i2s: bool = False


class MuteSpec(_Table, frozen=True):
    """What a person turns to mute the robot, between `pin` and ground.

    A `switch` stands at one of two places; a `button` turns over at each press. A switch that mutes when it is `open`
    also mutes when a wire comes off.
    """

    pin: Pin
    kind: Literal["switch", "button"] = "switch"
    muted_when: Literal["closed", "open"] = "closed"


class Board(_Table, frozen=True):
    """A whole board. Every part may be missing: a board without joints has lights and sound only."""

    name: str
    summary: str = ""
    joints: dict[str, JointSpec] = {}
    pca9685: Pca9685Spec | None = None
    lights: LightsSpec | None = None
    sound: SoundSpec = SoundSpec()
    mute: MuteSpec | None = None

    @property
    def limits(self) -> dict[str, JointLimit]:
        """The limits of all joints that there are."""
        return {name: joint.limit for name, joint in self.joints.items()}
