"""The `rapport` command: reads the options, calls one sub-command, and turns every known error into one line."""

import argparse
from collections.abc import Sequence
from importlib import metadata

from robot.cli import (
    calibrate,
    consent,
    doctor,
    fleet,
    memory,
    models,
    mute,
    replay,
    repository,
    run,
    scenario,
    service,
    simulate,
    status,
    update_service,
    why,
)
from robot.cli.complete import answer_shell
from robot.cli.outcome import carry_out

EXAMPLES = """examples:
  rapport simulate                                    the robot in your browser, with a sample scene
  rapport run --camera file:visit.mp4 --microphone file:visit.wav --pace max --report visit.jsonl
  rapport run --camera picamera2 --microphone pyaudio --body pi        on a Raspberry Pi
  rapport why                                         why the robot that runs here did what it did
  rapport models verify                               check that the models are whole and answer as they should
"""


def build_parser() -> argparse.ArgumentParser:
    """The command line with all its sub-commands."""
    parser = argparse.ArgumentParser(
        prog="rapport",
        description="A companion robot that reads the room: face and voice on the device, a mood with doubt, "
        "and an answer with face, light and voice. Nothing leaves the robot.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"rapport {metadata.version('rapport-robot')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (
        simulate,
        run,
        consent,
        mute,
        status,
        service,
        doctor,
        calibrate,
        models,
        update_service,
        repository,
        scenario,
        replay,
        why,
        fleet,
        memory,
    ):
        command.add_to(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or that of the error: 2 when a person can mend it, 20 to 27 for updates."""
    parser = build_parser()
    answer_shell(parser)
    options = parser.parse_args(arguments)
    return carry_out(options)
