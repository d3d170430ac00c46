"""Lives a report again: the recorded percepts, at their recorded times, to a new mind and a drawn body.

With the same version, persona and seed the same messages come out, byte for byte, wherever it is done: nothing in
them depends on the machine, and what did (how long a speech engine took, when a servo bus was away) is taken from the
recording.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

import msgspec

from hardware.boards.reading import load_board
from hardware.clock import SteppedClock
from hardware.ports import Camera, JointAngles, Microphone, Pixels, Servos
from hardware.virtual.body import RecordingSpeaker, VirtualServos
from robot.assembly import inner_parts
from robot.body.voice.choose import build_voice
from robot.body.voice.studio import InlineStudio, Render, Take
from robot.care.keeper import Keeper
from robot.care.model_note import Running
from robot.companion import Companion
from robot.config import Config
from robot.consent import Ladder
from robot.lookout import Lookout
from robot.messages import BodyPose, Intent, Message, ModelUse, Mood, OwnMotion, Reason
from robot.mind.persona import with_persona
from robot.recording import Moment, Recording

TRACE: tuple[type[Message], ...] = (Mood, Intent, BodyPose, Reason)
"""The messages that a replay must give again."""


class Event(NamedTuple):
    """Something that a person would notice: `kind` is `mood`, `state`, `light`, `look`, `says` or `chirp`."""

    t_s: float
    kind: str
    what: str


@dataclass
class Comparison:
    """How a replay differs from its report. Counts are by message name: how many are the same, how many are not."""

    ends_s: float = 0.0
    same: Counter[str] = field(default_factory=Counter)
    different: Counter[str] = field(default_factory=Counter)
    first_s: dict[str, float] = field(default_factory=dict)
    recorded: list[Event] = field(default_factory=list)
    replayed: list[Event] = field(default_factory=list)

    @property
    def identical(self) -> bool:
        """True if every message of the trace is the same, byte for byte."""
        return not self.different

    def lost(self) -> list[Event]:
        """What happened in the report and not in the replay."""
        return _without(self.recorded, self.replayed)

    def gained(self) -> list[Event]:
        """What happened in the replay and not in the report."""
        return _without(self.replayed, self.recorded)


def replay(recording: Recording, config: Config, tell: Callable[[Message], None]) -> Comparison:
    """Live the recording again as the robot of `config`, tell every message, and compare.

    Raises:
        ReportError: the report is damaged or cut off.
        RapportError: the persona, speech engine or board of the configuration cannot be had here.
    """
    told: list[Message] = []
    stand_in = _StandIn(config, told.append)
    comparison = Comparison()
    before, now = _Notable(comparison.recorded), _Notable(comparison.replayed)
    try:
        for moment, following in _with_next(recording.moments()):
            stand_in.live(moment, following)
            _compare(comparison, moment, told)
            for message in told:
                now.note(moment.t_s, message)
                tell(message)
            for line in moment.lines:
                before.note(moment.t_s, line.message)
            told.clear()
    finally:
        stand_in.close()
    return comparison


class _StandIn:
    """The real companion on devices that do what the recording says they did."""

    def __init__(self, config: Config, tell: Callable[[Message], None]) -> None:
        config = with_persona(config)
        self._clock = SteppedClock()
        self._keepers: list[Keeper] = []  # type: ignore[type-arg]
        self._servos = _RecordedServos(config)
        self._lights = _RecordedLights()
        speaker = RecordingSpeaker(self._clock, keep=1)
        voice = build_voice(config.voice, speaker, config.robot.language, threaded=False)
        self._studio: _PatientStudio | None = None
        if voice is not None:
            voice.render_in(self._build_studio)
        mind, body = inner_parts(config, self._servos, self._lights, voice)
        camera: Keeper[Camera] = Keeper("camera", None, self._clock)
        microphone: Keeper[Microphone] = Keeper("microphone", None, self._clock)
        lookout = Lookout(self._clock, camera, microphone, None, None, config.sight.frames_per_s)
        self._models = _RecordedModels()
        self._companion = Companion(
            lookout, mind, body, self._keepers, self._models, config.behaviour, tell, Ladder(config.robot)
        )
        self._parts: dict[str, str] = {}

    def live(self, moment: Moment, following: Moment | None) -> None:
        """One step. A servo bus that goes or comes back during a step is known only in the health of the next."""
        if moment.parts is not None and moment.parts != self._parts:
            self._parts = moment.parts
            self._keepers[:] = [self._kept(part, state) for part, state in moment.parts.items()]
        soon = self._parts if following is None or following.parts is None else following.parts
        self._servos.set_working(soon.get("servos") not in ("lost", "refused"))
        self._lights.count = max(1, len(moment.pose.lights))
        if self._studio is not None:
            self._studio.hear(moment, silenced=self._parts.get("speaker") == "lost")
        self._models.fresh = [line.message for line in moment.lines if isinstance(line.message, ModelUse)]
        self._clock.wait_s(moment.t_s - self._clock.now_s())
        self._companion.act(moment.t_s, moment.sighting, moment.hearings, moment.signals)

    def close(self) -> None:
        """End the voice."""
        self._companion.close()

    def _build_studio(self, render: Render) -> InlineStudio:
        self._studio = _PatientStudio(render)
        return self._studio

    def _kept(self, part: str, state: str) -> Keeper:  # type: ignore[type-arg]
        keeper: Keeper = Keeper(part, None, self._clock)  # type: ignore[type-arg]
        keeper.state = state
        return keeper


class _RecordedModels:
    """No model runs; what the recording tells of them is told again."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.fresh: list[ModelUse] = []

    def identities(self) -> dict[str, str]:
        """None: percepts come from the recording."""
        return {}

    def news(self) -> list[ModelUse]:
        """What the recording tells of this moment."""
        return self.fresh

    def in_use(self) -> dict[str, Running]:
        """None."""
        return {}

    def look(self, timeout_s: float) -> None:
        """Nothing changes."""

    def rest(self) -> None:
        """Nothing is on trial."""


