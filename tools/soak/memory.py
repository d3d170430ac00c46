"""How a soak judges memory: what the process alone holds, in ten windows after the warm-up, and their slope."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import linear_regression, median

MOST_MB_AN_HOUR = 1.0
WINDOWS = 10

Sample = tuple[float, float]
"""A time in s, and MB."""


def private_mb() -> float:
    """Memory that only this process holds, in MB (10^6 bytes): RssAnon and VmSwap of proc_pid_status(5).

    What is leaked is there. Pages of libraries and models that are mapped from files are not: the kernel takes and
    brings those as it likes.
    """
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return sum(int(fields[name].split()[0]) for name in ("RssAnon", "VmSwap")) * 1024 / 1e6


def windows(samples: Sequence[Sample], warm_up_s: float) -> list[Sample]:
    """The middle and the median of ten windows of equal length from `warm_up_s` on; empty ones are left out.

    A median, so that what is held for a moment, as while a sense is made anew, counts only where it stays.
    """
    judged = [sample for sample in samples if sample[0] >= warm_up_s]
    if not judged:
        return []
    length_s = (judged[-1][0] - warm_up_s) / WINDOWS
    edges_s = [warm_up_s + length_s * number for number in range(WINDOWS)] + [float("inf")]
    cut = [[sample for sample in judged if from_s <= sample[0] < to_s] for from_s, to_s in pairwise(edges_s)]
    return [(median(t_s for t_s, _ in part), median(mb for _, mb in part)) for part in cut if part]


def growth_mb_an_hour(seen: Sequence[Sample]) -> float:
    """The slope of the windows by least squares, in MB an hour: steps count as well as what rises steadily."""
    if len(seen) < 2:
        return 0.0
    return linear_regression([t_s for t_s, _ in seen], [mb for _, mb in seen]).slope * 3600.0
