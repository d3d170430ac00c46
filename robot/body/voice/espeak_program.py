"""Speech by Debian's `espeak-ng` program, started anew for every utterance."""

import shutil
import subprocess

from hardware.ports import Sound
from robot.body.voice.engine import language_tag, speakable
from robot.body.voice.espeak import TIME_LIMIT_S, SpeechShaper, espeak_settings
from robot.body.voice.espeak_wire import fallbacks
from robot.body.voice.prosody import Prosody
from robot.errors import EngineMissing, SpeechError

RANGE_COMMAND = "\x01{}R "
"""espeak's embedded command for the pitch range, for which the program has no option. Said text cannot hold one."""


class EspeakProgram:
    """Text goes in on standard input, a WAV file comes out on standard output; no shell, no file.

    Raises:
        EngineMissing: there is no such program.
    """

    def __init__(self, program: str = "espeak-ng", time_limit_s: float = TIME_LIMIT_S) -> None:
        path = shutil.which(program)
        if path is None:
            raise EngineMissing(f"the program {program} is not installed; install it with: apt-get install espeak-ng")
        self._path = path
        self._time_limit_s = time_limit_s
        self._shaper = SpeechShaper()

    @property
    def name(self) -> str:
        """The program's path."""
        return self._path

    def synthesise(self, text: str, language: str, prosody: Prosody) -> Sound:
        """See `SpeechEngine.synthesise`."""
        line, tag = speakable(text), language_tag(language)
        if not line:
            return self._shaper.shape(b"", prosody.volume)
        settings = espeak_settings(prosody)
        options = ["-p", str(settings.pitch), "-s", str(settings.rate_wpm), "-g", str(settings.word_gap)]
        said = (RANGE_COMMAND.format(settings.range) + line).encode("utf-8")
        return self._shaper.shape(_samples(self._speak(fallbacks(tag), options, said)), prosody.volume)

    def close(self) -> None:
        """Nothing stays open between utterances."""

    def _speak(self, voices: tuple[str, ...], options: list[str], text: bytes) -> bytes:
        """The WAV file by the first voice that espeak has."""
        command = [self._path, "--stdin", "--stdout", "-b", "1", *options, "-v"]
        for voice in voices[:-1]:
            try:
                return self._run([*command, voice], text)
            except SpeechError:
                continue  # the next voice is the answer; the last one's error is told
        return self._run([*command, voices[-1]], text)

    def _run(self, command: list[str], text: bytes) -> bytes:
        try:
            result = subprocess.run(command, input=text, capture_output=True, timeout=self._time_limit_s, check=False)
        except subprocess.TimeoutExpired:
            raise SpeechError(f"{self._path} took longer than {self._time_limit_s} s; it was stopped") from None
        except OSError as error:
            raise SpeechError(f"{self._path} cannot be started ({error}); is it still installed?") from None
        if result.returncode != 0:
            reason = result.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
            raise SpeechError(f"{self._path} ended with {result.returncode}: {reason[0]}")
        return result.stdout


def _samples(wav: bytes) -> bytes:
    """What follows the `data` chunk's head. Its length field is a placeholder when espeak writes to a pipe."""
    start = wav.find(b"data", 12)
    if wav[:4] != b"RIFF" or start < 0:
        raise SpeechError("espeak-ng gave no WAV file; is the language installed?")
    return wav[start + 8 :]
