"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`times` is how often each thing is timed, `run_s` how long a real-time run lasts, `starts` how many starts."""

    times: int = 300
    run_s: float = 20.0
    starts: int = 7


QUICK = Plan(times=20, run_s=2.0, starts=2)
"""Enough to see that everything runs; too little for a figure to be reported."""
