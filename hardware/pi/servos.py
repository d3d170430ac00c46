"""The servos of a board, each through the limiter: on GPIO pins (gpiozero) or on a PCA9685's channels.

gpiozero is imported only when servos on pins are built. Its pulses come from software: they jitter by some ten
microseconds, which a servo shows as a tremble of a degree; faces that must be calm use the PCA9685.
"""

import math
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from hardware.boards.board import Board, JointSpec
from hardware.clock import Clock
from hardware.errors import DeviceError, DeviceLost
from hardware.limits import Limiter
from hardware.pi.i2c import Bus, I2cBus
from hardware.pi.pca9685 import Pca9685
from hardware.ports import JointAngles

LEAST_BETWEEN_S = 0.008
"""A servo takes a pulse every 20 ms; commands that come faster than this are a storm, and only load the bus."""


class ServoOutput(Protocol):
    """What one servo hangs on. All may raise `OSError` when it has gone."""

    def turn(self, joint_deg: float) -> None:
        """Send pulses for this angle of the joint, which is inside its limits."""
        ...

    def detach(self) -> None:
        """No pulses: no torque, no hum."""
        ...

    def close(self) -> None:
        """Let the pin or channel go."""
        ...


class JointServos:
    """The servos of one board as one set of joints."""

    def __init__(self, joints: Mapping[str, JointSpec], outputs: Mapping[str, ServoOutput]) -> None:
        self._limiter = Limiter({name: joint.limit for name, joint in joints.items()})
        self._outputs = dict(outputs)
        self._sent: dict[str, float] = {}
        self._commanded: JointAngles | None = None
        self._moved_s = -math.inf

    def move(self, t_s: float, angles: JointAngles) -> JointAngles:
        """Go to `angles` at `t_s`, as far as the limits allow; returns what was commanded.

        Whoever asks again within `LEAST_BETWEEN_S` gets the same answer, and the bus is left alone.

        Raises:
            DeviceLost: a pin or the servo chip does not answer.
        """
        if self._commanded is not None and 0.0 <= t_s - self._moved_s < LEAST_BETWEEN_S:
            return self._commanded
        commanded = self._limiter.move(t_s, angles)
        self._moved_s = t_s if math.isfinite(t_s) else self._moved_s
        for name, output in self._outputs.items():
            joint_deg = getattr(commanded, f"{name}_deg")
            # A pulse that is sent anew starts a new period: written only when it changes, it trembles less.
            if self._sent.get(name) != joint_deg:
                _answering(name, partial(output.turn, joint_deg))
                self._sent[name] = joint_deg
        self._commanded = commanded
        return commanded

    def release(self) -> None:
        """Stop all pulses: no torque, no hum. The next move starts slowly from where the joints were left.

        Raises:
            DeviceLost: a pin or the servo chip does not answer.
        """
        self._limiter.release()
        self._sent.clear()
        self._commanded = None
        for name, output in self._outputs.items():
            _answering(name, output.detach)

    def close(self) -> None:
        """Stop all pulses and let pins and bus go, also of a chip that does not answer. May be called twice."""
        self._limiter.release()
        self._sent.clear()
        self._commanded = None
        while self._outputs:
            self._outputs.popitem()[1].close()


class GpioServo:
    """A servo on a GPIO pin, without pulses until it is first turned.

    Raises:
        DeviceError: gpiozero is missing, this computer has no GPIO, or the pin is in use.
    """

    def __init__(self, joint: JointSpec, pin_factory: Any = None) -> None:
        angular_servo = gpio_class("AngularServo")
        self._joint = joint
        self._servo = build_gpio(
            angular_servo,
            f"GPIO{joint.pin}",
            pin=joint.pin,
            initial_angle=None,
            min_angle=joint.servo_min_deg,
            max_angle=joint.servo_max_deg,
            min_pulse_width=joint.pulse_min_us / 1e6,
            max_pulse_width=joint.pulse_max_us / 1e6,
            pin_factory=pin_factory,
        )

    def turn(self, joint_deg: float) -> None:
        """Send pulses for this angle of the joint."""
        servo_deg = self._joint.servo_deg(joint_deg)
        # gpiozero computes max_angle anew and may come out a rounding below ours, and then refuses it.
        self._servo.angle = min(max(servo_deg, self._servo.min_angle), self._servo.max_angle)

    def detach(self) -> None:
        """No pulses."""
        self._servo.detach()

    def close(self) -> None:
        """No pulses, and the pin is free."""
        self._servo.close()


