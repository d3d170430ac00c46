"""What goes over the page's WebSocket, both ways.

Text frames carry JSON. To the page: one array of tagged objects, the robot's messages (`robot.messages`) and the notes
defined here, and the questions of a calibration. From the page: one tagged object, `Choose`, `Ask`, `Say` or
`Answered`. Binary frames begin with one byte that says what follows:

| byte | way      | what                                                                  |
|------|----------|-----------------------------------------------------------------------|
| 0x01 | to page  | JPEG of what the robot sees                                           |
| 0x02 | to page  | sound to play: int16 little-endian PCM, mono, `SAMPLE_RATE_HZ`        |
| 0x11 | to robot | JPEG from the visitor's camera, up to `MAX_PICTURE_BYTES`             |
| 0x12 | to robot | int16 little-endian PCM from the visitor's microphone, mono, 16 kHz   |
"""

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from robot.care.calibration.dialogue import Question
from robot.messages import Message, What

SourceName = Literal["browser", "sample"]
"""Where the robot's pictures and sound come from: a page that handed over its camera, or what it had before."""

PICTURE_TO_PAGE = b"\x01"
SOUND_TO_PAGE = b"\x02"
PICTURE_TO_ROBOT = 0x11
SOUND_TO_ROBOT = 0x12

MAX_PICTURE_BYTES = 200_000
"""A 640x480 JPEG at quality 0.7 is 30 to 80 kB; a camera's full-size photograph does not fit, on purpose."""

MAX_SOUND_BYTES = 16_000
"""Half a second; the page sends 32 ms at a time."""

MAX_TEXT_CHARACTERS = 256

MAX_MESSAGE_BYTES = MAX_PICTURE_BYTES + 1
"""The WebSocket itself closes on anything longer, before it is held in memory."""


class Source(msgspec.Struct, frozen=True, tag=True):
    """Note to a page: whose eyes and ears the robot uses. `yours` is true for the page that handed over its own.

    `possible` is false when this robot takes no camera from a page (a run with its own camera, or consent is off).
    """

    source: SourceName
    yours: bool
    possible: bool


class Hush(msgspec.Struct, frozen=True, tag=True):
    """Note to a page: stop the voice now and forget what was to be played."""


class Words(msgspec.Struct, frozen=True, tag=True):
    """Note to a page: what was just understood of speech, in its BCP 47 language; or a command, by its name.

    It goes to the pages that are open, on this computer, and is kept nowhere: neither here nor in a report.
    """

    text: str
    language: str = ""
    command: bool = False


class Choose(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """From a page: take my camera and microphone (`browser`), or go back to what you had (`sample`)."""

    source: SourceName


class Answered(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """From a page: the key of an answer to the question with this title."""

    title: str
    key: str


class Ask(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """From a page: something that its person asks of the robot, as in `robot.messages.Request`."""

    what: What
    value: str = ""


class Say(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """From a page: what its person types instead of saying it; kept as little as what is said."""

    text: str


Note = Source | Hush | Words | Question
FromPage = Choose | Answered | Ask | Say

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[FromPage] = msgspec.json.Decoder(FromPage)


def encode_text(messages: list[Message | Note]) -> str:
    """One text frame for the page: a JSON array. NaN and infinity, which JSON lacks, become null."""
    return _ENCODER.encode(messages).decode()


def decode_text(text: str) -> FromPage:
    """What a page asks for.

    Raises:
        msgspec.DecodeError: it is no `Choose`, `Ask`, `Say` or `Answered`, or longer than `MAX_TEXT_CHARACTERS`.
    """
    if len(text) > MAX_TEXT_CHARACTERS:
        raise msgspec.DecodeError(f"a page may send {MAX_TEXT_CHARACTERS} characters of text, not {len(text)}")
    return _DECODER.decode(text)


def encode_sound(samples: NDArray[np.float32]) -> bytes:
    """One binary frame that the page plays. `samples` float32 -1..1, clipped; NaN plays as silence."""
    clipped = np.clip(np.nan_to_num(samples), -1.0, 1.0)
    return SOUND_TO_PAGE + np.rint(clipped * 32_767).astype("<i2").tobytes()
