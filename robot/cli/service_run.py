"""`rapport service run`: the robot as systemd runs it: quiet, forgiving, with the last settings that worked."""

import argparse
import os
from pathlib import Path

from robot.care.boots import UpNote, in_words, read_book
from robot.cli.life import Manners, live
from robot.last_good import keep_as_good, load_or_last_good


def run_as_service(options: argparse.Namespace) -> int:
    """Run until systemd says stop; the exit code is that of `rapport run`."""
    state = state_folder()
    config, warnings = load_or_last_good(options.config, state)
    asked = argparse.Namespace(
        camera=None,
        microphone=None,
        body=None,
        board=None,
        port=None,
        pace="real",
        duration=None,
        report=None,
        quiet=True,
        log=None,
    )

    def keep() -> str:
        return keep_as_good(options.config, state) if state is not None and not warnings else ""

    held = in_words(read_book())
    told = (*warnings, held) if held else warnings
    note = UpNote(state) if state is not None else None
    manners = Manners(service=True, warnings=told, ready=keep, chore=None if note is None else note.write)
    return live(asked, config, page=config.server.show, manners=manners)


def state_folder() -> Path | None:
    """Where systemd lets the service keep things ($STATE_DIRECTORY); None outside it."""
    state = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(state) if state else None
