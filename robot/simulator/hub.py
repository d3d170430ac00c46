"""Where the robot's threads and the pages meet. Publishing never blocks and never fails because of a page."""

import threading
from collections import deque
from collections.abc import Callable

import msgspec

from hardware.ports import Sound
from robot.care.calibration.dialogue import STOP, Question
from robot.consent import lowered
from robot.messages import (
    By,
    Consent,
    HeardCommand,
    HeardTone,
    HeardWords,
    Intent,
    Message,
    Mood,
    OwnMotion,
    Reason,
    Request,
    What,
)
from robot.simulator.viewer import Viewer, slot_of
from robot.simulator.wire import PICTURE_TO_PAGE, Answered, Note, Source, SourceName, Words, encode_sound
from robot.transcript import Transcript

LAST_REASONS = 12
MOOD_HISTORY = 240
MOOD_EVERY_S = 0.5


def _ignore(_: object) -> None:
    """The callback that nobody set."""


def _ignore_request(_what: What, _value: str, _by: By) -> None:
    """The robot that does not answer yet."""


class Hub:
    """Hands messages, pictures and sound to every watching page, and a page's camera and microphone to the robot.

    `publish`, `picture`, `sound`, `words` and `hush` may be called from any thread. The callbacks `on_camera` (JPEG),
    `on_microphone` (int16 little-endian PCM bytes, 16 kHz mono) and `source_requested` (`"browser"` when a page hands
    over its camera and microphone, `"sample"` when it takes them back or is gone), `answered` (an answer to the
    question that stands), `requested` (what a person asks of the robot) and `typed` (what they type to it) are called
    from the server's thread, outside the hub's lock, and must return at once. `takes_source` false tells pages that
    this robot wants no camera from them, because it has its own or because consent is off.
    """

    def __init__(self, *, takes_source: bool = True) -> None:
        self.on_camera: Callable[[bytes], None] = _ignore
        self.on_microphone: Callable[[bytes], None] = _ignore
        self.source_requested: Callable[[SourceName], None] = _ignore
        self.requested: Callable[[What, str, By], None] = _ignore_request
        self.typed: Callable[[str], None] = _ignore
        self.answered: Callable[[Answered], None] = _ignore
        self._question: Question | None = None
        self._takes_source = takes_source
        self._lock = threading.Lock()
        self._viewers: list[Viewer] = []
        self._giver: Viewer | None = None
        self._state: dict[str, Message] = {}
        self._reasons: deque[Reason] = deque(maxlen=LAST_REASONS)
        self._moods: deque[Mood] = deque(maxlen=MOOD_HISTORY)

    @property
    def watching(self) -> int:
        """How many pages are open."""
        with self._lock:
            return len(self._viewers)

    @property
    def wants_picture(self) -> bool:
        """True if a page needs pictures from the robot: one is open and it is not the one whose own camera is used."""
        with self._lock:
            return any(viewer is not self._giver for viewer in self._viewers)

    def publish(self, message: Message) -> None:
        """Show a message on every page, and keep it as the present state for pages that come later."""
        with self._lock:
            self._remember(message)
            for viewer in self._viewers:
                viewer.put(message)

    def picture(self, jpeg: bytes) -> None:
        """Show what the robot sees. Held in memory until sent, never stored; nothing happens while no page is open."""
        with self._lock:
            for viewer in self._viewers:
                if viewer is not self._giver:
                    viewer.put_picture(PICTURE_TO_PAGE + jpeg)

    def sound(self, sound: Sound) -> None:
        """Play a sound in every page, after what still plays."""
        frame = encode_sound(sound.samples)
        with self._lock:
            for viewer in self._viewers:
                viewer.put_sound(frame)

    def hush(self) -> None:
        """Silence every page now."""
        with self._lock:
            for viewer in self._viewers:
                viewer.hush()

    def words(self, heard: Transcript | HeardCommand) -> None:
        """Show what was said on every open page; a page that comes later never sees it."""
        note = Words(heard.name, command=True) if isinstance(heard, HeardCommand) else Words(heard.text, heard.language)
        with self._lock:
            for viewer in self._viewers:
                viewer.put(note)

    def ask(self, question: Question) -> None:
        """Show a calibration's question on every page, in place of the one before; one without answers only tells."""
        with self._lock:
            self._question = question
            for viewer in self._viewers:
                viewer.put(question)

    def answer(self, answered: Answered) -> None:
        """A page has answered; passed on if that is the question that stands, and one of its answers."""
        question = self._question
        keys = () if question is None else tuple(answer.key for answer in question.answers)
        if question is not None and answered.title == question.title and answered.key in (*keys, STOP):
            self.answered(answered)

    def join(self) -> Viewer:
        """A page has come: its tray, holding the present state and the last reasons."""
        with self._lock:
            viewer = Viewer((*self._moods, *self._state.values(), *self._reasons))
            self._viewers.append(viewer)
            viewer.put(self._source_for(viewer))
            if self._question is not None:
                viewer.put(self._question)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """A page has gone; if its camera was in use, the robot goes back to what it had."""
        with self._lock:
            self._viewers.remove(viewer)
        self.choose(viewer, "sample")

    def take(self, viewer: Viewer) -> tuple[list[Message | Note], list[bytes]]:
        """Empty a page's tray: messages, and binary frames."""
        with self._lock:
            return viewer.take()

    def choose(self, viewer: Viewer, source: SourceName) -> None:
        """A page hands over its camera and microphone, or takes them back. The latest page to hand over wins."""
        with self._lock:
            was = self._giver
            if source == "browser" and self._takes_source:
                self._giver = viewer
            elif was is viewer:
                self._giver = None
            changed = self._giver is not was
            for each in self._viewers:
                each.put(self._source_for(each))
        if changed:
            self.source_requested("browser" if self._giver else "sample")

    def offer_camera(self, viewer: Viewer, jpeg: bytes) -> None:
        """A camera picture from a page; passed on only if this page's camera is in use."""
        if self._giver is viewer:
            self.on_camera(jpeg)

    def offer_microphone(self, viewer: Viewer, pcm: bytes) -> None:
        """Microphone sound from a page; passed on only if this page's microphone is in use."""
        if self._giver is viewer:
            self.on_microphone(pcm)

    def _source_for(self, viewer: Viewer) -> Source:
        source: SourceName = "browser" if self._giver else "sample"
        return Source(source=source, yours=self._giver is viewer, possible=self._takes_source)

    def _remember(self, message: Message) -> None:
        if isinstance(message, Consent) and lowered((message,)):
            # What was noted is forgotten, here too.
            self._reasons.clear()
            self._moods.clear()
            for slot in ("Mood", "Sighting", "Hearing", "Hearing with tone"):
                self._state.pop(slot, None)
        if isinstance(message, Reason):
            self._reasons.append(message)
        elif isinstance(message, Intent):
            # What was said once must not be said again to a page that comes later.
            self._state["Intent"] = _without_utterance(message)
        elif not isinstance(message, OwnMotion | Request | HeardWords | HeardCommand | HeardTone):
            self._state[slot_of(message) or ""] = message
        if isinstance(message, Mood) and (not self._moods or message.t_s - self._moods[-1].t_s >= MOOD_EVERY_S):
            self._moods.append(message)


def _without_utterance(intent: Intent) -> Intent:
    return msgspec.structs.replace(intent, say=None, chirp=None, hush=False)
