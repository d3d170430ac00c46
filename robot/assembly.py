"""Builds the robot for a configuration and a set of devices: what may exist, which models, which body."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import metadata
from typing import TypedDict

from hardware.boards.reading import load_board
from hardware.clock import Clock
from hardware.ports import JOINTS, Camera, Frame, Lights, Microphone, Servos, Speaker
from hardware.wall import local_minute
from robot.body.body import Body
from robot.body.profile import QuietHours
from robot.body.voice.choose import build_voice
from robot.body.voice.voice import Voice
from robot.care.keeper import Keeper
from robot.care.kept import KeptLights, KeptServos, KeptSpeaker
from robot.companion import Companion, Listener
from robot.config import Config
from robot.inference.delegates import accelerator_for
from robot.lookout import Lookout
from robot.mind.mind import Mind
from robot.mind.persona import with_persona
from robot.mind.reasons import Reasons
from robot.models_in_use import ModelsInUse, Updates
from robot.policy import Permission, permission_for
from robot.report import Run
from robot.senses.hearing.tone_model import build_ear
from robot.senses.sight.closer_networks import open_closer_look
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.expression import ExpressionJudge
from robot.senses.sight.sight import Sight


@dataclass(frozen=True)
class Devices:
    """How to open each device; None leaves the part out. A lost one is opened again (`robot.care.keeper`)."""

    camera: Callable[[], Camera] | None
    microphone: Callable[[], Microphone] | None
    servos: Callable[[], Servos]
    lights: Callable[[], Lights]
    speaker: Callable[[], Speaker]


Kept = tuple[Keeper[Camera], Keeper[Microphone], Keeper[Servos], Keeper[Lights], Keeper[Speaker]]


def assemble(
    config: Config,
    devices: Devices,
    clock: Clock,
    tell: Listener,
    *,
    at_once: bool,
    forgiving: bool = False,
    watch: Callable[[Frame], None] | None = None,
    updates: Updates | None = None,
) -> Companion:
    """Build the robot that `config` describes on `devices`.

    `at_once` makes everything happen within the call that asks for it (a stepped run); otherwise speech is synthesised
    beside the loop. `forgiving`: a device that is absent counts as lost, and is tried again. Policy comes first: a
    sense that may not exist is neither opened nor loaded. `updates` is where new versions of the models lie; without it
    the robot uses what shipped.

    Raises:
        RapportError: a source, model, persona or engine of the configuration cannot be had; says which and what to do.
    """
    config = with_persona(config)
    allowed = permission_for(config.robot)
    camera, microphone, servos, lights, speaker = _keepers(devices, allowed, clock, forgiving)
    keepers = (camera, microphone, servos, lights, speaker)
    for keeper in keepers:
        keeper.device()
    sees, hears = camera.state != "off", microphone.state != "off"
    # When an accelerator comes and goes is no part of the input: a stepped run, which must repeat, has none.
    accelerator = None if at_once else accelerator_for(config.inference, clock)
    models = ModelsInUse(config, clock, updates, accelerator)
    expression = models.expression(allowed=sees and allowed.expression)
    tone = models.tone(allowed=hears and allowed.tone)
    voice = build_voice(config.voice, KeptSpeaker(speaker), config.robot.language, threaded=not at_once)
    mind, body = inner_parts(config, KeptServos(servos), KeptLights(lights), voice, None if at_once else local_minute)
    lookout = Lookout(
        clock,
        camera,
        microphone,
        build_sight(config, expression, clock) if sees else None,
        build_ear(config.hearing, None, tone) if hears else None,
        config.sight.frames_per_s,
        watch,
        camera_on_head=config.body.camera_on_head,
    )
    return Companion(
        lookout=lookout,
        mind=mind,
        body=body,
        keepers=keepers,
        models=models,
        settings=config.behaviour,
        tell=tell,
        accelerator=accelerator,
        **_rebuilders(config, clock, updates, lookout, reads=expression is not None, listens=tone is not None),
    )


class Rebuilders(TypedDict):
    """How each sense gets its models anew."""

    rebuild_sight: Callable[[], None]
    rebuild_ear: Callable[[], None]


def _rebuilders(
    config: Config, clock: Clock, updates: Updates | None, lookout: Lookout, *, reads: bool, listens: bool
) -> Rebuilders:
    def sight() -> None:
        lookout.renew_sight(build_sight(config, _proven(config, clock, updates).expression(allowed=reads), clock))

    def ear() -> None:
        lookout.renew_ear(build_ear(config.hearing, None, _proven(config, clock, updates).tone(allowed=listens)))

    return Rebuilders(rebuild_sight=sight, rebuild_ear=ear)


def _proven(config: Config, clock: Clock, updates: Updates | None) -> ModelsInUse:
    """Models to go on with after one hung: versions that have proved themselves, on the processor."""
    return ModelsInUse(config, clock, replace(updates, candidates=False) if updates is not None else None)


def _keepers(devices: Devices, allowed: Permission, clock: Clock, forgiving: bool) -> Kept:
    return (
        Keeper("camera", devices.camera if allowed.camera else None, clock, forgiving=forgiving),
        Keeper("microphone", devices.microphone if allowed.microphone else None, clock, forgiving=forgiving),
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
) -> tuple[Mind, Body]:
    """Mind and body of `config`, each with random numbers of its own from the seed: the same in a run and its replay.

    `minute_of_day` is the wall clock for quiet hours; without it there are none.

    Raises:
        ConfigError: the persona of the configuration is missing or wrong.
    """
    config = with_persona(config)
    seed = config.robot.seed
    mind = Mind(config, Reasons(), random.Random(f"mind {seed}"))
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
        version=metadata.version("rapport-robot"),
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


def build_sight(config: Config, expression: Callable[[], ExpressionJudge] | None, clock: Clock) -> Sight:
    """The sight of `config`; without a model of expressions nothing of feelings is loaded.

    Raises:
        RapportError: a carrier or an engine is missing; says which and what to do.
    """
    detector = FaceDetector.open(config.inference, config.sight.min_face_score)
    closer = None
    if permission_for(config.robot).attention:
        closer = open_closer_look(config.sight, config.inference, clock.now_s, feelings=expression is not None)
    return Sight(detector, None, config.sight, latest=expression, closer=closer)
