"""The live status line of a headless run: one line that changes in a terminal, one line for each change elsewhere."""

import shutil
from collections.abc import Callable, Mapping
from typing import TextIO

from robot.messages import Health, Hearing, Intent, Message, Mood, Sighting

REFRESH_S = 0.2
LOOK_EVERY_S = 1.0


class StatusLine:
    """Shows messages as they come.

    In a terminal the line is rewritten at most five times a second of the robot's time; what the robot says, and what
    breaks, stays on a line of its own. Without a terminal (a log) there is one line for each new state.
    """

    def __init__(self, out: TextIO, live: bool, faults: Callable[[], Mapping[str, str]] = dict) -> None:
        """`faults` tells, part by part, what is wrong with it now and how to mend it."""
        self._out = out
        self._live = live
        self._faults = faults
        self._told: dict[str, str] = {}
        self._looked_s = 0.0
        self._shown_s = -1.0
        self._state = "starting"
        self._mood = "unsure"
        self._faces = "-"
        self._sound = "-"
        self._broken = ""
        self._width = 0

    def show(self, message: Message) -> None:
        """Take one message into account."""
        if isinstance(message, Sighting):
            self._faces = str(len(message.faces))
        elif isinstance(message, Hearing):
            self._sound = f"{message.level_dbfs:.0f} dBFS{' speech' if message.speaking else ''}"
        elif isinstance(message, Mood):
            self._mood = f"{message.label} {message.confidence:.2f}"
        elif isinstance(message, Health):
            self._on_health(message)
        elif isinstance(message, Intent):
            self._on_intent(message)
        if message.t_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = message.t_s
            self._tell_faults()
        if self._live and message.t_s - self._shown_s >= REFRESH_S:
            self._shown_s = message.t_s
            self._rewrite(self._line(message.t_s))

    def close(self) -> None:
        """Leave the cursor on a fresh line."""
        if self._live and self._width:
            self._out.write("\n")
            self._out.flush()
            self._width = 0

    def _on_intent(self, intent: Intent) -> None:
        if intent.state != self._state:
            self._state = intent.state
            if not self._live:
                self._keep(self._line(intent.t_s))
        if intent.say is not None:
            self._keep(f'{intent.t_s:8.2f} s  says: "{intent.say.text}"')

    def _on_health(self, health: Health) -> None:
        broken = ", ".join(f"{part} {state}" for part, state in health.parts.items() if state not in {"ok", "off"})
        if broken != self._broken:
            self._broken = broken
            self._keep(f"{health.t_s:8.2f} s  {broken or 'everything works again'}")

    def _tell_faults(self) -> None:
        """Why a part does not work, and what to do, each once; a part may learn why long after it was lost."""
        faults = {part: fault for part, fault in self._faults().items() if fault}
        for part, fault in faults.items():
            if self._told.get(part) != fault:
                self._keep(f"            {fault if fault.startswith(f'{part}: ') else f'{part}: {fault}'}")
        self._told = faults

    def _line(self, t_s: float) -> str:
        return f"{t_s:8.2f} s  {self._state:<14} mood {self._mood:<14} faces {self._faces:<2} sound {self._sound}"

    def _keep(self, line: str) -> None:
        self._out.write(f"\r{line.ljust(self._width)}\n" if self._live else f"{line}\n")  # in full: it may wrap
        self._width = 0
        self._out.flush()

    def _rewrite(self, line: str) -> None:
        line = line[: shutil.get_terminal_size().columns - 1]
        self._out.write("\r" + line.ljust(self._width))
        self._out.flush()
        self._width = len(line)
