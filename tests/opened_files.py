"""Which files a process opens, seen by an audit hook."""

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager

WATCHERS: list[list[str]] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str):
        for opened in WATCHERS:
            opened.append(arguments[0])


@functools.cache
def _hooked() -> None:
    """An audit hook cannot be taken away again: it is added once, and with nobody watching it does nothing."""
    sys.addaudithook(_hook)


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """The names of all files opened while the context lasts."""
    _hooked()
    opened: list[str] = []
    WATCHERS.append(opened)
    try:
        yield opened
    finally:
        WATCHERS.remove(opened)
