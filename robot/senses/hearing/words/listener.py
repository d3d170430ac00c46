"""Listens to what is said: turns go to the recogniser's helper, commands and transcripts come back, in order.

The recogniser is a child process that can be missing, crash or hang: the robot then goes on without words, says which
part is gone, and tries again with the next turn.
"""

import sys
from collections import deque
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from robot.errors import ListeningError
from robot.helper_process import HelperProcess
from robot.messages import HeardCommand, HeardTone
from robot.policy import Permission
from robot.senses.hearing.words.desk import InlineDesk, ThreadedDesk
from robot.senses.hearing.words.recogniser import Engines, Recognised
from robot.senses.hearing.words.turn_tones import TurnTones
from robot.senses.hearing.words.turns import Judged, Offer, Turns
from robot.senses.hearing.words.wire import WHICH, Answer, decode_answer, encode_turn
from robot.transcript import Transcript

WORKER = (sys.executable, "-m", "robot.senses.hearing.words.worker")

TIME_LIMIT_S = 20.0
"""The helper's start (seconds on a Pi: 75 MB of model) counts in its first answer."""

EARLY = frozenset({"stop"})
"""Commands that do not wait until it is certain that the person says no more."""

FAILURES_TO_BE_LOST = 2
"""One turn may defeat an engine; two in a row mean that it is gone, until one succeeds."""

Said = Transcript | HeardCommand | HeardTone


