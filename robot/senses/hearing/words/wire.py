"""What goes between the robot and its recogniser, in frames (`robot.framing`): sound there, its meaning back."""

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from robot.senses.hearing.words.recogniser import Engines, Recognised

WHICH = b"?"
"""The question which engines there are."""

Asked = Literal["words", "commands", "statistics"]
"""What a turn is asked for: words that may be written down, a command alone, or how the whole sounds and no word."""

_ASKED: dict[bytes, Asked] = {b"w": "words", b"c": "commands", b"s": "statistics"}
_BYTES = {asked: byte for byte, asked in _ASKED.items()}
"""First byte of a turn."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The engine raised on this turn; the helper goes on."""

    why: str


class Answer(msgspec.Struct, frozen=True, tag=True):
    """One of them, by what was asked. `statistics` are float32 (768,), little-endian; empty without the engine."""

    recognised: Recognised | None = None
    engines: Engines | None = None
    statistics: bytes | None = None


_DECODER = msgspec.json.Decoder(Answer | Failed)


def encode_turn(samples: NDArray[np.float32], asked: Asked) -> bytes:
    """A turn (m,) in -1..1 at 16 kHz."""
    pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
    return _BYTES[asked] + pcm


def decode_turn(frame: bytes) -> tuple[NDArray[np.float32], Asked]:
    """The samples of a turn, and what it is asked for.

    Raises:
        ValueError: this is no turn.
    """
    if frame[:1] not in _ASKED or len(frame) % 2 == 0:
        raise ValueError("this frame holds no turn")
    return np.frombuffer(frame[1:], "<i2").astype(np.float32) / np.float32(32_768), _ASKED[frame[:1]]


def encode_answer(answer: Answer | Failed) -> bytes:
    """An answer as bytes."""
    return msgspec.json.encode(answer)


def decode_answer(frame: bytes) -> Answer | Failed:
    """An answer from bytes.

    Raises:
        msgspec.DecodeError: this is no answer.
    """
    answer: Answer | Failed = _DECODER.decode(frame)
    return answer
