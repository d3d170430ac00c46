"""The robot, put together: sense, feel, decide, act. Knows nothing of threads or pace; `robot.pace` drives it."""

from collections.abc import Callable, Mapping, Sequence

from robot.body.body import Body
from robot.care.keeper import Keeper
from robot.config import BehaviourSettings
from robot.inference.model import Model
from robot.lookout import Lookout
from robot.messages import Health, Hearing, Intent, Message, Mood, OwnMotion, Sighting, Signal
from robot.mind.mind import Mind
from robot.requests import Requests

Listener = Callable[[Message], None]


class Companion:
    """The robot from percept to gesture.

    `act` is called by one thread only, the owner of every actuator; `tell` gets every message from it, in order. Any
    thread may put what people ask into `requests`.
    """

    def __init__(
        self,
        lookout: Lookout,
        mind: Mind,
        body: Body,
        keepers: Sequence[Keeper],  # type: ignore[type-arg]
        models: Mapping[str, Model | None],
        settings: BehaviourSettings,
        tell: Listener,
    ) -> None:
        self.lookout = lookout
        self.requests = Requests()
        self.linger_s = settings.lost_face_s + settings.parting_s + 2.0
        """How long to stay after the last input: long enough to notice that the person left, and to say goodbye."""
        self._mind = mind
        self._body = body
        self._keepers = keepers
        self.models = {task: _identity(model) for task, model in models.items() if model is not None}
        self._model_states = {task: "off" if model is None else "ok" for task, model in models.items()}
        self._tell = tell
        self._health = Health(t_s=0.0, parts={})
        self._mood: Mood | None = None
        self._intent: Intent | None = None
        self._own: OwnMotion | None = None

    def act(
        self, t_s: float, sighting: Sighting | None, hearings: Sequence[Hearing], signals: Sequence[Signal] = ()
    ) -> None:
        """Feel, decide and move at time `t_s`, with what the senses found since the last call.

        `signals` are those of a recording; the robot's own ears, and `requests`, are asked here.
        """
        signals = (*signals, *self._mind.understand(self.lookout.said()), *self.requests.take(t_s))
        if sighting is not None:
            self._tell(sighting)
        for hearing in hearings:
            self._tell(hearing)
        for signal in signals:
            self._tell(signal)
        self._check_health(t_s)
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

    def close(self) -> None:
        """Be still and let every device go."""
        self.lookout.close()
        self._body.close()

    def _move(self, t_s: float) -> None:
        if self._intent is None:
            return
        camera_on = self._health.parts.get("camera") == "ok"
        own, pose = self._body.step(t_s, self._intent, self._health, camera_on=camera_on)
        self.lookout.own = own
        if self._own is None or own.speaking != self._own.speaking:
            self._own = own
            self._tell(own)
        self._tell(pose)

    def _check_health(self, t_s: float) -> None:
        parts = {keeper.name: keeper.state for keeper in self._keepers} | self._model_states
        if parts != self._health.parts:
            self._health = Health(t_s=t_s, parts=parts)
            self._tell(self._health)


def _identity(model: Model) -> str:
    """Which bytes a model is made of: id, version and hash."""
    manifest = model.manifest
    return f"{manifest.id} {manifest.version} {manifest.sha256[manifest.file]}"
