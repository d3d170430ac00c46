"""`rapport repository simulate`: a rollout lived by thousands of robots before it is lived by one."""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from robot.errors import UpdateError
from robot.inference.store import factory_models

if TYPE_CHECKING:
    from robot.updates.repository.simulation.curve import Curve, Outcome
    from robot.updates.repository.simulation.story import Plan, Story

SIMULATE = """See what happens when a bad model gets the right signature.

A version that passes its self-test and goes wrong in use is offered to a few per cent of simulated robots. Each decides
by the robot's own code whether it is among them, fetches it, tries it and returns by itself. The publisher sees it the
next morning, halts and withdraws it, and a good version follows in steps to all of them.

Client, store, trial and publisher are the real ones. Simulated are the days, the disks and how the bad version fails;
robots that looked last at the same moment share one check of the same signatures. The same seed gives the same story.
Nothing of yours is touched: keys and repository are made for the occasion.
"""


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    raw = argparse.RawDescriptionHelpFormatter
    text = "a bad model and a good one, on thousands of robots"
    parser = actions.add_parser("simulate", help=text, description=SIMULATE, formatter_class=raw)
    parser.add_argument("--robots", type=int, default=10_000, metavar="N", help="how many robots (default 10000)")
    parser.add_argument("--percent", type=float, default=5.0, metavar="P", help="share of the first step (default 5)")
    parser.add_argument(
        "--fault",
        choices=["nan", "slow", "crash"],
        default="nan",
        help="how the bad version goes wrong after two minutes: a fifth of its answers are none (default), it takes "
        "0.2 s each, or its process dies",
    )
    parser.add_argument("--reporting", type=float, default=20.0, metavar="P", help="share that reports (default 20 %%)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of everything random (default 1)")
    parser.add_argument("--processes", type=int, default=0, metavar="N", help="default: one for each processor core")
    parser.add_argument("--chart", type=Path, metavar="PNG", help="draw the curve into this file")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=_simulate)


def _simulate(options: argparse.Namespace) -> int:
    from robot.updates.repository.simulation.curve import curve_of, outcome_of  # noqa: PLC0415
    from robot.updates.repository.simulation.story import Plan, tell  # noqa: PLC0415

    plan = Plan(
        robots=int(_within("--robots", options.robots, 100, 100_000)),
        seed=options.seed,
        percent=_within("--percent", options.percent, 0.1, 100),
        fault=options.fault,
        reporting=_within("--reporting", options.reporting, 1, 100) / 100,
        processes=options.processes or min(os.cpu_count() or 1, 8),
    )
    told = (lambda text: print(text, flush=True)) if not options.json else (lambda _: None)
    with tempfile.TemporaryDirectory(prefix="rapport-rollout-", dir=_quick_folder()) as folder:
        story = tell(plan, Path(folder), factory_models(), told, Progress(options.json))
    curve, outcome = curve_of(story), outcome_of(story)
    if options.chart:
        _draw(options.chart, story, curve, outcome)
    if options.json:
        print(json.dumps(_row(story, curve, outcome)))
    else:
        print("\n".join(["", *_picture(curve, outcome), "", *_lines(plan, outcome)]))
    return 0 if outcome.held else 1


class Progress:
    """Says on standard error how far a day is: a line that changes at a terminal, JSON lines with `--json`."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._said = (-1, -1)

    def __call__(self, day: int, done: int, robots: int) -> None:
        """Tell, for each tenth of a day's robots."""
        now = (day, 10 * done // robots)
        if now == self._said:
            return
        self._said = now
        if self._as_json:
            print(json.dumps({"day": day, "robots": done, "of": robots}), file=sys.stderr, flush=True)
        elif sys.stderr.isatty():
            end = "\r\033[K" if done >= robots else ""
            print(f"\rday {day}: {done:,} of {robots:,} robots{end}", end="", file=sys.stderr, flush=True)


def _picture(curve: "Curve", outcome: "Outcome") -> list[str]:
    """The curve for a terminal."""
    from robot.updates.repository.simulation.curve import sparkline  # noqa: PLC0415

    shown = (
        ("bad: tried", curve.tried, outcome.tried_bad),
        ("bad: on it", curve.on_it, outcome.tried_bad),
        ("bad: returned", curve.returned, outcome.tried_bad),
        ("good: kept", curve.kept_good, outcome.robots),
    )
    return [f"{name:<14} {sparkline(values, top)} {values[-1]:,}" for name, values, top in shown]


def _lines(plan: "Plan", outcome: "Outcome") -> list[str]:
    from robot.updates.repository.simulation.story import BAD, GOOD  # noqa: PLC0415

    share, (middle, longest) = 100 * outcome.tried_bad / outcome.robots, outcome.caught_min
    return [
        f"{BAD} (bad): tried by {outcome.tried_bad:,} of {outcome.robots:,} robots ({share:.1f} %), "
        f"{outcome.at_most_on_bad} at a time at most; kept by {outcome.kept_bad}",
        f"  caught by the trial after {middle:g} minutes of use (median; longest {longest:g})",
        f"  what the robots say: {outcome.reasons}",
        f"  halted and withdrawn {outcome.halted_after_h:g} h after it was staged",
        f"{GOOD} (good): kept by {outcome.kept_good:,} of {outcome.robots:,} robots after {outcome.days:g} days",
        *([f"{outcome.refused} looks were refused"] if outcome.refused else []),
        f"fault {plan.fault}, seed {plan.seed}: {'as it should be' if outcome.held else 'NOT as it should be'}",
    ]


def _row(story: "Story", curve: "Curve", outcome: "Outcome") -> dict[str, object]:
    steps = [{"t_s": step.t_s, "text": step.text} for step in story.steps]
    return {"held": outcome.held, "outcome": asdict(outcome), "steps": steps, "curve": asdict(curve)}


def _draw(path: Path, story: "Story", curve: "Curve", outcome: "Outcome") -> None:
    # Pillow's drawing is loaded only when something is drawn.
    from robot.updates.repository.simulation.chart import draw_rollout  # noqa: PLC0415

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draw_rollout(story, curve, outcome).save(path, format="PNG")
    except OSError as error:
        raise UpdateError(f"{path}: cannot write the chart ({error.strerror}); choose another --chart") from None


def _within(option: str, value: float, least: float, most: float) -> float:
    if not least <= value <= most:
        raise UpdateError(f"{option} {value:g}: must lie between {least:g} and {most:g}")
    return value


def _quick_folder() -> str | None:
    """A file system in memory where there is one: the publisher syncs every file."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
