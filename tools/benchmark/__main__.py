"""Measures, prints a table, and writes JSON: `python -m tools.benchmark --json FILE`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from robot.errors import RapportError
from tools.benchmark.closer import measure_closer
from tools.benchmark.figures import Line, table
from tools.benchmark.growth import measure_faces, measure_rates
from tools.benchmark.machine import Machine, this_machine
from tools.benchmark.plan import QUICK, Plan
from tools.benchmark.process import measure_memory, measure_start
from tools.benchmark.reaction import measure_reaction, measure_stages
from tools.benchmark.senses import measure_hearing, measure_sight
from tools.benchmark.updates import measure_look, measure_switch

MEASUREMENTS: dict[str, Callable[[Plan], list[Line]]] = {
    "start": measure_start,
    "memory": measure_memory,
    "sight": measure_sight,
    "closer": measure_closer,
    "hearing": measure_hearing,
    "stages": measure_stages,
    "reaction": measure_reaction,
    "faces": measure_faces,
    "rates": measure_rates,
    "look": measure_look,
    "switch": measure_switch,
}


PAGE = """# How fast, regular and small

Written by `python -m tools.benchmark --page FILE`; nothing here was typed in. Times are wall clock unless a column says
cpu; `frame to command` is from a frame's arrival to the servo command made from it, without the camera's own exposure
and read-out. What a Pi makes of it was not measured.

{about}

```
{table}
```
"""


class Results(msgspec.Struct, frozen=True):
    """Everything that a run measured, as it stands in the JSON file."""

    machine: Machine
    plan: Plan
    lines: list[Line]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; the exit code is 0 also where a limit is missed, 2 where nothing can be measured."""
    options = _parser().parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    machine = this_machine()
    print("\n".join(_about(machine)))
    lines: list[Line] = []
    try:
        for name in options.only or MEASUREMENTS:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            lines += MEASUREMENTS[name](plan)
    except RapportError as error:
        print(f"benchmark: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    print(table(lines))
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(Results(machine, plan, lines))) + b"\n")
    if options.page is not None:
        about = "\n".join(_about(machine))
        options.page.write_text(PAGE.format(about=about, table=table(lines)), encoding="utf-8")
    return 0


def _about(machine: Machine) -> list[str]:
    lines = [
        f"{machine.processor}, {machine.cores} cores, {machine.system}, Python {machine.python}, {machine.interpreter}"
    ]
    if not machine.quiet:
        lines.append(f"Something else runs here (load {machine.load_before:g}): these figures are worth little.")
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmark",
        description="Measures how fast, regular and small the robot is here; three minutes on a quiet computer.",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON, too")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the table as a Markdown page, too")
    parser.add_argument(
        "--only", nargs="+", choices=[*MEASUREMENTS], metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}"
    )
    parser.add_argument("--quick", action="store_true", help="just see whether it runs; the figures are worth little")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
