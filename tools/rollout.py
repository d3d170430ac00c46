"""Simulates a bad rollout in each of its ways to go wrong and writes docs/results/rollout.md and its picture.

    python -m tools.rollout

Two minutes of processor time, spread over all cores.
"""

import resource
import tempfile
from pathlib import Path

from robot.inference.store import factory_models
from robot.updates.repository.simulation.chart import draw_rollout
from robot.updates.repository.simulation.curve import Outcome, curve_of, outcome_of
from robot.updates.repository.simulation.robots import FaultKind
from robot.updates.repository.simulation.story import Plan, tell

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "results" / "rollout.md"
PICTURE = ROOT / "docs" / "images" / "rollout.png"
FAULTS: dict[FaultKind, str] = {
    "nan": "a fifth of its answers are none",
    "slow": "it takes 0.2 s an answer",
    "crash": "its process dies",
}


def main() -> None:
    """Run all of them and write the page."""
    found: dict[FaultKind, tuple[Outcome, float]] = {}
    for fault in FAULTS:
        print(f"{fault} ...", flush=True)
        before_s = _processor_s()
        plan = Plan(fault=fault, processes=2)
        with tempfile.TemporaryDirectory(prefix="rapport-rollout-") as folder:
            story = tell(plan, Path(folder), factory_models(), print, lambda *_: None)
        outcome = outcome_of(story)
        found[fault] = outcome, _processor_s() - before_s
        if fault == "nan":
            draw_rollout(story, curve_of(story), outcome).save(PICTURE, format="PNG")
    PAGE.write_text(_page(found), encoding="utf-8")


BEGINNING = """# A bad model with the right signature, on 10,000 robots

Written by `python -m tools.rollout`, which does what `rapport repository simulate` does, once for each way to go wrong.
The bad version passes its self-test and goes wrong after two minutes of use. It is staged for 5 % of the robots; the
publisher looks each morning at what the fifth of the robots report that were asked to.

"""
HEADINGS = (
    "goes wrong",
    "tried it",
    "at a time, at most",
    "caught after (median, longest)",
    "kept it",
    "halted after",
    "good version kept by",
    "processor time",
)
END = """
![Robots that tried the bad version and returned; robots that keep the good one](../images/rollout.png)

Real: client, cohort, floors, store, trial, verdicts, publisher and signatures. Simulated: days, disks, how a version
behaves in use. Robots that looked last at the same moment share one run of the metadata code, because it sees the same
bytes; the interpreter's self-test runs once for each version, because it tests the same bytes. Seed 1; the same seed
gives the same figures. The processor time is split between as many processes as there are cores.
"""


def _page(found: dict[FaultKind, tuple[Outcome, float]]) -> str:
    rows = [HEADINGS, ("---",) * len(HEADINGS)]
    rows += [_row(FAULTS[fault], outcome, took_s) for fault, (outcome, took_s) in found.items()]
    return BEGINNING + "".join(f"| {' | '.join(row)} |\n" for row in rows) + END


def _row(fault: str, outcome: Outcome, took_s: float) -> tuple[str, ...]:
    middle, longest = outcome.caught_min
    return (
        fault,
        f"{outcome.tried_bad:,} ({100 * outcome.tried_bad / outcome.robots:.1f} %)",
        f"{outcome.at_most_on_bad}",
        f"{middle:g} min, {longest:g} min",
        f"**{outcome.kept_bad}**",
        f"{outcome.halted_after_h:g} h",
        f"{outcome.kept_good:,} after {outcome.days:g} days",
        f"{took_s:.0f} s",
    )


def _processor_s() -> float:
    """Seconds of processor time of this process and those that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
