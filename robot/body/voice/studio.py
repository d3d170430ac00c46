"""Where utterances are turned into sound: at once, for stepped time, or in a thread of its own, for real time."""

from collections.abc import Callable
from dataclasses import dataclass

from hardware.ports import Sound
from robot.body.lipsync import MouthTrack
from robot.messages import Utterance
from robot.work_thread import WorkThread


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


Job = tuple[int, Utterance | Chirp]
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
        self._thread: WorkThread[Job, Take] = WorkThread("voice", lambda job: render(*job), MOST_WAITING, warm)
        self._thread.start()
        self.dropped = 0

    def ask(self, round_: int, what: Utterance | Chirp) -> None:
        """Render soon; never waits."""
        self.dropped += self._thread.put((round_, what)) is not None

    def finished(self) -> list[Take]:
        """What was rendered since the last call, in order.

        Raises:
            Exception: whatever broke the thread, so that it does not fail in silence.
        """
        return self._thread.finished()

    def close(self) -> None:
        """End the thread; what was still waiting is not said."""
        self._thread.close()
