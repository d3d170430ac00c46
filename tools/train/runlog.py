"""What a training run says: lines on the screen and in ``train.log``, figures by epoch in ``curves.csv``."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from pathlib import Path


class RunLog:
    """Log of one run in one folder; a resumed run appends to it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lines, self._curves = folder / "train.log", folder / "curves.csv"

    def say(self, line: str) -> None:
        """Print a line with the time of day and append it to ``train.log``."""
        stamped = f"{time.strftime('%H:%M:%S')} {line}"
        print(stamped, flush=True)
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(stamped + "\n")

    def row(self, figures: Mapping[str, float]) -> None:
        """Say an epoch's figures and append them to ``curves.csv``, whose head is written with the first row."""
        self.say("  ".join(f"{name} {value:.4g}" for name, value in figures.items()))
        fresh = not self._curves.is_file()
        with self._curves.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(figures)
            writer.writerow([f"{value:.6g}" for value in figures.values()])
