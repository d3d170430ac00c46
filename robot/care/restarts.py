"""What the robot ended its own process for, remembered in memory beyond that end: so that it does so rarely."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from robot.care.places import put_whole

FILE = "restarts.json"
APART_S = 3600.0
"""One restart an hour for the same part: more often it would be a robot that starts all day."""


class RestartBook:
    """Restarts by part, in `folder`. `now_s` is a clock that goes on from process to process (`hardware.clock.boot_s`).

    `possible` false (nobody would start the robot again) means that none is to be had.
    """

    def __init__(self, folder: Path, now_s: Callable[[], float], possible: bool) -> None:
        self._path = folder / FILE
        self._now_s = now_s
        self._possible = possible

    def may(self, part: str) -> bool:
        """True if a restart for this part is still to be had."""
        return self._possible and self._now_s() - self._read().get(part, -APART_S) >= APART_S

    def add(self, part: str) -> None:
        """One has been used up. Where that cannot be written down, there are no more at all."""
        try:
            put_whole(self._path, msgspec.json.encode(self._read() | {part: self._now_s()}), 0o600)
        except OSError:
            self._possible = False

    def _read(self) -> dict[str, float]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, float])
        except (OSError, msgspec.DecodeError):
            return {}
