"""Builds the robot for a configuration and a set of devices: what may exist, which models, which body."""

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from hardware.boards.reading import load_board
from hardware.clock import Clock
from hardware.pi.vitals import Vitals
from hardware.ports import JOINTS, Camera, Frame, Lights, Microphone, MuteSwitch, Servos, Speaker
from hardware.wall import local_minute
from robot import __version__
from robot.body.body import Body
from robot.body.profile import QuietHours
from robot.body.voice.choose import build_voice
from robot.body.voice.voice import Voice
from robot.care.keeper import Keeper
from robot.care.kept import KeptLights, KeptServos, KeptSpeaker
from robot.care.supply import Supply, spared
from robot.companion import Companion, Listener
from robot.config import Config, TalkSettings
from robot.consent import Ladder
from robot.errors import DeviceLost
from robot.inference.delegates import accelerator_for
from robot.lookout import Lookout
from robot.messages import HeardCommand
from robot.mind.acquaintance import Memory
from robot.mind.mind import Mind
from robot.mind.persona import with_persona
from robot.mind.reasons import Reasons
from robot.mind.talk.model import Replies
from robot.models_in_use import TURN_TONE, ModelsInUse, Updates
from robot.policy import Permission
from robot.report import Run
from robot.requests import Requests
from robot.sense import Sense
from robot.transcript import Transcript

if TYPE_CHECKING:  # the senses are imported by the threads that build them: the face lives before
    from robot.senses.hearing.hearing import Ear
    from robot.senses.hearing.words.listener import WordListener
    from robot.senses.sight.sight import Sight


@dataclass(frozen=True)
class Devices:
    """How to open each device; None leaves the part out. A lost one is opened again (`robot.care.keeper`)."""

    camera: Callable[[], Camera] | None
    microphone: Callable[[], Microphone] | None
    servos: Callable[[], Servos]
    lights: Callable[[], Lights]
    speaker: Callable[[], Speaker]
    mutes: tuple[Callable[[], MuteSwitch], ...] = ()
    """The switches that mute the robot: any of them is enough."""
    vitals: Callable[[], Vitals] | None = None
    """How the computer's supply and heat are read; a run that must repeat heeds neither."""


Kept = tuple[Keeper[Camera], Keeper[Microphone], Keeper[Servos], Keeper[Lights], Keeper[Speaker]]


def assemble(
    config: Config,
    devices: Devices,
    clock: Clock,
    tell: Listener,
    *,
    at_once: bool,
    awake: bool = True,
    forgiving: bool = False,
    watch: Callable[[Frame], None] | None = None,
    updates: Updates | None = None,
    memory: Memory | None = None,
    requests: Requests | None = None,
    overhear: Callable[[Transcript | HeardCommand], None] | None = None,
) -> Companion:
    """Build the robot that `config` describes on `devices`.

    `at_once` makes everything happen within the call that asks for it, without an accelerator (a stepped run, which
    must repeat); otherwise speech is synthesised beside the loop. `awake` opens eyes and ears before it returns; else
    the threads that use them do, and raise what they cannot have. `forgiving`: an absent device counts as lost, and is
    tried again. Policy comes first: a sense that may not exist is neither opened nor loaded. `updates` has new models
    (None: what shipped), `memory` who is known, `requests` what people asked before; `overhear` gets what was said.

    Raises:
        RapportError: a source, model, persona or engine of the configuration cannot be had; says which and what to do.
    """
    config = with_persona(config)
    ladder, mutes = Ladder(config.robot), tuple(build() for build in devices.mutes)
    camera, microphone, servos, lights, speaker = _keepers(devices, clock, forgiving)
    accelerator = None if at_once else accelerator_for(config.inference, clock)
    models = ModelsInUse(config, clock, updates, accelerator)
    senses = _Senses(config, clock, updates, models, _build_words(config, microphone, threaded=not at_once))
    lookout = senses.lookout(camera, microphone, watch)
    lookout.permit(ladder.allowed, any(mute.muted for mute in mutes))
    models.awake = lambda: lookout.awake
    if awake:
        lookout.open()
    _ = servos.device(), lights.device(), speaker.device()
    voice = build_voice(config.voice, KeptSpeaker(speaker), config.robot.language, threaded=not at_once)
    supply = None if devices.vitals is None else Supply(clock, devices.vitals)
    moved = spared(KeptServos(servos), supply)
    minute, model = (None, None) if at_once else (local_minute, _local_model(config.talk))
    mind, body = inner_parts(config, moved, KeptLights(lights), voice, minute, memory, model)
    companion = Companion(
        lookout=lookout,
        mind=mind,
        body=body,
        keepers=(camera, microphone, servos, lights, speaker),
        models=models,
        settings=config.behaviour,
        tell=tell,
        accelerator=accelerator,
        ladder=ladder,
        mutes=mutes,
        requests=requests,
        overhear=overhear,
        minute_of_day=minute,
        **senses.rebuilders(lookout),
    )
    return _watched_over(companion, (servos, lights, speaker), supply)


