"""Lets somebody who writes a persona try it while the robot runs: a changed file is taken up within a second."""

from collections.abc import Callable
from pathlib import Path

from robot.errors import ConfigError
from robot.messages import Message
from robot.mind.persona import Persona, load_persona, persona_path

LOOK_EVERY_S = 0.5


class PersonaWatch:
    """A listener that looks at the file now and then. A file with a mistake changes nothing: `say` tells the line."""

    def __init__(self, name: str, adopt: Callable[[Persona], None], say: Callable[[str], None]) -> None:
        self._name = name
        self._path: Path = persona_path(name)
        self._adopt = adopt
        self._say = say
        self._looked_s = 0.0
        self._stamp = self._read_stamp()

    def note(self, message: Message) -> None:
        """Take in the time of a message; look at the file when it is time to."""
        if message.t_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = message.t_s
        stamp = self._read_stamp()
        if stamp == self._stamp or stamp is None:
            return
        self._stamp = stamp
        try:
            self._adopt(load_persona(self._name))
        except ConfigError as error:
            self._say(f"{error} (the persona stays as it was)")
        else:
            self._say(f"{self._path.name} has changed and is taken up")

    def _read_stamp(self) -> tuple[int, int] | None:
        """Time and size of the file; None while an editor replaces it."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