class _RecordedServos:
    """The servos of the recorded body: with their limits while the bus answered, an echo while it did not."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._servos = _servos_of(config)
        self._working = True

    def set_working(self, working: bool) -> None:
        if working and not self._working:
            self._servos = _servos_of(self._config)
        self._working = working

    def move(self, t_s: float, angles: JointAngles) -> JointAngles:
        return self._servos.move(t_s, angles) if self._working else angles

    def release(self) -> None:
        if self._working:
            self._servos.release()

    def close(self) -> None:
        self._servos.close()


def _servos_of(config: Config) -> Servos:
    if config.body.kind == "virtual":
        return VirtualServos()
    # The Pi's modules are imported only where its body is asked for; without outputs its servos move nothing.
    from hardware.pi.servos import JointServos  # noqa: PLC0415

    return JointServos(load_board(config.body.board).joints, {})


class _RecordedLights:
    """As many lights as the recorded body had."""

    def __init__(self) -> None:
        self.count = 1

    def show(self, pixels: Pixels) -> None:
        """Nobody looks."""

    def close(self) -> None:
        """Nothing to end."""


class _PatientStudio(InlineStudio):
    """Hands over what it rendered when the recorded robot began to sound, however long its engine took."""

    def __init__(self, render: Render) -> None:
        super().__init__(render)
        self._sounding = self._due = False

    def hear(self, moment: Moment, *, silenced: bool) -> None:
        """Take from the recording whether the robot sounds in this step; without a speaker it never does."""
        own = [line.message.speaking for line in moment.lines if isinstance(line.message, OwnMotion)]
        began = bool(own) and own[-1]
        # What comes while it sounds waits its turn in the voice, not here.
        self._due = began or self._sounding or silenced
        self._sounding = own[-1] if own else self._sounding

    def finished(self) -> list[Take]:
        return super().finished() if self._due else []


class _Notable:
    """Picks out of messages what a person would notice, when it changes."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events
        self._last: dict[str, str] = {}

    def note(self, t_s: float, message: Message) -> None:
        if isinstance(message, Mood):
            self._change(t_s, "mood", message.label)
        elif isinstance(message, Reason) and message.kind == "expression":
            self._change(t_s, "look", message.what)
        elif isinstance(message, Intent):
            self._change(t_s, "state", message.state)
            self._change(t_s, "light", message.light)
            if message.say is not None:
                self._events.append(Event(t_s, "says", message.say.text))
            if message.chirp is not None:
                self._events.append(Event(t_s, "chirp", message.chirp))

    def _change(self, t_s: float, kind: str, what: str) -> None:
        if self._last.get(kind) != what:
            self._last[kind] = what
            self._events.append(Event(t_s, kind, what))


def _compare(comparison: Comparison, moment: Moment, told: list[Message]) -> None:
    comparison.ends_s = moment.t_s
    for kind in TRACE:
        recorded = [line.raw for line in moment.lines if isinstance(line.message, kind)]
        replayed = [msgspec.json.encode(message) for message in told if isinstance(message, kind)]
        for old, new in zip_longest(recorded, replayed):
            count = comparison.same if old == new else comparison.different
            count[kind.__name__] += 1
            if old != new:
                comparison.first_s.setdefault(kind.__name__, moment.t_s)


def _with_next(moments: Iterator[Moment]) -> Iterator[tuple[Moment, Moment | None]]:
    """Each moment with the one after it."""
    waiting: deque[Moment] = deque()
    for moment in moments:
        waiting.append(moment)
        if len(waiting) == 2:
            yield waiting.popleft(), waiting[0]
    if waiting:
        yield waiting.popleft(), None


def _without(events: list[Event], others: list[Event]) -> list[Event]:
    left = Counter(events) - Counter(others)
    return sorted(left.elements())
