"""What goes between the robot and its recogniser, in frames (`robot.framing`): sound there, its meaning back."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from robot.senses.hearing.words.recogniser import Engines, Recognised

WHICH = b"?"
"""The question which engines there are."""

WORDS, COMMANDS = b"w", b"c"
"""First byte of a turn: whether words may be written down, or only a command looked for."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The engine raised on this turn; the helper goes on."""

    why: str


class Answer(msgspec.Struct, frozen=True, tag=True):
    """One of the two, by what was asked."""

    recognised: Recognised | None = None
    engines: Engines | None = None


_DECODER = msgspec.json.Decoder(Answer | Failed)


def encode_turn(samples: NDArray[np.float32], *, words: bool) -> bytes:
    """A turn (m,) in -1..1 at 16 kHz."""
    pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
    return (WORDS if words else COMMANDS) + pcm


def decode_turn(frame: bytes) -> tuple[NDArray[np.float32], bool]:
    """The samples of a turn, and whether words may be written down.

    Raises:
        ValueError: this is no turn.
    """
    if frame[:1] not in (WORDS, COMMANDS) or len(frame) % 2 == 0:
        raise ValueError("this frame holds no turn")
    return np.frombuffer(frame[1:], "<i2").astype(np.float32) / np.float32(32_768), frame[:1] == WORDS


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
