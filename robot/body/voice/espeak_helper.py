"""Speech by the espeak-ng library in a helper process, which is started when needed and again when it died."""

import importlib.util
import sys
from collections.abc import Sequence

from hardware.ports import Sound
from robot.body.voice.engine import language_tag, speakable
from robot.body.voice.espeak import ESPEAK_RATE_HZ, TIME_LIMIT_S, SpeechShaper, espeak_settings
from robot.body.voice.espeak_wire import OK, Request, decode_speech, encode_request
from robot.body.voice.prosody import Prosody
from robot.body.voice.spoken import Phoneme, Spoken
from robot.errors import EngineMissing, SpeechError
from robot.helper_process import HelperProcess

WORKER = (sys.executable, "-m", "robot.body.voice.espeak_worker")


class EspeakHelper:
    """Speaks through a helper process. One that dies is started anew and asked again, once; one that hangs is killed.

    Raises:
        EngineMissing: the wheel `espeakng-loader` is not installed.
    """

    name = "espeak-ng helper"

    def __init__(self, command: Sequence[str] = WORKER, time_limit_s: float = TIME_LIMIT_S) -> None:
        if importlib.util.find_spec("espeakng_loader") is None:
            raise EngineMissing("espeakng-loader is not installed; install it with: pip install espeakng-loader")
        self._process = HelperProcess(command, time_limit_s, "the speech helper", SpeechError)
        self._shaper = SpeechShaper()

    @property
    def pid(self) -> int | None:
        """The helper's process, or None while there is none."""
        return self._process.pid

    def synthesise(self, text: str, language: str, prosody: Prosody) -> Sound:
        """See `SpeechEngine.synthesise`."""
        line, tag = speakable(text), language_tag(language)
        if not line:
            return self._shaper.shape(b"", prosody.volume)
        settings = espeak_settings(prosody)
        request = Request(line, tag, settings.pitch, settings.range, settings.rate_wpm, settings.word_gap)
        answer = self._process.ask(encode_request(request))
        if answer[:1] != OK:
            raise SpeechError(f"the speech helper refused: {answer[1:].decode('utf-8', 'replace')}")
        try:
            marks, pcm = decode_speech(answer[1:])
        except (ValueError, TypeError) as error:
            raise SpeechError(f"the speech helper's answer makes no sense ({error}); say it again") from None
        sound = self._shaper.shape(pcm, prosody.volume)
        phonemes = tuple(Phoneme(sample / ESPEAK_RATE_HZ, name) for sample, name in marks)
        return Spoken(sound.seq, sound.t_s, sound.samples, phonemes)

    def close(self) -> None:
        """End the helper. May be called twice."""
        self._process.close()
