"""`rapport service boots`: counts the starts of the computer that no shutdown came before."""

import argparse
import os
import sys
from pathlib import Path

from hardware.clock import boot_s
from robot.care.boots import HELD, begun, boot_id, ended, in_words, read_book, read_noted, write_book
from robot.errors import RapportError


def count_boots(options: argparse.Namespace) -> int:
    """Note the start or the shutdown; where there were too many, leave the mark by which systemd drops the watchdog.

    Raises:
        RapportError: the folder that systemd gives cannot be written.
    """
    state, runtime = os.environ.get("STATE_DIRECTORY"), os.environ.get("RUNTIME_DIRECTORY")
    if not state or not runtime:
        raise RapportError("`rapport service boots` is for systemd, which gives it its folders; see `rapport status`")
    folder = Path(state)
    book = read_book(folder)
    if options.moment == "begin":
        book = begun(book, boot_id(), boot_s(), read_noted(options.noted))
    else:
        book = ended(book, boot_id(), boot_s())
    try:
        write_book(folder, book)
        if book.held:
            (Path(runtime) / HELD).touch()
    except OSError as error:
        raise RapportError(f"{error.filename}: {error.strerror}; the computer's starts are not counted") from None
    if options.moment == "begin" and book.held:
        print(f"<3>{in_words(book)}", file=sys.stderr)
    return 0
