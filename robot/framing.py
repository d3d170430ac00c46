"""Frames on a pipe to a helper process: four length bytes (big-endian) and that many bytes.

Standard library only: helpers import this and must start fast.
"""

from typing import BinaryIO

LONGEST_FRAME = 16 * 1024 * 1024


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
