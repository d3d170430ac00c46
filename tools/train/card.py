"""Pieces of a model card in Markdown: tables of figures, recalls and confusion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from robot.evaluation.metrics import Measured
from tools.train.package import Figure


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def percent(measured: Measured) -> str:
    """A share as per cent with its interval, such as ``83.1 % (81.8 to 84.4)``."""
    return f"{100 * measured.value:.1f} % ({100 * measured.low:.1f} to {100 * measured.high:.1f})"


def figures_table(figures: Sequence[Figure]) -> str:
    """Figures that are shares (0..1) or errors (0..1), with interval and rows."""
    rows = [[f.name.replace("_", " "), percent(f.measured), str(f.measured.rows), f.data, f.file] for f in figures]
    return table(["figure", "value (95 % interval)", "n", "data", "file"], rows)


def confusion_table(counts: npt.NDArray[np.int64], labels: Sequence[str]) -> str:
    """Counts (k,k) with the recall of each true label."""
    rows = []
    for label, line in zip(labels, counts, strict=True):
        recall = f"{100 * line[labels.index(label)] / line.sum():.1f} %" if line.sum() else "-"
        rows.append([label, *[str(int(n)) for n in line], recall])
    return table(["true \\ said", *labels, "recall"], rows)


def prose(text: str) -> str:
    """Text written over several lines in the source as one line a paragraph; lines with ``#`` stay on their own."""
    blocks = [block.strip() for block in text.strip().split("\n\n")]
    return "\n\n".join(block if block.startswith("#") else " ".join(block.split()) for block in blocks)


def paragraphs(*parts: str) -> str:
    """Parts of a card with one empty line between them."""
    return "\n\n".join(part.strip() for part in parts) + "\n"
