"""Long lives with random faults, judged: `python -m tools.soak --stepped 24` and `--real 20`."""

import argparse
import signal
import sys
import threading
from pathlib import Path

import msgspec

from robot.care.logbook import MOST_BYTES, OLDER_FILES
from tools.soak.ledger import MOST_MB_AN_HOUR
from tools.soak.life import Soak, soak_real, soak_stepped

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results"
MOST_LOG_BYTES = MOST_BYTES * (1 + OLDER_FILES)

PAGE = """# Long lives with random faults

Written by `python -m tools.soak --stepped HOURS` and `--real MINUTES`; the table is theirs. The whole robot with
its real models lives through the sample scene over and over while devices go, fall silent and, in real time, hang in a
call. In steps it looks every four seconds, hears one block of sound in sixteen and moves at 10 Hz, so that a day passes
within an hour or two; in real time it lives as it always does. A recovery is missed if the part does not work again in
time: 12 s after a device is back, or after the ten minutes for which one that was given up rests.

{table}

Limits: no missed recovery; less than {growth:g} MB an hour after the first fifth; at most {log} bytes of log.
"""


def main(arguments: list[str] | None = None) -> int:
    """Soak; the exit code is 1 where a limit was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.soak", description=f"{__doc__} Ctrl-C ends one early; what was lived counts."
    )
    parser.add_argument("--stepped", type=float, metavar="HOURS", help="live so many hours in steps")
    parser.add_argument("--real", type=float, metavar="MINUTES", help="live so many minutes in real time")
    parser.add_argument("--seed", type=int, default=1, help="of the faults (default 1)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of soak.json and soak.md")
    options = parser.parse_args(arguments)
    if options.stepped is None and options.real is None:
        parser.error("name --stepped HOURS, --real MINUTES, or both")
    stop = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    soaks = _earlier(options.results / "soak.json")
    lived = []
    if options.stepped is not None:
        lived.append(soak_stepped(options.stepped, options.seed, stop))
    if options.real is not None:
        lived.append(soak_real(options.real, options.seed, stop))
    soaks |= {soak.kind: soak for soak in lived}
    (options.results / "soak.json").write_bytes(msgspec.json.format(msgspec.json.encode(soaks)) + b"\n")
    (options.results / "soak.md").write_text(page(soaks), encoding="utf-8")
    for soak in lived:
        print(msgspec.json.encode(soak).decode())
    return 0 if all(holds(soak) for soak in lived) else 1


def holds(soak: Soak) -> bool:
    """True if no limit was missed."""
    flat = soak.growth_mb_an_hour < MOST_MB_AN_HOUR
    return not soak.missed and flat and soak.log_bytes <= MOST_LOG_BYTES


def page(soaks: dict[str, Soak]) -> str:
    """docs/results/soak.md."""
    heads = [
        "lived",
        "faults and shown",
        "missed",
        "slowest recovery",
        "made anew",
        "memory (MB)",
        "MB an hour",
        "log",
        "all kept",
    ]
    rows = [f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for soak in soaks.values():
        lived = f"{soak.lived_s / 3600:.1f} h" if soak.lived_s > 7200 else f"{soak.lived_s / 60:.0f} min"
        renewed = ", ".join(f"{part} {count}" for part, count in soak.renewals.items() if count) or "none"
        rows.append(
            f"| {soak.kind} | {lived} | {soak.faults}, {soak.shown} | {len(soak.missed)} | {soak.slowest_well_s:.1f} s "
            f"| {renewed} | {soak.memory_first_mb:.0f} to {soak.memory_last_mb:.0f} | {soak.growth_mb_an_hour:.2f} "
            f"| {soak.log_lines} lines, {soak.log_bytes} bytes, {soak.log_lines_left_out} left out "
            f"| {'yes' if holds(soak) else '**no**'} |"
        )
    return PAGE.format(table="\n".join(rows), growth=MOST_MB_AN_HOUR, log=MOST_LOG_BYTES)


def _earlier(path: Path) -> dict[str, Soak]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Soak])
    except (OSError, msgspec.DecodeError):
        return {}


if __name__ == "__main__":
    sys.exit(main())
