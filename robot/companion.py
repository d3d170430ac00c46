"""The robot, put together: sense, feel, decide, act. Knows nothing of threads or pace; `robot.pace` drives it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from hardware.ports import MuteSwitch
from robot.admission import admitted
from robot.asked import without_identity
from robot.body.body import Body
from robot.care.keeper import Keeper
from robot.care.model_note import Running
from robot.config import BehaviourSettings
from robot.consent import Ladder, may_raise
from robot.inference.coprocess import Coprocess
from robot.lookout import Lookout
from robot.messages import (
    Consent,
    Health,
    HeardCommand,
    HeardTone,
    Hearing,
    Intent,
    Message,
    ModelUse,
    Mood,
    OwnMotion,
    Request,
    Sighting,
    Signal,
)
from robot.mind.faculties import PART_NAMES
from robot.mind.mind import Mind
from robot.mind.persona import Persona
from robot.policy import Permission
from robot.requests import Requests
from robot.transcript import Transcript

Listener = Callable[[Message], None]


class Models(Protocol):
    """The models behind the senses (`robot.models_in_use`)."""

    @property
    def states(self) -> Mapping[str, str]:
        """Model to its health: `ok`, `off` or `refused`."""
        ...

    def identities(self) -> dict[str, str]:
        """Model to `id version sha256` of what is in use now."""
        ...

    def news(self) -> Sequence[ModelUse]:
        """What has changed since the last call."""
        ...

    def in_use(self) -> Mapping[str, Running]:
        """The models that may be replaced, as they are used now."""
        ...

    def look(self, timeout_s: float) -> None:
        """Take up what updates have changed; called over and over by a thread of its own."""
        ...

    def rest(self) -> None:
        """The robot ends in good order."""
        ...


class Companion:
    """The robot from percept to gesture.

    `act` is called by one thread only, the owner of every actuator; `tell` gets every message from it, in order. Any
    thread may put what people ask into `requests`. `overhear` gets what was said, as far as consent lets the robot
    listen: to show it for a moment, never to keep it.
    """

    def __init__(
        self,
        lookout: Lookout,
        mind: Mind,
        body: Body,
        keepers: Sequence[Keeper],  # type: ignore[type-arg]
        models: Models,
        settings: BehaviourSettings,
        tell: Listener,
        ladder: Ladder,
        mutes: Sequence[MuteSwitch] = (),
        accelerator: Coprocess | None = None,
        rebuild_sight: Callable[[], None] | None = None,
        rebuild_ear: Callable[[], None] | None = None,
        minute_of_day: Callable[[], float] | None = None,
        requests: Requests | None = None,
        overhear: Callable[[Transcript | HeardCommand], None] | None = None,
    ) -> None:
        self.lookout = lookout
        self._ladder = ladder
        self._mutes = mutes
        self._asked_mute = False
        self._next_persona: Persona | None = None
        self._consent: Consent | None = None
        self._minute_of_day = minute_of_day
        self.requests = Requests() if requests is None else requests
        self.linger_s = settings.lost_face_s + settings.parting_s + 2.0
        """How long to stay after the last input: long enough to notice that the person left, and to say goodbye."""
        self.rebuild_sight = rebuild_sight or _nothing_to_rebuild
        self.rebuild_ear = rebuild_ear or _nothing_to_rebuild
        """Load the models of a sense again, for a watch that found them stuck."""
        self._mind = mind
        self._body = body
        self.keepers = keepers
        self._accelerator = accelerator
        self.models = models
        self._tell = tell
        self._overhear = overhear
        self._health = Health(t_s=0.0, parts={})
        self._beside: dict[str, Callable[[], str]] = {}
        self._beside_faults: dict[str, Callable[[], str]] = {}
        self._mood: Mood | None = None
        self._intent: Intent | None = None
        self._own: OwnMotion | None = None

    def act(
        self, t_s: float, sighting: Sighting | None, hearings: Sequence[Hearing], signals: Sequence[Signal] = ()
    ) -> None:
        """Feel, decide and move at time `t_s`, with what the senses found since the last call.

        `signals` are those of a recording; the robot's own ears, and `requests`, are asked here.
        """
        if self._next_persona is not None:
            self._mind.adopt(t_s, self._next_persona)
            self._next_persona = None
        signals = self._consented(t_s, (*signals, *self.requests.take(t_s)))
        allowed, muted = self._ladder.allowed, self._is_muted(signals)
        self.lookout.permit(allowed, muted)
        signals = (*signals, *self._mind.understand(self._said(t_s, allowed, muted), self._minute()))
        sighting, hearings, signals = admitted(allowed, muted, sighting, hearings, signals)
        if sighting is not None:
            self._tell(sighting)
        for hearing in hearings:
            self._tell(hearing)
        for signal in signals:
            self._tell(without_identity(signal) if isinstance(signal, Request) else signal)
        self._check_health(t_s)
        self._tell_of_models(t_s)
        mood, intent = self._mind.step(t_s, sighting, hearings, self._health, signals)
        if mood is not self._mood:
            self._mood = mood
            self._tell(mood)
        if intent is not None:
            self._intent = intent
            self._tell(intent)
        self._move(t_s)
        for reason in self._mind.reasons.drain():
            self._tell(reason)

    def adopt(self, persona: Persona) -> None:
        """Be another persona from the next step on."""
        self._next_persona = persona

    def watch_over(self, part: str, state: Callable[[], str], fault: Callable[[], str] | None = None) -> None:
        """Count something beside the robot among its parts, such as `fleet`.

        `state` gives its health at any time, `fault` what is wrong with it in one line; both are asked often.
        """
        self._beside[part] = state
        if fault is not None:
            self._beside_faults[part] = fault

    @property
    def faults(self) -> dict[str, str]:
        """What each part said last when it went; empty while it works."""
        beside = {part: fault() for part, fault in self._beside_faults.items()}
        return {keeper.name: keeper.fault for keeper in self.keepers} | beside

    def close(self) -> None:
        """Be still and let every device go."""
        self.lookout.close()
        self._body.close()
        if self._accelerator is not None:
            self._accelerator.close()
        for mute in self._mutes:
            mute.close()

    def _said(self, t_s: float, allowed: Permission, muted: bool) -> tuple[Transcript | HeardCommand | HeardTone, ...]:
        """What was understood of speech, and what was typed; whoever may overhear it gets it now or never."""
        said = (*self.lookout.said(), *self.requests.typed.take(t_s, allowed, muted=muted))
        if self._overhear is not None:
            for heard in said:
                if not isinstance(heard, HeardTone):
                    self._overhear(heard)
        return said

    def _is_muted(self, signals: Sequence[Signal]) -> bool:
        """Whether the robot must neither see nor hear. The switch of the body wins over whatever is asked."""
        for signal in signals:
            if isinstance(signal, Request) and signal.what == "mute" and (signal.value == "on" or may_raise(signal)):
                self._asked_mute = signal.value == "on"
        return self._asked_mute or any(mute.muted for mute in self._mutes)

    def _consented(self, t_s: float, signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
        """The signals, and how far the robot may go: at the very first, and whenever somebody asked for it."""
        if self._consent is None:
            rung = self._ladder.rung
            self._consent = Consent(round(t_s, 6), rung, rung, self._ladder.ceiling)
            signals = (self._consent, *signals)
        return (*signals, *self._ladder.follow(t_s, signals))

    def _move(self, t_s: float) -> None:
        if self._intent is None:
            return
        # A camera that hangs counts as lost, but may still film: its lamp stays on until it is closed.
        camera_on = self._health.parts.get("camera") == "ok" or self.lookout.camera.open
        own, pose = self._body.step(t_s, self._intent, self._health, camera_on=camera_on)
        self.lookout.own = own
        if self._own is None or own.speaking != self._own.speaking:
            self._own = own
            self._tell(own)
        self._tell(pose)

    def _tell_of_models(self, t_s: float) -> None:
        for use in self.models.news():
            self._tell(msgspec.structs.replace(use, t_s=t_s))
            name = PART_NAMES.get(use.model, use.model)
            self._mind.reasons.add(t_s, "model", use.model, f"My {name}: {use.text}")

    def _minute(self) -> int | None:
        return None if self._minute_of_day is None else int(self._minute_of_day())

    def _check_health(self, t_s: float) -> None:
        parts = {keeper.name: keeper.state for keeper in self.keepers if keeper.state != "waking"}
        if self.lookout.awake:
            parts |= self.models.states
        if self._accelerator is not None and self._accelerator.offered:
            parts[self._accelerator.name] = self._accelerator.state
        parts |= {part: state() for part, state in self._beside.items()}
        parts |= self._body.faults
        if parts != self._health.parts:
            self._health = Health(t_s=t_s, parts=parts)
            self._tell(self._health)


def _nothing_to_rebuild() -> None:
    """A robot of a replay or a test has no models of its own."""
