"""`rapport calibrate`: find out how this very robot differs from its board file, step by step."""

import argparse
from pathlib import Path

from hardware.boards.reading import load_board, shipped_boards
from robot.cli.complete import completing
from robot.cli.options import add_config_options

DESCRIPTION = """Measure this very robot, step by step.

  servos       for each joint its zero, its direction and its ends; slow, one at a time, never past the board's limits
  camera       sharpness while you turn the lens, and which way up it is built in
  microphone   the room, your voice, and the gain that follows
  lights       which colour is which, how many there are, how bright they may be

Everything finished is kept at once in one file for this robot, which `rapport run --body pi` reads at its start; stop
at any time, the next call goes on from there. Without --body pi it is a rehearsal on the drawn body, in a file of its
own.
"""

EXAMPLES = """examples:
  rapport calibrate servos --page                                  rehearse with the drawn face in the browser
  rapport calibrate servos --body pi --board eight_joint_face
  rapport calibrate servos jaw --body pi --again                   one joint anew
  rapport calibrate microphone --body pi
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "calibrate",
        help="find this robot's zeros, ends, levels and colours, step by step",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    for name, text in (
        ("servos", "zero, direction and ends of each joint"),
        ("camera", "sharpness, and which way up"),
        ("microphone", "noise, speech and gain"),
        ("lights", "colours, count and brightness"),
    ):
        sub = actions.add_parser(name, help=text, description=f"Calibrate {name}: {text}.")
        if name == "servos":
            joints = sub.add_argument(
                "joint", nargs="*", metavar="JOINT", help="these only (default: all of the board)"
            )
            completing(
                joints, lambda: sorted({joint for board in shipped_boards() for joint in load_board(board).joints})
            )
            sub.add_argument("--again", action="store_true", help="also what is calibrated already")
        sub.add_argument("--body", choices=["virtual", "pi"], help="what is calibrated (default virtual: a rehearsal)")
        board = sub.add_argument("--board", metavar="NAME", help="board file (default starter_face)")
        completing(board, shipped_boards)
        sub.add_argument("--file", type=Path, metavar="FILE", help="where to keep it (default: this robot's file)")
        if name in {"camera", "microphone"}:
            sub.add_argument("--source", metavar="SRC", help="see `rapport run` (default: the robot's own)")
        sub.add_argument("--page", action="store_true", help="ask in a page of the browser, with the drawn face in it")
        sub.add_argument("--port", type=int, metavar="N", help="port of that page (default 8765; 0: a free one)")
        add_config_options(sub)
        sub.set_defaults(command=_calibrate, what=name)


def _calibrate(options: argparse.Namespace) -> int:
    # Networks, server and devices take half a second to import: only this command pays.
    from robot.cli.calibrating import calibrate  # noqa: PLC0415

    return calibrate(options)
