"""Write what a training run found as a page of results: the command, the curve and the figures.

    python -m tools.train.report RUN_FOLDER MODEL_FOLDER PAGE.md [--note TEXT]

Every number comes from the run's ``curves.csv`` files and the model's manifest; the note is put in as it is, and kept
where the page has one already.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from robot.evaluation.metrics import Measured
from tools.train import card
from tools.train.package import Figure

CURVE_ROWS = 12
FIGURES = "## Figures"


def curve_table(path: Path) -> str:
    """About a dozen epochs of a ``curves.csv``, the last one among them, as a table."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    step = max(1, len(rows) // CURVE_ROWS)
    shown = rows[step - 1 :: step]
    if shown[-1:] != rows[-1:]:
        shown.append(rows[-1])
    return card.table([name.replace("_", " ") for name in head], shown)


def runs_table(run: Path, curves: Sequence[Path]) -> str:
    """The last epoch of each of several ``curves.csv`` under ``run``."""
    rows = []
    for path in curves:
        with path.open(encoding="utf-8", newline="") as file:
            head, *epochs = list(csv.reader(file))
        last = dict(zip(head, epochs[-1], strict=True))
        rows.append({"run": path.parent.relative_to(run).as_posix()} | last)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return card.table(
        [name.replace("_", " ") for name in names], [[row.get(name, "-") for name in names] for row in rows]
    )


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
    command = manifest["task"] + (" --open" if name != manifest["task"] else "")
    parts = [
        f"# Training {name} {manifest['version']}",
        f"Made {manifest['made']} with `python -m tools.train.{command}`; {manifest['size_bytes']:,} bytes, "
        f"temperature {manifest['temperature']}, unsure below {manifest['thresholds']['unsure_below']}.",
        note,
        FIGURES,
        card.figures_table(figures(manifest)),
    ]
    curves = sorted(run.rglob("curves.csv"))
    if len(curves) > 1:
        parts += ["## Runs", "The last epoch of each:", runs_table(run, curves)]
    else:
        parts += [part for curve in curves for part in ("## Curve", curve_table(curve))]
    return card.paragraphs(*(part for part in parts if part))


def note_of(path: Path) -> str:
    """What somebody wrote into a page between its first lines and its figures; empty where there is no page."""
    if not path.is_file():
        return ""
    head = path.read_text(encoding="utf-8").partition(FIGURES)[0]
    return "\n\n".join(head.split("\n\n")[2:]).strip()


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when a file is missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.train.report", description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--note", help="text before the figures (default: the one that the page has)")
    given = parser.parse_args(arguments)
    try:
        text = page(given.run, given.model, note_of(given.page) if given.note is None else given.note)
    except OSError as error:
        print(f"cannot read {error.filename}: {error.strerror}; give the folders of a finished run", file=sys.stderr)
        return 2
    given.page.parent.mkdir(parents=True, exist_ok=True)
    given.page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
