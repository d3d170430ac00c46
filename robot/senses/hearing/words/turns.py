"""Cuts what somebody says into turns: from a little before the first sound to the pause after the last.

A turn is offered for recognition as soon as there is a short pause, before it is certain that it is over: if the person
goes on, that offer is void, and the whole turn is offered again. So most of the work is done by the time it counts.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ
from robot.senses.hearing.level import SILENCE_DBFS

LEAD_S = 0.3
"""What is kept from before the voice was noticed: the first consonant."""

SETTLE_S = 0.25
"""A pause this long may be the end of the turn."""

LONGEST_S = 10.0
"""Longer speech is cut into turns of this length, so that an hour of it needs no more memory than ten seconds."""

LEAST_VOICED_S = 0.2
"""Less is a cough or a click, and is not offered."""


class Judged(NamedTuple):
    """A chunk of sound that ends at `end_s`, and what was found out about it.

    `speaking` is the voice gate with its hangover, `voiced` whether this chunk itself holds speech, `wordless` whether
    it is loud and no speech, `masked` whether the robot itself sounds in it: such a chunk is heard as silence. The
    noise around is `floor_dbfs`.
    """

    samples: NDArray[np.float32]
    end_s: float
    speaking: bool
    voiced: bool
    masked: bool = False
    wordless: bool = False
    floor_dbfs: float = SILENCE_DBFS


class Offer(NamedTuple):
    """A turn, perhaps unfinished. `number` grows with every offer; a later one of the same turn replaces it.

    `over` says that nothing will be added any more: the offer with this `number` counts, and no sound comes with it if
    it came before.
    """

    number: int
    began_s: float
    ended_s: float
    samples: NDArray[np.float32]
    over: bool


@dataclass(slots=True, eq=False)
class _Turn:
    began_s: float
    chunks: list[NDArray[np.float32]]
    ended_s: float
    length_s: float
    voiced_s: float = 0.0
    quiet_s: float = 0.0
    offered: bool = False


class Turns:
    """Fed with every chunk of sound, in order."""

    def __init__(self) -> None:
        self._before: deque[NDArray[np.float32]] = deque()
        self._before_s = 0.0
        self._turn: _Turn | None = None
        self._number = 0

    def reset(self) -> None:
        """Sound was lost, or may not be listened to: forget everything."""
        self._before.clear()
        self._before_s = 0.0
        self._turn = None

    def hear(self, chunk: Judged) -> Offer | None:
        """Take in a chunk; gives the turn when there is something to offer."""
        chunk_s = len(chunk.samples) / SAMPLE_RATE_HZ
        kept = np.zeros_like(chunk.samples) if chunk.masked else chunk.samples
        if self._turn is None and not chunk.speaking:
            self._remember(kept, chunk_s)
            return None
        turn = self._turn
        if turn is None:
            lead = list(self._before)
            turn = self._turn = _Turn(chunk.end_s - chunk_s - self._before_s, lead, chunk.end_s, self._before_s)
            self._before.clear()
            self._before_s = 0.0
        turn.chunks.append(kept)
        turn.length_s += chunk_s
        if chunk.voiced:
            turn.offered, turn.quiet_s, turn.ended_s = False, 0.0, chunk.end_s
            turn.voiced_s += chunk_s
        else:
            turn.quiet_s += chunk_s
        return self._offer(turn, over=not chunk.speaking or turn.length_s >= LONGEST_S)

    def _offer(self, turn: _Turn, *, over: bool) -> Offer | None:
        if over:
            self._turn = None
        due = not turn.offered and (over or turn.quiet_s >= SETTLE_S - 1e-9)
        if turn.voiced_s < LEAST_VOICED_S or not (due or over):
            return None
        if due:
            self._number += 1
            turn.offered = True
        samples = np.concatenate(turn.chunks) if due else np.empty(0, np.float32)
        return Offer(self._number, turn.began_s, turn.ended_s, samples, over)

    def _remember(self, samples: NDArray[np.float32], chunk_s: float) -> None:
        self._before.append(samples)
        self._before_s += chunk_s
        while self._before_s > LEAD_S:
            self._before_s -= len(self._before.popleft()) / SAMPLE_RATE_HZ
