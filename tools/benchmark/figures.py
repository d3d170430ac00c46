"""What a measurement gives: a named line with its spread, and whether it keeps within its limit."""

from collections.abc import Sequence

import msgspec
import numpy as np


class Spread(msgspec.Struct, frozen=True):
    """How many values fell where. The unit stands in the line that holds it."""

    count: int
    median: float
    p95: float
    p99: float
    largest: float


class Line(msgspec.Struct, frozen=True):
    """One measured thing.

    `wall` is time that passed; `cpu` is processor time that this process spent, over all its threads; `limit` is what
    `judged` (`median`, `p95` or `p99` of `wall`, or `cpu p95` and so on) should not exceed. All in `unit`.
    """

    name: str
    unit: str
    wall: Spread
    cpu: Spread | None = None
    limit: float | None = None
    judged: str = "p95"

    @property
    def within(self) -> bool | None:
        """Whether the limit is kept; None if there is none."""
        if self.limit is None:
            return None
        measured = self.cpu if self.judged.startswith("cpu ") else self.wall
        return bool(getattr(measured, self.judged.removeprefix("cpu ")) <= self.limit)


def spread(values: Sequence[float], scale: float = 1.0) -> Spread:
    """The spread of `values` times `scale` (1000 makes milliseconds of seconds).

    Raises:
        ValueError: there is no value.
    """
    if not len(values):
        raise ValueError("nothing was measured")
    scaled = np.asarray(values, np.float64) * scale
    median, p95, p99 = (round(float(value), 4) for value in np.percentile(scaled, (50, 95, 99)))
    return Spread(len(scaled), median, p95, p99, round(float(scaled.max()), 4))


def table(lines: Sequence[Line]) -> str:
    """The lines as text in columns, for a person."""
    rows: list[tuple[str, ...]] = [
        ("", "unit", "n", "median", "p95", "p99", "largest", "cpu median", "cpu p95", "limit")
    ]
    rows += [_row(line) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    )


def _row(line: Line) -> tuple[str, str, str, str, str, str, str, str, str, str]:
    wall, cpu = line.wall, line.cpu
    limit = "" if line.limit is None else f"{line.judged} <= {line.limit:g} {'kept' if line.within else 'MISSED'}"
    return (
        line.name,
        line.unit,
        str(wall.count),
        f"{wall.median:.4g}",
        f"{wall.p95:.4g}",
        f"{wall.p99:.4g}",
        f"{wall.largest:.4g}",
        f"{cpu.median:.4g}" if cpu else "",
        f"{cpu.p95:.4g}" if cpu else "",
        limit,
    )
