"""`rapport doctor`: measures every part and says in plain words what is wrong, and how to mend it."""

import argparse
import sys
from pathlib import Path

from hardware.boards.reading import load_board, shipped_boards
from robot.care.doctor.examine import check_names, examine
from robot.care.doctor.finding import Finding, exit_code
from robot.care.doctor.paper import as_json, lines_of, report, summary
from robot.care.doctor.subject import Subject
from robot.cli.complete import completing
from robot.cli.models_store import store_folder
from robot.cli.options import add_config_options, config_from, with_changes
from robot.config import Config
from robot.errors import RapportError

DESCRIPTION = """Examine the robot: measure, do not list.

Camera (pictures, rate, brightness, sharpness), microphone (level, noise, clipping), speaker (a tone that the
microphone listens for), every servo (a few degrees, timed), every light, pins and buses, supply voltage, temperature,
memory, disk, clock, models, Edge TPU. Without --body pi it examines the drawn body, with the sample scene for eyes and
ears.

Stop the robot first: two programs cannot have the same camera. Servos move a few degrees, lights shine and a tone
sounds, unless you say --still. Exit code: 0 all well, 1 warnings, 2 something does not work.
"""

EXAMPLES = """examples:
  rapport doctor                                              this computer and the drawn body
  rapport doctor --body pi --camera picamera2 --microphone pyaudio
  rapport doctor camera microphone --camera picamera2 --microphone pyaudio
  rapport doctor --body pi --report doctor.md                 to hand on: no names, addresses or serial numbers
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "doctor",
        help="measure every part and say what is wrong and how to mend it",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    checks = parser.add_argument("check", nargs="*", metavar="CHECK", help=f"of {', '.join(check_names())}")
    completing(checks, check_names)
    parser.add_argument("--camera", metavar="SRC", help="see `rapport run`; default: the Pi's, or the sample scene")
    parser.add_argument("--microphone", metavar="SRC", help="default: PyAudio's on a Pi, or the sample scene")
    parser.add_argument("--body", choices=["virtual", "pi"], help="what it moves (default virtual)")
    board = parser.add_argument("--board", metavar="NAME", help="board file of a pi body (default starter_face)")
    completing(board, shipped_boards)
    parser.add_argument("--still", action="store_true", help="move, light and sound nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="also write a page to hand on; nothing private in it"
    )
    add_config_options(parser)
    parser.set_defaults(command=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    body = {"kind": options.body, "board": options.board}
    changes: dict[str, object] = {key: value for key, value in body.items() if value is not None}
    subject = subject_for(
        with_changes(config_from(options), "body", changes), options.camera, options.microphone, still=options.still
    )
    findings: list[Finding] = []
    for finding in examine(subject, options.check):
        findings.append(finding)
        if not options.json:
            print("\n".join(lines_of(finding)), flush=True)
    print(as_json(findings) if options.json else f"\n{summary(findings)}")
    if options.report is not None:
        _write(options.report, report(findings))
        if not options.json:
            print(f"written: {options.report}", file=sys.stderr)
    return exit_code(findings)


def subject_for(config: Config, camera: str | None, microphone: str | None, *, still: bool) -> Subject:
    """The robot that a configuration and two sources (None for the usual ones) describe.

    Raises:
        RapportError: a source or board is not known.
    """
    # Devices and the sample scene take half a second to import: only an examination pays.
    from hardware.clock import MonotonicClock  # noqa: PLC0415
    from robot.cli.outfit import SCENE, Wish, devices_for  # noqa: PLC0415
    from robot.policy import permission_for  # noqa: PLC0415
    from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene  # noqa: PLC0415

    clock = MonotonicClock()
    real = config.body.kind == "pi"
    allowed = permission_for(config.robot)
    wish = Wish(camera or ("picamera2" if real else SCENE), microphone or ("pyaudio" if real else SCENE))
    named = Wish(
        "none" if wish.camera == SCENE else wish.camera, "none" if wish.microphone == SCENE else wish.microphone
    )
    devices = devices_for(named, config, clock, None)
    eyes = (lambda: SceneCamera(load_scene(), clock)) if wish.camera == SCENE else devices.camera
    ears = (lambda: SceneMicrophone(load_scene(), clock)) if wish.microphone == SCENE else devices.microphone
    return Subject(
        config=config,
        clock=clock,
        camera=eyes if allowed.camera else None,
        microphone=ears if allowed.microphone else None,
        servos=devices.servos,
        lights=devices.lights,
        speaker=devices.speaker,
        board=load_board(config.body.board) if real else None,
        state=store_folder(config),
        camera_is_live=wish.camera != SCENE and not wish.camera.startswith("file:"),
        still=still,
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RapportError(f"{path}: cannot be written ({error.strerror}); choose another --report") from None
