"""Picks the speech engine that works here."""

from collections.abc import Callable

from hardware.ports import Speaker
from robot.body.voice.engine import SpeechEngine
from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.espeak_program import EspeakProgram
from robot.body.voice.late_engine import LateEngine
from robot.body.voice.prosody import Prosody
from robot.body.voice.voice import Voice
from robot.config import VoiceSettings
from robot.errors import EngineMissing, SpeechError

Builders = tuple[Callable[[], SpeechEngine], ...]

ENGINES: Builders = (EspeakHelper, EspeakProgram)
"""Best first: the helper answers in milliseconds, the program starts anew for every utterance."""


def build_voice(
    settings: VoiceSettings, speaker: Speaker, language: str, *, threaded: bool, engines: Builders = ENGINES
) -> Voice | None:
    """The voice for a configuration; None for `silent`. `threaded` is for real time, see `Voice`.

    Raises:
        EngineMissing: `espeak` is asked for and does not work here.
    """
    if settings.engine == "silent":
        return None
    if threaded and settings.engine == "auto":
        late = LateEngine(lambda: find_engine(language, engines))
        return Voice(speaker, late, settings.volume, threaded=True, warm=late.warm)
    engine = None if settings.engine == "chirps" else find_engine(language, engines)
    if engine is None and settings.engine == "espeak":
        raise EngineMissing(
            "voice.engine: espeak-ng does not work here; run: apt-get install espeak-ng, or set 'chirps'"
        )
    return Voice(speaker, engine, settings.volume, threaded=threaded)


def find_engine(language: str, engines: Builders = ENGINES) -> SpeechEngine | None:
    """The first engine that is installed and really speaks `language`; None if there is none."""
    for build in engines:
        try:
            engine = build()
        except EngineMissing:
            continue
        if _speaks(engine, language):
            return engine
        engine.close()
    return None


def _speaks(engine: SpeechEngine, language: str) -> bool:
    try:
        return len(engine.synthesise("a", language, Prosody()).samples) > 0
    except SpeechError:
        return False
