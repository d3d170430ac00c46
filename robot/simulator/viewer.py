"""What one page has still to get: the newest of everything, and every event that must not be missed, within bounds."""

from collections import deque
from collections.abc import Iterable

from robot.messages import Hearing, Intent, Message, Reason, Request
from robot.simulator.wire import Hush, Note, Source

MAX_EVENTS = 64
MAX_SOUND_BYTES_WAITING = 2 * 16_000 * 30
"""Thirty seconds of voice: longer than anything the robot says."""


class Viewer:
    """One page's tray. Not thread-safe: `Hub` holds its lock around every call.

    State (pose, sighting, mood ...) is replaced by newer state. Events (reasons, words, notes) wait in order, the
    oldest lost first. `lost` counts lost events, pictures and sounds. `backlog` is what the page missed before it came.
    """

    def __init__(self, backlog: Iterable[Message] = ()) -> None:
        self.lost = 0
        self._backlog: list[Message | Note] = list(backlog)
        self._count = 0
        self._state: dict[str, tuple[int, Message | Note]] = {}
        self._events: deque[tuple[int, Message | Note]] = deque(maxlen=MAX_EVENTS)
        self._picture: bytes | None = None
        self._sounds: deque[bytes] = deque()
        self._sound_bytes = 0

    def put(self, message: Message | Note) -> None:
        """Lay a message into the tray."""
        self._count += 1
        slot = slot_of(message)
        if slot is not None:
            self._state[slot] = (self._count, message)
            return
        self.lost += len(self._events) == MAX_EVENTS
        self._events.append((self._count, message))

    def put_picture(self, frame: bytes) -> None:
        """Lay a picture over the last."""
        self.lost += self._picture is not None
        self._picture = frame

    def put_sound(self, frame: bytes) -> None:
        """Add sound to be played after what waits; the oldest goes when it is too much."""
        self._sounds.append(frame)
        self._sound_bytes += len(frame)
        while self._sound_bytes > MAX_SOUND_BYTES_WAITING and len(self._sounds) > 1:
            self._sound_bytes -= len(self._sounds.popleft())
            self.lost += 1

    def hush(self) -> None:
        """Forget waiting sound and tell the page to be silent."""
        self._sounds.clear()
        self._sound_bytes = 0
        self.put(Hush())

    def take(self) -> tuple[list[Message | Note], list[bytes]]:
        """Empty the tray: messages in the order they came, then binary frames (picture first, then sound)."""
        numbered = sorted([*self._state.values(), *self._events], key=lambda item: item[0])
        binary = ([] if self._picture is None else [self._picture]) + list(self._sounds)
        messages = self._backlog + [message for _, message in numbered]
        self._backlog = []
        self._state.clear()
        self._events.clear()
        self._sounds.clear()
        self._picture, self._sound_bytes = None, 0
        return messages, binary


def slot_of(message: Message | Note) -> str | None:
    """Under which name a newer message replaces an older; None for an event, of which none is to be missed.

    A hop of hearing comes 31 times a second but a tone only twice: a hop with a tone has its own slot, or the next hop
    would push it out before the page saw it.
    """
    if isinstance(message, Reason | Hush | Request):
        return None
    if isinstance(message, Intent):
        return None if message.say or message.chirp or message.hush else "Intent"
    if isinstance(message, Hearing) and message.tone is not None:
        return "Hearing with tone"
    if isinstance(message, Source):
        return "Source"
    return type(message).__name__
