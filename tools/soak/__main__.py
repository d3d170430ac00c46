"""Long lives with random faults, judged: `python -m tools.soak --stepped 24` and `--real 20`."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from robot.care.logbook import MOST_BYTES, OLDER_FILES
from tools.soak.life import ANEW_EVERY_S, WARM_UP_S, Soak, soak_real, soak_stepped
from tools.soak.memory import MOST_MB_AN_HOUR

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results"
MOST_LOG_BYTES = MOST_BYTES * (1 + OLDER_FILES)

PAGE = """# Long lives with random faults

Written by `python -m tools.soak --stepped HOURS` and `--real MINUTES`. The whole robot with its real models lives
through the sample scene over and over while devices go, fall silent and, in real time, hang in a call. In steps it
looks every four seconds, more closely every twenty, hears one block of sound in 64 and moves at 10 Hz, so that a day
passes within the hour; in real time it lives as it always does. A recovery is missed if the part does not work again in
time: 12 s after a device is back, or after the ten minutes for which one that was given up rests. What goes wrong in
that rest cannot end before it.

{table}

Limits: no missed recovery; less than {growth:g} MB an hour; at most {log} bytes of log.

## How memory is judged

What the robot's own process alone holds (RssAnon and VmSwap), every ten seconds while all parts work: one that is
closed holds less. The helper that listens for words does not count.
A warm-up comes first: {warm_up:g} minutes before the minutes of a real life, a fifth of a stepped one and two hours at
most. In it faults come as later, and parts are made anew by plan as well, one after the other: in steps the models of a
sense every {anew_stepped:g} minutes, in real time every part, one each {anew_real:g} s. The rest is cut into ten
windows. The median of each counts, and the slope through the ten, by least squares: what is held only for a moment does
not count, a step that stays does. A leak of 2 MB an hour fails, be it steady or in steps
(`tests/tools/test_soak_memory.py`).

{windows}
"""


def main(arguments: list[str] | None = None) -> int:
    """Soak; the exit code is 1 where a limit was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.soak", description=f"{__doc__} Ctrl-C ends one early; what was lived counts."
    )
    parser.add_argument("--stepped", type=float, metavar="HOURS", help="live so many hours in steps")
    parser.add_argument(
        "--real", type=float, metavar="MINUTES", help="live so many minutes in real time, after a warm-up of 20"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the faults (default 1)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of soak.json and soak.md")
    options = parser.parse_args(arguments)
    if options.stepped is None and options.real is None:
        parser.error("name --stepped HOURS, --real MINUTES, or both")
    stop = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        soaks = _earlier(options.results / "soak.json")
    except msgspec.DecodeError as error:
        print(f"soak: {options.results / 'soak.json'}: {error}; name another folder with --results", file=sys.stderr)
        return 2
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
    flat = bool(soak.memory_mb) and soak.growth_mb_an_hour < MOST_MB_AN_HOUR
    return not soak.missed and flat and soak.log_bytes <= MOST_LOG_BYTES


def page(soaks: dict[str, Soak]) -> str:
    """docs/results/soak.md."""
    heads = [
        "lived",
        "faults and shown",
        "missed",
        "slowest recovery",
        "made anew",
        "by plan",
        "memory (MB)",
        "MB an hour",
        "log",
        "load",
        "all kept",
    ]
    rows = [f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for soak in soaks.values():
        lived = f"{soak.lived_s / 3600:.1f} h" if soak.lived_s > 7200 else f"{soak.lived_s / 60:.0f} min"
        renewed = ", ".join(f"{part} {count}" for part, count in soak.renewals.items() if count) or "none"
        rows.append(
            f"| {soak.kind} | {lived} | {soak.faults}, {soak.shown} | {len(soak.missed)} | {soak.slowest_well_s:.1f} s "
            f"| {renewed} | {soak.anew_by_plan} | {_range(soak.memory_mb)} | {soak.growth_mb_an_hour:.2f} "
            f"| {soak.log_lines} lines, {soak.log_bytes} bytes, {soak.log_lines_left_out} left out | {soak.load:.1f} "
            f"| {'yes' if holds(soak) else '**no**'} |"
        )
    shown = [f"{soak.kind}: {', '.join(f'{mb:.2f}' for mb in soak.memory_mb)} MB." for soak in soaks.values()]
    return PAGE.format(
        table="\n".join(rows),
        growth=MOST_MB_AN_HOUR,
        log=MOST_LOG_BYTES,
        anew_stepped=ANEW_EVERY_S["stepped"] / 60,
        anew_real=ANEW_EVERY_S["real"],
        warm_up=WARM_UP_S / 60,
        windows="\n\n".join(shown),
    )


def _range(windows_mb: Sequence[float]) -> str:
    return f"{min(windows_mb):.1f} to {max(windows_mb):.1f}" if windows_mb else "not judged"


def _earlier(path: Path) -> dict[str, Soak]:
    """What was lived before, to be kept beside what is lived now. Raises `msgspec.DecodeError` if it is unreadable."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Soak]) if path.is_file() else {}


if __name__ == "__main__":
    sys.exit(main())
