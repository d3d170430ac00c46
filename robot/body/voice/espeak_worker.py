"""The speech helper: a process of its own that holds the espeak-ng library (GPL-3) of the `espeakng-loader` wheel.

Started as `python -m robot.body.voice.espeak_worker`. It reads requests on standard input, answers on standard output
(`espeak_wire`), and ends when its input does, so that it cannot outlive the robot.

espeak-ng carries its noise and its flutter over from one utterance to the next, and begins them with the time of day.
So it is told where to begin, and each utterance is spoken by a fork of the helper as it was when it started: the same
words always sound the same, and a crash of the library costs one answer.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from functools import partial

from robot.body.voice.espeak_wire import (
    FAILED,
    OK,
    Marks,
    Request,
    decode_request,
    encode_speech,
    fallbacks,
)
from robot.framing import framed, read_frame

# From espeak-ng's speak_lib.h.
SYNCHRONOUS = 2
NO_EXIT = 0x8000
PHONEME_EVENTS, IPA_NAMES = 1, 2
LIST_ENDS, PHONEME = 0, 7
UTF8 = 1
CHARACTERS = 1
RATE, PITCH, RANGE, WORD_GAP = 1, 3, 4, 7

LONGEST_S = 30
NOISE_SEED = 1


class _Event(ctypes.Structure):
    """`espeak_EVENT`; of its last member, a union of eight bytes, only the phoneme's name is of interest."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """The library, initialised. Samples of one utterance are gathered through its callback."""

    def __init__(self) -> None:
        import espeakng_loader  # the GPL library; it is loaded here, in the helper, and nowhere else  # noqa: PLC0415

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._chunks: list[bytes] = []
        self._marks: Marks = []
        self._callback = _CALLBACK(self._take)
        data_path = espeakng_loader.get_data_path().encode()
        options = NO_EXIT | PHONEME_EVENTS | IPA_NAMES
        self.rate_hz: int = self._library.espeak_Initialize(SYNCHRONOUS, 0, data_path, options)
        if self.rate_hz <= 0:
            raise OSError("espeak-ng cannot read its data")
        begin_noise = getattr(self._library, "espeak_ng_SetRandSeed", None)  # not there before espeak-ng 1.52
        if begin_noise is not None:
            begin_noise(ctypes.c_long(NOISE_SEED))
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, request: Request) -> bytes:
        """`request` as speech: 16-bit samples and phonemes (`espeak_wire.encode_speech`).

        Raises:
            OSError: espeak-ng refuses, for example because it lacks the voice.
        """
        if all(self._library.espeak_SetVoiceByName(voice.encode()) != 0 for voice in fallbacks(request.voice)):
            raise OSError(f"espeak-ng has no voice for {request.voice!r}")
        settings = {
            RATE: request.rate_wpm,
            PITCH: request.pitch,
            RANGE: request.range,
            WORD_GAP: request.word_gap,
        }
        for parameter, value in settings.items():
            self._library.espeak_SetParameter(parameter, value, 0)
        self._chunks.clear()
        self._marks.clear()
        text = request.text.encode("utf-8", "replace") + b"\0"
        if self._library.espeak_Synth(text, len(text), 0, CHARACTERS, 0, UTF8, None, None) != 0:
            raise OSError("espeak-ng could not speak the text")
        return encode_speech(self._marks, b"".join(self._chunks))

    def _take(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, events: "ctypes._Pointer[_Event]") -> int:
        if samples and count > 0:
            self._chunks.append(ctypes.string_at(samples, 2 * count))
        place = 0
        while (event := events[place]).type != LIST_ENDS:
            place += 1
            if event.type == PHONEME:
                self._marks.append((event.sample, event.name.decode("utf-8", "replace")))
        return 0


def answer(frame: bytes, speak: Callable[[Request], bytes]) -> bytes:
    """The answer to one request; a request that makes no sense gets a reason, not an end."""
    try:
        return OK + speak(decode_request(frame))
    except (OSError, ValueError, TypeError) as error:
        return FAILED + str(error).encode("utf-8", "replace")


def in_a_fork(work: Callable[[], bytes], closing: int) -> bytes:
    """What `work` returns, run in a fork of this process that first closes the descriptor `closing`.

    A fork that crashes or takes longer than `LONGEST_S` gives a reason in its stead.
    """
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST_S)  # the kernel ends a fork whose parent was killed while it hung
        try:
            os.close(closing)
            with os.fdopen(write_end, "wb") as pipe:
                pipe.write(work())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        result = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return result if status == 0 else FAILED + f"espeak-ng ended with {status}".encode()


def main() -> int:
    """Answer requests until the input ends."""
    # Anything the library prints must not get between the frames: it goes to standard error.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    espeak = Espeak()
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        out.write(framed(in_a_fork(partial(answer, frame, espeak.speak), closing=out.fileno())))
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
