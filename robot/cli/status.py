"""`rapport status`: how the robot that runs on this computer is."""

import argparse
import json

import msgspec

from hardware.clock import boot_s
from robot.care.status import STALE_S, Status, read_status

DESCRIPTION = """How the robot that runs on this computer is: what works, what is lost and why, what was mended.

It says nothing of what the robot sees, hears or thinks; that is `rapport why`.
Exit code 0: it runs and everything works; 1: it runs, and something does not; 3: no robot runs here.
"""

AILING, NOT_RUNNING = 1, 3


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "status",
        help="how the running robot is: what works, what is lost, what was mended",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=_status)


def _status(options: argparse.Namespace) -> int:
    status = read_status()
    if status is None:
        print(json.dumps({"running": False}) if options.json else "no robot runs on this computer")
        return NOT_RUNNING
    age_s = max(0.0, boot_s() - status.monotonic_s)
    well = not status.ailing and age_s < STALE_S and status.kind == "robot"
    if options.json:
        row = {"running": True, "well": well, "age_s": round(age_s, 1), **msgspec.to_builtins(status)}
        print(json.dumps(row, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(status, age_s)))
    return 0 if well else AILING


def _lines(status: Status, age_s: float) -> list[str]:
    head = (
        f"Rapport {status.version} runs for {_duration(status.up_s)} (process {status.pid}, {status.memory_mb:.0f} MB)"
    )
    lines = [
        head
        if status.kind == "robot"
        else f"the safe face shows for {_duration(status.up_s)}: the robot failed too often"
    ]
    if age_s >= STALE_S:
        lines.append(f"it has not said how it is for {_duration(age_s)}: it hangs, or cannot write to memory")
    lines += [f"warning: {warning}" for warning in status.warnings]
    if status.kind == "robot":
        lines.append(f"camera {status.camera}, microphone {status.microphone}, body {status.body}")
    for part, state in status.parts.items():
        # A part may work with a fault: of several ways to call a person one may be gone.
        fault = status.faults.get(part, "") if state != "off" else ""
        lines.append(f"  {part:<16} {state:<8} {fault}".rstrip())
    for watched in status.watched:
        if watched.renewals or watched.rests_s:
            rest = f", rests for {_duration(watched.rests_s)} more" if watched.rests_s else ""
            lines.append(f"  {watched.name}: made anew {watched.renewals} times, last because it {watched.fault}{rest}")
    for task, model in status.models.items():
        lines.append(f"  model {task:<16} {' '.join(model.split()[:2])}")
    if status.log_lines_left_out:
        lines.append(f"  {status.log_lines_left_out} lines of the log were left out: there were too many")
    return lines


def _duration(seconds: float) -> str:
    """`42 s`, `7 min`, `5 h 10 min`, `3 d 4 h`."""
    minutes, hours, days = seconds / 60, seconds / 3600, seconds / 86400
    if minutes < 2:
        return f"{seconds:.0f} s"
    if hours < 2:
        return f"{minutes:.0f} min"
    if days < 2:
        return f"{int(hours)} h {int(minutes) % 60} min"
    return f"{int(days)} d {int(hours) % 24} h"
