"""A confusion matrix as an SVG picture: a row for each true label, darker where the model said so more often."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt

CELL_PX = 56
LEFT_PX, TOP_PX = 110, 70


def svg(counts: npt.NDArray[np.int64], labels: Sequence[str]) -> str:
    """The picture of counts (k,k); the shade and the number of a cell are its share of the row."""
    side = CELL_PX * len(labels)
    width, height = LEFT_PX + side + 80, TOP_PX + side + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT_PX + side / 2}" y="16" text-anchor="middle">said</text>',
        f'<text x="{LEFT_PX + side + 40}" y="{TOP_PX - 8}" text-anchor="middle">pictures</text>',
    ]
    for k, label in enumerate(labels):
        x, y = LEFT_PX + (k + 0.5) * CELL_PX, TOP_PX + (k + 0.5) * CELL_PX + 4
        parts.append(f'<text x="{x}" y="{TOP_PX - 8}" text-anchor="middle" font-size="10">{escape(label)}</text>')
        parts.append(f'<text x="{LEFT_PX - 8}" y="{y}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<text x="{LEFT_PX + side + 40}" y="{y}" text-anchor="middle">{int(counts[k].sum())}</text>')
    for row, line in enumerate(counts):
        total = int(line.sum())
        for column, count in enumerate(line):
            parts.append(_cell(row, column, count / total if total else 0.0))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _cell(row: int, column: int, share: float) -> str:
    x, y = LEFT_PX + column * CELL_PX, TOP_PX + row * CELL_PX
    red, green, blue = (round(255 + (dark - 255) * share) for dark in (20, 70, 120))
    ink = "#ffffff" if share > 0.5 else "#202020"
    middle = f'x="{x + CELL_PX / 2}" y="{y + CELL_PX / 2 + 4}" text-anchor="middle"'
    return (
        f'<rect x="{x}" y="{y}" width="{CELL_PX}" height="{CELL_PX}" fill="rgb({red},{green},{blue})" '
        f'stroke="#dddddd"/><text {middle} fill="{ink}">{100 * share:.0f}</text>'
    )
