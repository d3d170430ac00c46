"""The command of a module that lets the words' encoder hear the clips and keeps what it makes of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from robot.errors import EngineMissing
from tools.train.paths import DataAbsentError, data_root


def run(
    module: str, description: str | None, extract: Callable[[Path, Path], None], arguments: list[str] | None
) -> int:
    """``extract(data, out)`` with the folders of the command line; exit status 2 when data or engine are absent."""
    parser = argparse.ArgumentParser(
        prog=f"python -m tools.train.{module}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    given = parser.parse_args(arguments)
    try:
        extract(data_root(given.data), given.out)
    except (DataAbsentError, EngineMissing, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0
