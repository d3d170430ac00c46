import pytest

from hardware.clock import SteppedClock
from hardware.virtual.body import RecordingSpeaker
from robot.body.voice.choose import build_voice, find_engine
from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.espeak_program import EspeakProgram
from robot.config import VoiceSettings
from robot.errors import EngineMissing, SpeechError


class Mute:
    """An engine that is installed and does not work."""

    name = "mute"
    closed = 0

    def synthesise(self, text, language, prosody):
        raise SpeechError("no voice; install one")

    def close(self):
        Mute.closed += 1


def missing():
    raise EngineMissing("not installed; install it")


def speaker():
    return RecordingSpeaker(SteppedClock())


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_engine_that_really_speaks_is_found(language):
    engine = find_engine(language)
    if engine is None:
        pytest.skip("not tested: no espeak-ng here")
    assert isinstance(engine, EspeakHelper | EspeakProgram)
    engine.close()


def test_what_is_missing_or_mute_is_passed_over_and_closed():
    before = Mute.closed
    assert find_engine("en", (missing, Mute)) is None
    assert Mute.closed == before + 1


def test_without_any_engine_auto_chirps():
    voice = build_voice(VoiceSettings(), speaker(), "en", threaded=False, engines=(missing, Mute))
    assert voice.engine_name == "chirps"


def test_espeak_asked_for_and_missing_names_the_fix():
    with pytest.raises(EngineMissing, match="apt-get install espeak-ng"):
        build_voice(VoiceSettings(engine="espeak"), speaker(), "en", threaded=False, engines=(missing,))


def test_chirps_start_no_engine():
    def never():
        raise AssertionError("an engine was started")

    voice = build_voice(VoiceSettings(engine="chirps"), speaker(), "en", threaded=False, engines=(never,))
    assert voice.engine_name == "chirps"


def test_silent_is_no_voice_at_all():
    assert build_voice(VoiceSettings(engine="silent"), speaker(), "en", threaded=False) is None
