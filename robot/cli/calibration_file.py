"""Where the calibration of a robot lies: one file for each robot, named for it."""

import re
from pathlib import Path

from robot.cli.models_store import store_folder
from robot.config import Config

REHEARSAL = "-rehearsal"
"""Ends the name of what is tried on the drawn body: no robot loads that."""


def calibration_path(config: Config) -> Path:
    """The file that the configuration names, or that of this robot beside the model store's usual place."""
    if config.body.calibration:
        return Path(config.body.calibration).expanduser()
    name = re.sub(r"[^a-z0-9]+", "-", config.robot.name.lower()).strip("-") or "robot"
    kind = "" if config.body.kind == "pi" else REHEARSAL
    return store_folder(Config()).parent / "calibration" / f"{name}{kind}.json"
