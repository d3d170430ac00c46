"""The words between the robot and its speech helper: frames of four length bytes (big-endian) and that many bytes.

Standard library only: the helper imports this and must start fast.
"""

import json
from dataclasses import asdict, dataclass
from typing import BinaryIO

LONGEST_FRAME = 16 * 1024 * 1024
OK, FAILED = b"+", b"-"
"""First byte of an answer; samples or a reason in UTF-8 follow."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something to say and how, in espeak's units."""

    text: str
    voice: str
    pitch: int
    range: int
    rate_wpm: int


def encode_request(request: Request) -> bytes:
    """A request as bytes."""
    return json.dumps(asdict(request)).encode("utf-8")


def decode_request(frame: bytes) -> Request:
    """A request from bytes."""
    return Request(**json.loads(frame))


def framed(payload: bytes) -> bytes:
    """The payload with its length before it."""
    return len(payload).to_bytes(4, "big") + payload


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame, waiting for it; None at the end of the stream or when the length makes no sense."""
    head = stream.read(4)
    length = int.from_bytes(head, "big")
    if len(head) < 4 or length > LONGEST_FRAME:
        return None
    payload = stream.read(length)
    return payload if len(payload) == length else None


def fallbacks(tag: str) -> tuple[str, ...]:
    """The language tag, then the language alone: `de-at`, `de`."""
    language = tag.split("-", maxsplit=1)[0]
    return (tag,) if tag == language else (tag, language)