def _local_model(settings: TalkSettings) -> Replies | None:
    if not settings.url:
        return None
    # Its web client takes a while to import, and few robots have one.
    from robot.local_model import build_replies  # noqa: PLC0415

    return build_replies(settings)


Actuators = tuple[Keeper[Servos], Keeper[Lights], Keeper[Speaker]]


def _watched_over(companion: Companion, actuators: Actuators, supply: Supply | None) -> Companion:
    # Nobody asks for a speaker while there is nothing to say, or for servos that were let go in sleep; asked with their
    # health, they come back by themselves.
    for keeper in actuators:
        companion.watch_over(keeper.name, partial(_state_of, keeper))
    words = companion.lookout.words
    if words is not None:
        companion.watch_over("words", lambda: words.state, lambda: words.fault)
    if supply is not None:
        for part, health in supply.parts().items():
            companion.watch_over(part, health)
    return companion


def _state_of(keeper: Keeper[Servos] | Keeper[Lights] | Keeper[Speaker]) -> str:
    device = keeper.device()
    # Asked three times a tick; isinstance with a protocol takes a thousand times as long with Python 3.11.
    check = getattr(device, "check", None)
    if check is not None:
        try:
            check()
        except DeviceLost as error:
            keeper.lose(error)
    return keeper.state


class Rebuilders(TypedDict):
    """How each sense gets its models anew."""

    rebuild_sight: Callable[[], None]
    rebuild_ear: Callable[[], None]