class ChannelServo:
    """A servo on a channel of a PCA9685."""

    def __init__(self, joint: JointSpec, channel: int, chip: Pca9685) -> None:
        self._joint = joint
        self._channel = channel
        self._chip = chip

    def turn(self, joint_deg: float) -> None:
        """Send pulses for this angle of the joint."""
        self._chip.pulse(self._channel, self._joint.pulse_us(joint_deg))

    def detach(self) -> None:
        """No pulses."""
        self._chip.off(self._channel)

    def close(self) -> None:
        """No pulses on any channel: the servos of a chip go together."""
        self._chip.close()


def open_servos(
    board: Board, clock: Clock, pin_factory: Any = None, open_bus: Callable[[int], Bus] = I2cBus
) -> JointServos:
    """The servos of a board. `pin_factory` is gpiozero's (None: the one it finds), `open_bus` opens an I2C bus.

    Raises:
        DeviceError: a library, pin, bus or chip is missing.
    """
    outputs: dict[str, ServoOutput] = {}
    chip: Pca9685 | None = None
    try:
        for name, joint in board.joints.items():
            if joint.channel is None:
                outputs[name] = GpioServo(joint, pin_factory)
                continue
            chip = chip or _open_chip(board, clock, open_bus)
            outputs[name] = ChannelServo(joint, joint.channel, chip)
    except DeviceError:
        for output in outputs.values():
            output.close()
        raise
    return JointServos(board.joints, outputs)


def _open_chip(board: Board, clock: Clock, open_bus: Callable[[int], Bus]) -> Pca9685:
    if board.pca9685 is None:
        raise DeviceError(f"board {board.name}: a joint has a channel but there is no [pca9685]; add it")
    bus = open_bus(board.pca9685.bus)
    try:
        return Pca9685(bus, board.pca9685.address, board.pca9685.frequency_hz, clock)
    except DeviceError:
        bus.close()
        raise


def gpio_class(name: str) -> Any:
    """A class of gpiozero.

    Raises:
        DeviceError: gpiozero is not installed.
    """
    try:
        import gpiozero  # noqa: PLC0415
    except ImportError as error:
        raise DeviceError(f"gpiozero cannot be loaded ({error}); run `pip install gpiozero lgpio`") from None
    return getattr(gpiozero, name)


def build_gpio(kind: Any, where: str, **arguments: Any) -> Any:
    """A gpiozero device; `where` names its pins in errors.

    Raises:
        DeviceError: this computer has no GPIO, or the pin is in use.
    """
    from gpiozero.exc import BadPinFactory, GPIOZeroError, PinFactoryFallback  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # Each pin library that is not there would take two lines; what matters is whether one is.
            warnings.simplefilter("ignore", PinFactoryFallback)
            return kind(**arguments)
    except BadPinFactory:
        raise DeviceError(
            f"{where}: this computer has no GPIO pins; run on a Raspberry Pi with lgpio, or use --body virtual"
        ) from None
    except (GPIOZeroError, OSError) as error:
        raise DeviceError(f"{where}: cannot be used ({error}); see that no other program holds it") from None


def _answering(name: str, act: Callable[[], None]) -> None:
    try:
        act()
    except OSError as error:
        raise DeviceLost(
            f"servo of {name} does not answer ({error.strerror or error}); check its wires and power"
        ) from None
