"""Where the training data lies, and what to do when it does not.

The data sets are never part of the repository. They are looked for under ``--data``, then ``$RAPPORT_DATA``, then
``../shared/data`` beside the repository root.
"""

from __future__ import annotations

import os
from pathlib import Path


class DataAbsentError(Exception):
    """The data a command needs is not on this machine; the message says where it was looked for."""


def repository_root() -> Path:
    """The folder that holds ``tools`` and ``models``."""
    return Path(__file__).resolve().parents[2]


def data_root(given: Path | None = None) -> Path:
    """The data folder: ``given``, else ``$RAPPORT_DATA``, else ``../shared/data`` beside the repository.

    Raises:
        DataAbsentError: the folder does not exist.
    """
    named = os.environ.get("RAPPORT_DATA")
    root = given or (Path(named) if named else repository_root().parent / "shared" / "data")
    if not root.is_dir():
        raise DataAbsentError(f"not measured: data absent ({root} is not a folder; set RAPPORT_DATA or --data)")
    return root


def required_file(root: Path, name: str) -> Path:
    """``root / name``.

    Raises:
        DataAbsentError: the file does not exist.
    """
    path = root / name
    if not path.is_file():
        raise DataAbsentError(f"not measured: data absent ({path} is not a file; set RAPPORT_DATA or --data)")
    return path
