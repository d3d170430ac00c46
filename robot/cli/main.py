"""The `rapport` command: reads the options, calls one sub-command, and turns every known error into one line."""

import argparse
import gc
import sys
from collections.abc import Sequence
from importlib import import_module

from robot import __version__
from robot.cli.complete import answer_shell
from robot.cli.outcome import carry_out

COMMANDS = (
    "simulate",
    "run",
    "consent",
    "mute",
    "status",
    "service",
    "doctor",
    "calibrate",
    "models",
    "update-service",
    "repository",
    "scenario",
    "replay",
    "why",
    "fleet",
    "memory",
)
"""In the order of the help; each has a module of its name."""

EXAMPLES = """examples:
  rapport simulate                                    the robot in your browser, with a sample scene
  rapport run --camera file:visit.mp4 --microphone file:visit.wav --pace max --report visit.jsonl
  rapport run --camera picamera2 --microphone pyaudio --body pi        on a Raspberry Pi
  rapport why                                         why the robot that runs here did what it did
  rapport models verify                               check that the models are whole and answer as they should
"""


def build_parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The command line with these sub-commands, all by default. What a command needs is imported here."""
    parser = argparse.ArgumentParser(
        prog="rapport",
        description="A companion robot that reads the room: face and voice on the device, a mood with doubt, "
        "and an answer with face, light and voice. Nothing leaves the robot.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"rapport {__version__}")
    actions = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in commands:
        import_module(f"robot.cli.{command.replace('-', '_')}").add_to(actions)
    return parser


def _meant(words: Sequence[str]) -> Sequence[str]:
    """The one command that is meant, or all where they are to be told of: all take a second of a Pi's start."""
    first = words[0] if words else ""
    if first == "--version":
        return ()
    return (first,) if first in COMMANDS else COMMANDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or that of the error: 2 when a person can mend it, 20 to 27 for updates."""
    words = sys.argv[1:] if arguments is None else arguments
    parser = _imported(words) if arguments is None else build_parser(_meant(words))
    answer_shell(parser)
    return carry_out(parser.parse_args(words))


def _imported(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of a process of its own, with all that the command imports; the collector of cycles leaves that alone.

    None of it ever goes: to look through it over and over makes a start longer, and stops the body at each full look.
    """
    gc.disable()
    try:
        return build_parser(_meant(words))
    finally:
        gc.freeze()
        gc.enable()
