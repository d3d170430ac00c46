"""`rapport service safe-face`: the robot failed too often and rests, its face neutral, its light a slow amber."""

import argparse
import os
import sys
from collections.abc import Callable

from hardware.boards.reading import load_board
from hardware.clock import Clock, MonotonicClock, boot_s
from hardware.ports import JointAngles, Lights, Servos
from robot import __version__
from robot.body.lights.mixer import UNKNOWN, LightMixer
from robot.care.keeper import Keeper
from robot.care.kept import KeptLights, KeptServos
from robot.care.logbook import JournalLines, Logbook
from robot.care.notify import ServiceManager
from robot.care.places import runtime_folder
from robot.care.status import Status, forget_status, memory_mb, write_status
from robot.cli.service_run import state_folder
from robot.cli.signals import stopped_by_signal
from robot.config import BodySettings
from robot.errors import RapportError
from robot.last_good import load_or_last_good

REST_S = 600.0
"""Then systemd tries the robot again (OnSuccess= of rapport-safe.service)."""

TO_NEUTRAL_S = 3.0
TICK_S = 0.05


def show_safe_face(options: argparse.Namespace) -> int:
    """Show it for ten minutes, or until systemd says stop."""
    clock = MonotonicClock()
    manager = ServiceManager.of_environment(os.environ, os.getpid())
    log = Logbook(JournalLines(sys.stderr).write, clock)
    try:
        body = load_or_last_good(options.config, state_folder())[0].body
        why = ""
    except RapportError as error:
        # Without settings nothing is known of the body: nothing is moved, but the status still says why.
        body, why = BodySettings(kind="virtual"), str(error)
    servos, lights = _actuators(body, clock)
    log.note("error", f"the robot failed too often and rests for {REST_S / 60:.0f} minutes; `rapport service logs`")
    write_status(runtime_folder(), _status(clock, why))
    manager.ready("the safe face: the robot failed too often and rests")
    try:
        with stopped_by_signal() as stop:
            rest(servos, lights, clock, stop.wait)
    finally:
        manager.stopping()
        servos.close()
        lights.close()
        forget_status(runtime_folder())
    return 0


def rest(servos: Servos, lights: Lights, clock: Clock, wait: Callable[[float], bool]) -> None:
    """Move to neutral, let go, and let the light swell until `REST_S` are over, or `wait` says that it must end."""
    mixer = LightMixer()
    released = False
    while clock.now_s() < REST_S:
        now_s = clock.now_s()
        if now_s < TO_NEUTRAL_S:
            servos.move(now_s, JointAngles())
        elif not released:
            servos.release()
            released = True
        lights.show(mixer.pixels(now_s, UNKNOWN, 1.0, lights.count, camera_on=False))
        if wait(TICK_S):
            return


def _actuators(body: BodySettings, clock: Clock) -> tuple[Servos, Lights]:
    """The body's servos and lights, whatever state they are in; none for a virtual body."""
    servos: Keeper[Servos] = Keeper("servos", None, clock)
    lights: Keeper[Lights] = Keeper("lights", None, clock)
    if body.kind == "pi":
        # As in `robot.cli.outfit`: the Pi's modules are imported only where its body is built.
        from hardware.pi.lights import open_lights  # noqa: PLC0415
        from hardware.pi.servos import open_servos  # noqa: PLC0415

        try:
            board = load_board(body.board)
        except RapportError:
            return KeptServos(servos), KeptLights(lights)
        servos = Keeper("servos", lambda: open_servos(board, clock), clock, forgiving=True)
        lights = Keeper("lights", lambda: open_lights(board), clock, forgiving=True)
    return KeptServos(servos), KeptLights(lights)


def _status(clock: Clock, why: str) -> Status:
    return Status(
        version=__version__,
        pid=os.getpid(),
        kind="safe face",
        monotonic_s=boot_s(),
        up_s=round(clock.now_s(), 1),
        parts={},
        faults={},
        watched=[],
        body_idle_s=0.0,
        models={},
        camera="none",
        microphone="none",
        body="resting",
        memory_mb=round(memory_mb(), 1),
        log_lines_left_out=0,
        warnings=[" ".join(why.split())] if why else [],
    )
