"""`rapport mute`: lets the running robot go blind and deaf, and takes it back."""

import argparse

from robot.control import control_path, order

DESCRIPTION = """Mute the robot that runs on this computer, or take that back.

Muted it lets go of camera and microphone, says so and shows it. The mute switch of a board wins: while that is turned,
`rapport mute off` changes nothing.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "mute",
        help="let the running robot neither see nor hear",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("turn", nargs="?", choices=["on", "off"], default="on", help="on (default) or off")
    parser.set_defaults(command=_mute)


def _mute(options: argparse.Namespace) -> int:
    standing = order(control_path(), "mute", options.turn)
    print("the robot is muted: it neither sees nor hears" if standing.muted else "the robot is not muted")
    if standing.muted and options.turn == "off":
        print("its mute switch is turned; turn it back at the robot")
        return 1
    return 0
