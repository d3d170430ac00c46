"""Waiting for work that is done in a thread."""

import threading
from typing import Any


def finished(source: Any, count: int) -> list[Any]:
    """The first `count` results of something with a method `finished` that gives those since the last call."""
    found: list[Any] = []
    nothing = threading.Event()
    while len(found) < count:
        found += source.finished()
        nothing.wait(0.001)
    return found
