"""A speech engine that is looked for beside the robot's start: the face lives before the voice is ready."""

from collections.abc import Callable

from hardware.ports import Sound
from robot.body.voice.engine import SpeechEngine
from robot.body.voice.prosody import Prosody
from robot.errors import SpeechError


class LateEngine:
    """The engine that `find` finds, when `warm` is called or something is to be said: that starts a process."""

    def __init__(self, find: Callable[[], SpeechEngine | None]) -> None:
        self._find: Callable[[], SpeechEngine | None] | None = find
        self._engine: SpeechEngine | None = None
        self._closed = False

    @property
    def name(self) -> str:
        """Its name; `chirps` until one was found."""
        return "chirps" if self._engine is None else self._engine.name

    def warm(self) -> None:
        """Find it now, in the thread that will use it."""
        find, self._find = self._find, None
        if find is None or self._closed:
            return
        self._engine = find()
        if self._closed and self._engine is not None:
            self._engine.close()

    def synthesise(self, text: str, language: str, prosody: Prosody) -> Sound:
        """See `SpeechEngine.synthesise`; without an engine it fails, and the voice chirps."""
        self.warm()
        if self._engine is None:
            raise SpeechError("no speech engine works here; run: apt-get install espeak-ng")
        return self._engine.synthesise(text, language, prosody)

    def close(self) -> None:
        """End the engine, if one was found. May be called twice."""
        self._closed = True
        if self._engine is not None:
            self._engine.close()
