"""What people type instead of saying it: the same as speech from there on, where speech may be understood.

Spoken sentences are understood in English only; what is typed, in every language that the robot speaks.
"""

from collections import deque

from robot.messages import HeardCommand
from robot.policy import Permission
from robot.transcript import Transcript

MOST_WAITING = 8
"""Nobody types more within one step; of a flood the newest stay."""

MOST_LETTERS = 200


class Typed:
    """Lines from any thread, until the loop takes them. `language` is the one that the robot speaks."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._waiting: deque[str] = deque(maxlen=MOST_WAITING)
        self._count = 0

    def put(self, text: str) -> None:
        """Somebody typed this."""
        line = " ".join(text.split())[:MOST_LETTERS]
        if line:
            self._waiting.append(line)

    def take(self, t_s: float, allowed: Permission, *, muted: bool) -> tuple[Transcript | HeardCommand, ...]:
        """What was typed since the last call, as if it had been said at `t_s`; what may not be understood is gone."""
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        return () if muted else tuple(heard for line in lines for heard in self._heard(t_s, line, allowed))

    def _heard(self, t_s: float, line: str, allowed: Permission) -> tuple[Transcript | HeardCommand, ...]:
        # The face lives before anything of a sense is imported.
        from robot.senses.hearing.words.commands import command_in  # noqa: PLC0415

        t_s = round(t_s, 6)
        command = command_in(line, self._language)
        self._count += 1
        if command is not None and allowed.commands:
            return (HeardCommand(f"k{self._count}", t_s, t_s, command, 1.0),)
        if allowed.words:
            return (Transcript(f"k{self._count}", t_s, t_s, t_s, line, self._language, 1.0),)
        return ()
