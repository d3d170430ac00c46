"""`rapport simulate`: the robot in the browser, alive within seconds."""

import argparse
from pathlib import Path

from robot.cli.life import live
from robot.cli.options import add_config_options, config_from

DESCRIPTION = """Start the robot on this computer and show it in the browser.

Prints one address. The page shows the robot's face, lights, what it sees and hears, its mood, its state and its
reasons. It starts with a sample scene (a real photograph, real speech); a button in the page hands it your own camera
and microphone. Everything stays on this computer, and nothing is stored.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "simulate",
        help="show the robot in your browser",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, metavar="N", help="port of the page (default 8765; 0: a free one)")
    parser.add_argument("--camera", metavar="SRC", default="scene", help="instead of the sample; see `rapport run`")
    parser.add_argument("--microphone", metavar="SRC", default="scene", help="instead of the sample")
    parser.add_argument("--duration", type=float, metavar="S", help="stop after S seconds")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write every message and reason as JSON lines")
    parser.add_argument("--quiet", action="store_true", help="no status line")
    add_config_options(parser)
    parser.set_defaults(command=_simulate, body="virtual", board=None, pace="real", log=None)


def _simulate(options: argparse.Namespace) -> int:
    return live(options, config_from(options), page=True)
