"""Speech by the espeak-ng library in a helper process, which is started when needed and again when it died."""

import importlib.util
import os
import select
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from hardware.clock import MonotonicClock
from hardware.ports import Sound
from robot.body.voice.engine import language_tag, speakable
from robot.body.voice.espeak import ESPEAK_RATE_HZ, TIME_LIMIT_S, SpeechShaper, espeak_settings
from robot.body.voice.espeak_wire import LONGEST_FRAME, OK, Request, decode_speech, encode_request, framed
from robot.body.voice.prosody import Prosody
from robot.body.voice.spoken import Phoneme, Spoken
from robot.errors import EngineMissing, SpeechError

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
        self._process = HelperProcess(command, time_limit_s)
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


class HelperDied(SpeechError):
    """The helper ended in the middle of an answer."""


class HelperProcess:
    """A child process that answers frames with frames over its pipes."""

    def __init__(self, command: Sequence[str], time_limit_s: float) -> None:
        self._command = list(command)
        self._time_limit_s = time_limit_s
        self._clock = MonotonicClock()
        self._asking = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The child's process number, or None while there is none."""
        return self._child.pid if self._child is not None else None

    def ask(self, payload: bytes) -> bytes:
        """Send a frame and return the answer, starting the child where there is none.

        Raises:
            SpeechError: it did not answer in time, died twice, or was closed.
        """
        with self._asking:
            try:
                return self._ask_once(payload)
            except HelperDied:
                return self._ask_once(payload)

    def close(self) -> None:
        """End the child for good, also from another thread while it is being asked."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()  # whoever is asking sees the pipe end and lets go of the lock
        with self._asking:
            self._end()

    def _ask_once(self, payload: bytes) -> bytes:
        child = self._running()
        deadline_s = self._clock.now_s() + self._time_limit_s
        try:
            assert child.stdin is not None
            child.stdin.write(framed(payload))
            length = int.from_bytes(self._read(child, 4, deadline_s), "big")
            if length > LONGEST_FRAME:
                raise HelperDied(f"the speech helper announced {length} bytes; it was stopped")
            return self._read(child, length, deadline_s)
        except OSError as error:
            self._end()
            raise HelperDied(f"the speech helper went away ({error}); it is started anew at the next word") from None
        except SpeechError:
            self._end()
            raise

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._closed:
            raise SpeechError("the speech helper was closed; nothing more is said")
        if self._child is None:
            home = Path(__file__).resolve().parents[3]  # where `robot` can be imported from, installed or not
            try:
                self._child = subprocess.Popen(
                    self._command,
                    bufsize=0,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    cwd=home,
                )
            except OSError as error:
                raise SpeechError(f"the speech helper cannot be started ({error})") from None
        return self._child

    def _read(self, child: "subprocess.Popen[bytes]", count: int, deadline_s: float) -> bytes:
        assert child.stdout is not None
        descriptor = child.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        chunks: list[bytes] = []
        while count > 0:
            left_ms = 1000.0 * (deadline_s - self._clock.now_s())
            if left_ms <= 0 or not poll.poll(left_ms):
                raise SpeechError(f"the speech helper took longer than {self._time_limit_s} s; it was stopped")
            chunk = os.read(descriptor, min(count, 65536))
            if not chunk:
                raise HelperDied("the speech helper ended; it is started anew at the next word")
            chunks.append(chunk)
            count -= len(chunk)
        return b"".join(chunks)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
