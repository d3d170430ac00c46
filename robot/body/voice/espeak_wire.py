"""The words between the robot and its speech helper, in frames (`robot.framing`).

Standard library only: the helper imports this and must start fast.
"""

import json
from dataclasses import asdict, dataclass

from robot.framing import framed

OK, FAILED = b"+", b"-"
"""First byte of an answer; speech (`encode_speech`) or a reason in UTF-8 follow."""

Marks = list[tuple[int, str]]
"""Where phonemes start: the number of the sample, and the phoneme's name."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something to say and how, in espeak's units."""

    text: str
    voice: str
    pitch: int
    range: int
    rate_wpm: int
    word_gap: int = 0
    """Extra pause between words in units of 10 ms, at espeak's usual rate."""


def encode_request(request: Request) -> bytes:
    """A request as bytes."""
    return json.dumps(asdict(request)).encode("utf-8")


def decode_request(frame: bytes) -> Request:
    """A request from bytes."""
    return Request(**json.loads(frame))


def encode_speech(marks: Marks, pcm: bytes) -> bytes:
    """Spoken samples with their phonemes: four bytes of length, the marks as JSON, then the samples."""
    head = json.dumps(marks).encode("utf-8")
    return framed(head) + pcm


def decode_speech(payload: bytes) -> tuple[Marks, bytes]:
    """Marks and samples from bytes.

    Raises:
        ValueError: this is no speech.
    """
    length = int.from_bytes(payload[:4], "big")
    marks = json.loads(payload[4 : 4 + length])
    if not isinstance(marks, list):
        raise ValueError("the marks are no list")
    return [(int(sample), str(name)) for sample, name in marks], payload[4 + length :]


def fallbacks(tag: str) -> tuple[str, ...]:
    """The language tag, then the language alone: `de-at`, `de`."""
    language = tag.split("-", maxsplit=1)[0]
    return (tag,) if tag == language else (tag, language)