class _Senses:
    """Builds sight and hearing for what is allowed. What they find is numbered through, over all that are built."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        updates: Updates | None,
        models: ModelsInUse,
        words: "WordListener | None",
    ) -> None:
        self._config = config
        self._clock = clock
        self._updates = updates
        self._models = models
        self.words = words
        self._sightings, self._hearings = itertools.count(), itertools.count()
        for model_id in ("face_expression", "voice_tone"):
            models.let_go(model_id)

    def sight(self) -> "Sense[Sight]":
        """Sight, with models of expressions only where they may be read."""
        return Sense(
            lambda allowed: self._build_sight(self._models, allowed),
            lambda allowed: (allowed.camera, allowed.expression, allowed.attention),
            lambda: self._models.let_go("face_expression"),
        )

    def ear(self) -> "Sense[Ear]":
        """Hearing, with a model of tones only where they may be read."""
        return Sense(
            lambda allowed: self._build_ear(self._models, allowed),
            lambda allowed: (allowed.microphone, allowed.tone),
            self._let_go_tones,
        )

    def lookout(
        self, camera: Keeper[Camera], microphone: Keeper[Microphone], watch: Callable[[Frame], None] | None
    ) -> Lookout:
        """The senses with their devices."""
        return Lookout(
            self._clock,
            camera,
            microphone,
            None if camera.absent else self.sight(),
            None if microphone.absent else self.ear(),
            self._config.sight.frames_per_s,
            watch,
            camera_on_head=self._config.body.camera_on_head,
            words=self.words,
        )

    def rebuilders(self, lookout: Lookout) -> Rebuilders:
        """How to go on after a model hung: with versions that have proved themselves, on the processor."""

        def sight() -> None:
            lookout.renew_sight(lambda allowed: self._build_sight(self._proven(), allowed))

        def ear() -> None:
            lookout.renew_ear(lambda allowed: self._build_ear(self._proven(), allowed))

        return Rebuilders(rebuild_sight=sight, rebuild_ear=ear)

    def _build_sight(self, models: ModelsInUse, allowed: Permission) -> "Sight":
        from robot.perception import build_sight  # noqa: PLC0415  see above

        expression = models.expression(allowed=allowed.expression)
        return build_sight(self._config, expression, self._clock, allowed, self._sightings)

    def _build_ear(self, models: ModelsInUse, allowed: Permission) -> "Ear":
        from robot.perception import build_ear  # noqa: PLC0415  see above

        tone = models.tone(allowed=allowed.tone)
        if self.words is not None:
            self.words.tones.judge_with(models.turn_tone(allowed=allowed.tone))
        return build_ear(self._config.hearing, None, tone, self._hearings, self.words)

    def _let_go_tones(self) -> None:
        self._models.let_go("voice_tone")
        if self.words is not None:
            self.words.tones.judge_with(None)
        if TURN_TONE in self._models.states:
            self._models.let_go(TURN_TONE)

    def _proven(self) -> ModelsInUse:
        updates = replace(self._updates, candidates=False) if self._updates is not None else None
        return ModelsInUse(self._config, self._clock, updates)


def _keepers(devices: Devices, clock: Clock, forgiving: bool) -> Kept:
    return (
        Keeper("camera", devices.camera, clock, forgiving=forgiving),
        Keeper("microphone", devices.microphone, clock, forgiving=forgiving),
        Keeper("servos", devices.servos, clock, forgiving=forgiving),
        Keeper("lights", devices.lights, clock, forgiving=forgiving),
        Keeper("speaker", devices.speaker, clock, forgiving=forgiving),
    )


def inner_parts(
    config: Config,
    servos: Servos,
    lights: Lights,
    voice: Voice | None,
    minute_of_day: Callable[[], float] | None = None,
    memory: Memory | None = None,
    model: Replies | None = None,
) -> tuple[Mind, Body]:
    """Mind and body of `config`, each with random numbers of its own from the seed: the same in a run and its replay.

    `minute_of_day` is the wall clock for quiet hours; without it there are none. `model` suggests replies.

    Raises:
        ConfigError: the persona of the configuration is missing or wrong.
    """
    config = with_persona(config)
    seed = config.robot.seed
    mind = Mind(config, Reasons(), random.Random(f"mind {seed}"), memory, model)
    return mind, Body(
        servos,
        lights,
        voice,
        config.motion,
        random.Random(f"body {seed}"),
        quiet=QuietHours(config.quiet, minute_of_day),
        joints=_joints(config),
    )


def describe_run(config: Config, companion: Companion, camera: str, microphone: str) -> Run:
    """The first line of a report: version, seed, sources, and the exact models that were loaded."""
    return Run(
        version=__version__,
        seed=config.robot.seed,
        camera=camera,
        microphone=microphone,
        body=config.body.kind,
        models=companion.models.identities(),
        config=config,
    )


def _joints(config: Config) -> frozenset[str]:
    """The joints that the body really has."""
    return frozenset(load_board(config.body.board).joints if config.body.kind == "pi" else JOINTS)


def _build_words(config: Config, microphone: Keeper[Microphone], *, threaded: bool) -> "WordListener | None":
    if config.hearing.words == "off" or microphone.absent:
        return None
    from robot.senses.hearing.words.listener import WordListener  # noqa: PLC0415  see above

    return WordListener(config.robot.language, config.robot.name, threaded=threaded)
