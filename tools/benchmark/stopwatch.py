"""Times one thing after the other: wall time and processor time of each."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tools.benchmark.figures import Line, spread

Result = TypeVar("Result")


@dataclass
class Stopwatch:
    """Collects the times of single calls, in seconds."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    def time(self, work: Callable[[], Result]) -> Result:
        """Do `work` and keep how long it took."""
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        result = work()
        self.wall_s.append(time.perf_counter() - wall_s)
        self.cpu_s.append(time.process_time() - cpu_s)
        return result

    def line(self, name: str, limit_ms: float | None = None, judged: str = "p95") -> Line:
        """What was collected, in milliseconds."""
        return Line(name, "ms", spread(self.wall_s, 1000.0), spread(self.cpu_s, 1000.0), limit_ms, judged)


def time_many(
    name: str, times: int, work: Callable[[], object], limit_ms: float | None = None, judged: str = "p95"
) -> Line:
    """Time `work` so many times, after a tenth as many that are not counted."""
    for _ in range(max(1, times // 10)):
        work()
    watch = Stopwatch()
    for _ in range(times):
        watch.time(work)
    return watch.line(name, limit_ms, judged)