class WordListener:
    """`hear` is called by the thread of hearing, `said` and `permit` by the loop's.

    `threaded` is for real time: recognition then happens beside both. In stepped time it happens within `hear`.
    """

    def __init__(
        self,
        language: str,
        name: str = "",
        *,
        threaded: bool,
        command: Sequence[str] = WORKER,
        time_limit_s: float = TIME_LIMIT_S,
    ) -> None:
        self._language = language
        self._helper = HelperProcess(
            [*command, language, name], time_limit_s, "the recogniser of words", ListeningError
        )
        self._engines: Engines | None = None
        self._unstarted = ""
        self._desk: ThreadedDesk[Recognised] | InlineDesk[Recognised] = (
            ThreadedDesk("words", self._recognise, self._warm) if threaded else InlineDesk(self._recognise)
        )
        self.tones = TurnTones(self._statistics, threaded=threaded)
        """How turns are said; it needs a judge to say anything (`judge_with`)."""
        self._begun = False
        self._turns = Turns()
        self._over: deque[Offer] = deque()
        self._results: dict[int, Recognised] = {}
        self._early: set[int] = set()
        self._in_a_row = 0
        self._words = self._commands = False
        self._count = 0

    @property
    def state(self) -> str:
        """`ok`, `off` (not allowed), `missing` (no engine is installed) or `lost` (it crashes or hangs)."""
        if not (self._words or self._commands):
            return "off"
        if self._engines is not None and not self._engines.commands:
            return "missing"
        return "lost" if self._unstarted or self._in_a_row >= FAILURES_TO_BE_LOST else "ok"

    @property
    def fault(self) -> str:
        """What is missing or broken, in one line; empty when nothing is."""
        return self._desk.fault or self._unstarted or ("" if self._engines is None else self._engines.missing)

    @property
    def has_encoder(self) -> bool:
        """False once it is known that what tells how turns are said is not installed."""
        return self._engines is None or self._engines.words

    @property
    def dropped(self) -> int:
        """Turns that nobody got round to."""
        return self._desk.dropped

    def permit(self, allowed: Permission) -> None:
        """What may be listened for from now on; without leave nothing that was heard is kept."""
        self._words, self._commands = allowed.words, allowed.commands
        if self._commands and not self._begun:
            self._begun = True
            self._desk.begin()
        self.tones.permit(allowed=allowed.tone)

    def reset(self) -> None:
        """Sound was lost: what comes does not continue what was."""
        self._turns.reset()
        self.tones.reset()

    def hear(self, chunk: Judged) -> None:
        """Take in a chunk of sound."""
        if not (self._commands or self.tones.wanted):
            self._turns.reset()
            return
        self.tones.hear_sound(chunk)
        offer = self._turns.hear(chunk)
        if offer is None:
            return
        self.tones.hear(offer, chunk.floor_dbfs)
        if not self._commands:
            return
        if offer.over:
            self._over.append(offer._replace(samples=np.empty(0, np.float32)))
        if len(offer.samples):
            self._desk.put(offer.number, offer.samples)

    def said(self, t_s: float) -> tuple[Said, ...]:
        """What was understood since the last call, oldest first, stamped `t_s`."""
        said: list[Said] = []
        for number, recognised in self._desk.finished():
            self._in_a_row = 0 if recognised is not None else self._in_a_row + 1
            self._results[number] = recognised or Recognised()
            if recognised is not None and recognised.command in EARLY:
                self._early.add(number)
                said.append(self._as_command(t_s, t_s, recognised))
        while self._over and self._over[0].number in self._results:
            offer = self._over.popleft()
            said += self._told(t_s, offer, self._results[offer.number])
            self._forget(offer.number)
        tones = self.tones.said(t_s)
        return (*(said if self._words or self._commands else ()), *tones)

    def close(self) -> None:
        """End the helper."""
        self._helper.close()
        self._desk.close()
        self.tones.close()

    def _told(self, t_s: float, offer: Offer, recognised: Recognised) -> list[Said]:
        if offer.number in self._early:
            return []
        if recognised.command is not None:
            return [self._as_command(t_s, offer.ended_s, recognised)]
        if not recognised.text or not self._words:
            return []
        self._count += 1
        return [
            Transcript(
                f"w{self._count}",
                round(t_s, 6),
                round(offer.began_s, 6),
                round(offer.ended_s, 6),
                recognised.text,
                self._language,
                recognised.confidence,
            )
        ]

    def _as_command(self, t_s: float, ended_s: float, recognised: Recognised) -> HeardCommand:
        self._count += 1
        return HeardCommand(
            f"c{self._count}",
            round(t_s, 6),
            round(ended_s, 6),
            recognised.command or "",
            recognised.command_confidence,
        )

    def _forget(self, number: int) -> None:
        """Words are kept no longer than it takes to pass them on."""
        self._results = {each: result for each, result in self._results.items() if each > number}
        self._early = {each for each in self._early if each > number}

    def _warm(self) -> None:
        """Start the helper before anybody speaks: it takes seconds."""
        try:
            self._engines = self._ask(WHICH).engines
            self._unstarted = ""
        except ListeningError as error:
            # Not for good: on a slow computer it may have been busy. The next turn tries again.
            self._unstarted = str(error)

    def _ready(self) -> Engines:
        if self._engines is None:
            self._warm()
        if self._engines is None:
            raise ListeningError(self._unstarted)
        return self._engines

    def _recognise(self, samples: NDArray[np.float32]) -> Recognised:
        if not self._ready().commands:
            return Recognised()
        # Whisper tiny.en knows English only: where the robot speaks another language, commands are all it listens for.
        words = self._words and self._language.startswith("en")
        answer = self._ask(encode_turn(samples, "words" if words else "commands"))
        return answer.recognised or Recognised()

    def _statistics(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """How a sound is as a whole, by the same helper; (0,) where the engine for it is missing."""
        if not self._ready().words:
            return np.empty(0, np.float32)
        return np.frombuffer(self._ask(encode_turn(samples, "statistics")).statistics or b"", "<f4")

    def _ask(self, frame: bytes) -> Answer:
        try:
            answer = decode_answer(self._helper.ask(frame))
        except msgspec.DecodeError as error:
            raise ListeningError(f"the recogniser of words answered what makes no sense ({error})") from None
        if not isinstance(answer, Answer):
            raise ListeningError(f"the recogniser of words failed: {answer.why}")
        return answer
