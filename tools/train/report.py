"""Write what a training run found as a page of results: the command, the curve and the figures.

    python -m tools.train.report RUN_FOLDER MODEL_FOLDER PAGE.md [--note TEXT]

Every number comes from the run's ``curves.csv`` files and the model's manifest; the note is put in as it is.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

from robot.evaluation.metrics import Measured
from tools.train import card
from tools.train.package import Figure

CURVE_ROWS = 12


def curve_table(path: Path) -> str:
    """About a dozen epochs of a ``curves.csv``, the last one among them, as a table."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    step = max(1, len(rows) // CURVE_ROWS)
    shown = rows[step - 1 :: step]
    if shown[-1:] != rows[-1:]:
        shown.append(rows[-1])
    return card.table([name.replace("_", " ") for name in head], shown)


def figures(manifest: dict[str, Any]) -> list[Figure]:
    """The figures of a manifest."""
    found = []
    for entry in manifest["metrics"]:
        low, high = entry["interval_95"]
        measured = Measured(entry["value"], low, high, entry["n"])
        found.append(Figure(entry["name"], measured, entry["data"], entry["file"]))
    return found


def page(run: Path, model: Path, note: str) -> str:
    """The page in Markdown. Raises OSError when a file of the run or the model is missing."""
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    name = manifest["id"]
    parts = [
        f"# Training {name} {manifest['version']}",
        f"Made {manifest['made']} with `python -m tools.train.{name}`; {manifest['size_bytes']:,} bytes, temperature "
        f"{manifest['temperature']}, unsure below {manifest['thresholds']['unsure_below']}.",
        note,
        "## Figures",
        card.figures_table(figures(manifest)),
    ]
    for curve in sorted(run.rglob("curves.csv")):
        title = "Curve" if curve.parent == run else f"Curve, {curve.parent.name}"
        parts += [f"## {title}", curve_table(curve)]
    return card.paragraphs(*(part for part in parts if part))


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when a file is missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.train.report", description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--note", default="")
    given = parser.parse_args(arguments)
    try:
        text = page(given.run, given.model, given.note)
    except OSError as error:
        print(f"cannot read {error.filename}: {error.strerror}; give the folders of a finished run", file=sys.stderr)
        return 2
    given.page.parent.mkdir(parents=True, exist_ok=True)
    given.page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
