"""What `rapport calibrate` does: asks, moves, measures, and keeps what it found at once."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from hardware.boards.board import Board
from hardware.boards.calibration import Calibration, calibrated, read_calibration, write_calibration
from hardware.boards.reading import load_board
from hardware.clock import Clock, MonotonicClock
from hardware.ports import Camera, Microphone, Servos
from hardware.virtual.body import VirtualLights, VirtualServos
from hardware.virtual.sources import open_camera, open_microphone, parse_source
from robot.care.calibration.camera import Eye, calibrate_camera
from robot.care.calibration.dialogue import Dialogue, Stopped
from robot.care.calibration.lights import Lamp, calibrate_lights
from robot.care.calibration.microphone import EarBench, calibrate_microphone
from robot.care.calibration.servos import Bench, calibrate_servos
from robot.cli.calibration_file import calibration_path
from robot.cli.options import config_from, with_changes
from robot.cli.page import Page
from robot.cli.page_dialogue import PageDialogue
from robot.cli.terminal_dialogue import TerminalDialogue
from robot.config import Config
from robot.errors import ConfigError
from robot.senses.sight.detector import FaceDetector
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene

LAST_WORD_S = 1.0
"""How long the page stays after the last answer, so that it can show the last line."""


def calibrate(options: argparse.Namespace) -> int:
    """Calibrate `options.what`; exit code 0, also when it was stopped: what is finished is kept."""
    changes = {"kind": options.body, "board": options.board, "calibration": options.file and str(options.file)}
    config = with_changes(config_from(options), "body", {key: value for key, value in changes.items() if value})
    board, path = load_board(config.body.board), calibration_path(config)
    so_far = read_calibration(path, board)

    def keep(calibration: Calibration) -> None:
        calibrated(board, calibration, str(path))
        write_calibration(path, calibration)

    real = config.body.kind == "pi"
    where = f"{path}" + ("" if real else ": a rehearsal, no robot loads it")
    procedure = PROCEDURES[options.what]
    with _dialogue(options, config) as dialogue:
        try:
            procedure(dialogue, config, so_far, keep, options)
        except Stopped as stopped:
            dialogue.say(str(stopped))
        if isinstance(dialogue, PageDialogue):
            dialogue.finish(f"Done. You may close this page. Kept in {where}")
    print(f"\n{where}")
    return 0


@contextmanager
def _dialogue(options: argparse.Namespace, config: Config) -> Iterator[Dialogue]:
    """Somebody to talk to: in the terminal, or in a page whose address is printed."""
    if not options.page:
        yield TerminalDialogue(sys.stdin, sys.stdout)
        return
    server = config.server if options.port is None else msgspec.structs.replace(config.server, port=options.port)
    page = Page(server, MonotonicClock(), takes_source=False)
    print(f"Open this address in a browser (it works once):\n\n  {page.start()}\n\nCtrl-C ends it.", flush=True)
    try:
        yield PageDialogue(page.hub)
        MonotonicClock().wait_s(LAST_WORD_S)
    finally:
        page.stop()


Keep = Callable[[Calibration], None]
Procedure = Callable[[Dialogue, Config, Calibration, Keep, argparse.Namespace], None]


def _servos(dialogue: Dialogue, config: Config, so_far: Calibration, keep: Keep, asked: argparse.Namespace) -> None:
    board, clock = load_board(config.body.board), MonotonicClock()
    unknown = [joint for joint in asked.joint if joint not in board.joints]
    if unknown:
        raise ConfigError(f"board {board.name} has no joint {unknown[0]!r}; it has {', '.join(board.joints) or 'none'}")
    bench = Bench(board, _servos_of(config, clock, dialogue), clock, keep)
    calibrate_servos(dialogue, bench, so_far, tuple(asked.joint), again=asked.again)


def _servos_of(config: Config, clock: Clock, dialogue: Dialogue) -> Callable[[Board], Servos]:
    if config.body.kind != "pi":
        drawn = dialogue.show_pose if isinstance(dialogue, PageDialogue) else None
        return lambda board: VirtualServos(board.limits, on_move=drawn)
    from hardware.pi.servos import open_servos  # noqa: PLC0415  only where a real body is moved

    return lambda board: open_servos(board, clock)


def _camera(dialogue: Dialogue, config: Config, so_far: Calibration, keep: Keep, asked: argparse.Namespace) -> None:
    clock = MonotonicClock()
    source = asked.source or ("picamera2" if config.body.kind == "pi" else None)

    def open_eye() -> Camera:
        return SceneCamera(load_scene(), clock) if source is None else open_camera(parse_source(source), clock)

    faces = FaceDetector.open(config.inference, config.sight.min_face_score)
    keep(msgspec.structs.replace(so_far, camera=calibrate_camera(dialogue, Eye(open_eye, faces, clock))))


def _microphone(dialogue: Dialogue, config: Config, so_far: Calibration, keep: Keep, asked: argparse.Namespace) -> None:
    clock = MonotonicClock()
    own = f"pyaudio:{load_board(config.body.board).sound.microphone}".rstrip(":")
    source = asked.source or (own if config.body.kind == "pi" else None)

    def open_ear() -> Microphone:
        return SceneMicrophone(load_scene(), clock) if source is None else open_microphone(parse_source(source), clock)

    found = calibrate_microphone(dialogue, EarBench(open_ear, clock))
    keep(msgspec.structs.replace(so_far, microphone=found))


def _lights(dialogue: Dialogue, config: Config, so_far: Calibration, keep: Keep, _asked: argparse.Namespace) -> None:
    board = load_board(config.body.board)
    if board.lights is None:
        raise ConfigError(f"board {board.name} has no lights; name another with --board")
    if config.body.kind == "pi":
        from hardware.pi.lights import open_lights  # noqa: PLC0415  only where real lights shine

        lamp = Lamp(board.lights, lambda spec: open_lights(msgspec.structs.replace(board, lights=spec)))
    else:
        lamp = Lamp(board.lights, lambda spec: VirtualLights(spec.count))
    keep(msgspec.structs.replace(so_far, lights=calibrate_lights(dialogue, lamp)))


PROCEDURES: dict[str, Procedure] = {
    "servos": _servos,
    "camera": _camera,
    "microphone": _microphone,
    "lights": _lights,
}
