"""Where utterances are turned into sound: at once, for stepped time, or in a thread of its own, for real time."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hardware.ports import Sound
from robot.body.lipsync import MouthTrack
from robot.messages import Utterance


@dataclass(frozen=True, slots=True)
class Chirp:
    """An answer without words: its name in `robot.body.sounds`, and the feeling."""

    name: str
    valence: float
    arousal: float


@dataclass(frozen=True, slots=True)
class Take:
    """A finished sound with its mouth. `round` is the number of hushes before it was asked for."""

    round: int
    sound: Sound
    mouth: MouthTrack


Render = Callable[[int, Utterance | Chirp], Take]

MOST_WAITING = 3
"""More than this is chatter from the past; the oldest is dropped and counted."""


class InlineStudio:
    """Renders while the caller waits: the same ticks give the same sounds."""

    def __init__(self, render: Render) -> None:
        self._render = render
        self._takes: list[Take] = []
        self.dropped = 0

    def ask(self, round_: int, what: Utterance | Chirp) -> None:
        """Render now."""
        self._takes.append(self._render(round_, what))

    def finished(self) -> list[Take]:
        """What was rendered since the last call, in order."""
        takes, self._takes = self._takes, []
        return takes

    def close(self) -> None:
        """Nothing to end."""


class ThreadedStudio:
    """Renders in one thread, in order, so that the body's tick never waits for a speech engine. `warm` comes first."""

    def __init__(self, render: Render, warm: Callable[[], None] | None = None) -> None:
        self._render = render
        self._warm = warm
        self._news = threading.Condition()
        self._waiting: deque[tuple[int, Utterance | Chirp]] = deque()
        self._takes: deque[Take] = deque()
        self._failure: BaseException | None = None
        self._closed = False
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def ask(self, round_: int, what: Utterance | Chirp) -> None:
        """Render soon; never waits."""
        with self._news:
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self.dropped += 1
            self._waiting.append((round_, what))
            self._news.notify()

    def finished(self) -> list[Take]:
        """What was rendered since the last call, in order.

        Raises:
            Exception: whatever broke the thread, so that it does not fail in silence.
        """
        with self._news:
            if self._failure is not None:
                raise self._failure
            takes = list(self._takes)
            self._takes.clear()
            return takes

    def close(self) -> None:
        """End the thread; what was still waiting is not said."""
        with self._news:
            self._closed = True
            self._waiting.clear()
            self._news.notify()
        self._thread.join(timeout=10.0)

    def _run(self) -> None:
        try:
            if self._warm is not None:
                self._warm()
            while (job := self._next()) is not None:
                take = self._render(*job)
                with self._news:
                    self._takes.append(take)
        except BaseException as error:  # noqa: BLE001  it is raised again in the owning thread
            self._failure = error

    def _next(self) -> tuple[int, Utterance | Chirp] | None:
        with self._news:
            self._news.wait_for(lambda: self._closed or bool(self._waiting))
            return None if self._closed else self._waiting.popleft()
