"""A run's figures by epoch as a picture: ``curves.csv`` drawn into ``curves.png``."""

from __future__ import annotations

import csv
from pathlib import Path


def draw(folder: Path) -> None:
    """One small chart for each figure that is not the time taken; nothing where there is no curve yet."""
    path = folder / "curves.csv"
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    names = [name for name in head if name not in ("epoch", "seconds")]
    # No window, no screen: matplotlib's own figure instead of pyplot's.
    from matplotlib.figure import Figure  # noqa: PLC0415  only where models are made

    figure = Figure(figsize=(4.5 * len(names), 3.2), layout="constrained")
    for place, name in enumerate(names, 1):
        axes = figure.add_subplot(1, len(names), place)
        axes.plot([float(row[0]) for row in rows], [float(row[head.index(name)]) for row in rows])
        axes.set(xlabel="epoch", title=name.replace("_", " "))
        axes.grid(alpha=0.3)
    figure.savefig(folder / "curves.png", dpi=100)
