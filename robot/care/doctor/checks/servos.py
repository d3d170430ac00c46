"""Does each servo move: every joint goes a little to both sides and back, timed, and the supply is watched."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hardware.clock import Clock
from hardware.limits import SAFE_PHASE_S
from hardware.pi.vitals import read_vitals
from hardware.ports import JOINTS, JointAngles, Servos
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject, opened
from robot.errors import DeviceError, DeviceLost

NAME = "servos"
SWING_DEG = 4.0
TICK_S = 0.02
SLOW_WRITE_S = 0.010
"""Half a tick of the body: a bus this slow makes the face stutter."""

SHORTER = "shorten the I2C wires; raise the bus to 400 kHz (dtparam=i2c_arm_baudrate=400000)"
SWING_S = 1.0
"""One swing: four times `SWING_DEG`, at most 25 degrees a second."""


@dataclass(frozen=True, slots=True)
class Swing:
    """How one joint's swing went: the time that a command takes (95 of 100 are faster), and how far it was sent."""

    command_s: float
    span_deg: float


def examine(subject: Subject) -> Iterator[Finding]:
    """Move each joint a little."""
    joints = tuple(subject.board.joints) if subject.board is not None else JOINTS
    if not joints:
        yield Finding(NAME, "note", "this board has no servos")
        return
    if subject.still:
        yield Finding(NAME, "note", "not tried: nothing may move (--still)")
        return
    try:
        with opened(subject.servos) as servos:
            yield from _all(subject, servos, joints)
            servos.release()
    except DeviceError as error:
        yield Finding(NAME, "fault", str(error), "check its plug, the servo supply and its switch; `i2cdetect -y 1`")


def _all(subject: Subject, servos: Servos, joints: tuple[str, ...]) -> Iterator[Finding]:
    swings: dict[str, Swing] = {}
    hold(servos, subject.clock, SAFE_PHASE_S)
    for joint in joints:
        weak_before = read_vitals(subject.root).under_voltage
        try:
            swings[joint] = swing(servos, joint, subject.clock)
        except DeviceLost as error:
            yield Finding(NAME, "fault", str(error), "check its plug and the servo supply, then run the doctor again")
            return
        if read_vitals(subject.root).under_voltage and not weak_before:
            yield Finding(
                NAME,
                "fault",
                f"the Pi's voltage dips when {joint} moves",
                "feed the servos from a supply of their own, with its ground joined to the Pi's (hardware/wiring)",
            )
        if swings[joint].span_deg < SWING_DEG / 2:
            yield Finding(
                NAME,
                "warning",
                f"{joint} was sent {swings[joint].span_deg:.1f} degrees only",
                "its limits in the board file leave it no room; see min_deg, max_deg and neutral_deg",
            )
    yield from _summary(swings, on_i2c=subject.board is not None and subject.board.pca9685 is not None)


def hold(servos: Servos, clock: Clock, duration_s: float) -> None:
    """Every joint to its neutral, for as long as nobody knows where they stand.

    Raises:
        DeviceLost: a servo or its bus went.
    """
    for _ in range(round(duration_s / TICK_S) + 1):
        servos.move(clock.now_s(), JointAngles())
        clock.wait_s(TICK_S)


def swing(servos: Servos, joint: str, clock: Clock) -> Swing:
    """Send one joint to both sides and back to its neutral, at 50 commands a second.

    Raises:
        DeviceLost: the servo or its bus went.
    """
    began_s, sent, took_s = clock.now_s(), [], []
    for tick in range(round(SWING_S / TICK_S) + 1):
        side = np.sin(2 * np.pi * tick * TICK_S / SWING_S)
        asked_s = clock.now_s()
        commanded = servos.move(asked_s, JointAngles(**{f"{joint}_deg": float(SWING_DEG * side)}))
        took_s.append(clock.now_s() - asked_s)
        sent.append(getattr(commanded, f"{joint}_deg"))
        clock.wait_s(began_s + (tick + 1) * TICK_S - clock.now_s())
    return Swing(float(np.percentile(took_s, 95)), max(sent) - min(sent))


def _summary(swings: dict[str, Swing], *, on_i2c: bool) -> Iterator[Finding]:
    slowest = max(swings, key=lambda joint: swings[joint].command_s)
    slowest_ms = 1000 * swings[slowest].command_s
    measured: dict[str, float | int | str | bool] = {
        f"{joint}_command_ms": round(1000 * each.command_s, 2) for joint, each in swings.items()
    }
    if slowest_ms > 1000 * SLOW_WRITE_S:
        yield Finding(
            NAME,
            "warning",
            f"a command to {slowest} takes {slowest_ms:.0f} ms",
            SHORTER if on_i2c else "close other programs; this computer is too busy to move a face smoothly",
            measured,
        )
        return
    words = f"{len(swings)} joints were sent {SWING_DEG:g} degrees to both sides; a command takes {slowest_ms:.1f} ms"
    yield Finding(
        NAME, "ok", words, "hobby servos do not tell where they are: look whether each of them moved", measured
    )
