"""`rapport consent`: how far the running robot may go, and changing that while it runs."""

import argparse
import json

import msgspec

from robot.consent import RUNGS
from robot.control import Standing, control_path, order

DESCRIPTION = """Show or change how far the robot that runs on this computer may go.

  off        it neither sees nor hears
  presence   it notices that somebody is there, and reads no feelings
  feelings   it reads feelings, and keeps nothing
  remember   it may know somebody again

A step down holds at once: senses close, models of feelings are let go, and what was noted is forgotten. In a workplace
and in a school nothing leads beyond presence.
"""

REFUSALS = {
    "place": "in this place it goes no further than {}",
    "person": "that needs a person at the robot",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "consent",
        help="how far the running robot may go: show it, or change it at once",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("rung", nargs="?", choices=RUNGS, help="from now on; without it, how things stand")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=_consent)


def _consent(options: argparse.Namespace) -> int:
    standing = order(control_path(), "consent" if options.rung else None, options.rung or "")
    if options.json:
        print(json.dumps(msgspec.to_builtins(standing)))
    else:
        print(in_words(standing))
    return 1 if standing.refused else 0


def in_words(standing: Standing) -> str:
    """How things stand, in a line."""
    muted = "; it is muted, and neither sees nor hears" if standing.muted else ""
    refused = f"; {REFUSALS[standing.refused].format(standing.ceiling)}" if standing.refused else ""
    return f"the robot may go as far as: {standing.rung}{refused}{muted}"
