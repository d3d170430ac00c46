"""`rapport run`: the robot on the sources and the body you name, live or as fast as the machine can."""

import argparse
from pathlib import Path

from hardware.boards.reading import shipped_boards
from robot.cli.complete import completing
from robot.cli.life import live
from robot.cli.options import add_config_options, config_from

DESCRIPTION = """Run the robot.

SRC is one of
  file:PATH   a picture, video or sound file
  browser     the camera and microphone of a browser (prints the address of the page)
  picamera2   the Raspberry Pi's camera; picamera2:imx708 picks one by its number, or a part of its model or id
  pyaudio     a sound device; pyaudio:NAME picks one by a part of its name
  none        nothing
"""

EXAMPLES = """examples:
  rapport run --camera file:visit.mp4 --microphone file:visit.mp4
  rapport run --camera file:smile.jpg --duration 10 --pace max --report smile.jsonl
  rapport run --camera picamera2 --microphone pyaudio --body pi --board eight_joint_face
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "run",
        help="run the robot on a camera, a microphone and a body",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--camera", metavar="SRC", help="where it sees (default: [sources] of the configuration, none)")
    parser.add_argument("--microphone", metavar="SRC", help="where it hears (default: the same)")
    parser.add_argument("--body", choices=["virtual", "pi"], help="what it moves (default virtual)")
    board = parser.add_argument("--board", metavar="NAME", help="board file of a pi body (default starter_face)")
    completing(board, shipped_boards)
    parser.add_argument(
        "--pace",
        choices=["real", "max"],
        default="real",
        help="real time (default), or as fast as possible: same files and seed, same report, byte for byte",
    )
    parser.add_argument("--duration", type=float, metavar="S", help="stop after S seconds of the robot's time")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write every message and reason as JSON lines")
    parser.add_argument("--log", type=Path, metavar="FILE", help="note faults and repairs there; turned over at 1 MB")
    parser.add_argument("--quiet", action="store_true", help="no status line")
    parser.add_argument("--port", type=int, metavar="N", help="port of the page of `browser` (0: a free one)")
    add_config_options(parser)
    parser.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    return live(options, config_from(options), page=False)
