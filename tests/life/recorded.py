"""Reports for tests: of the whole robot in the sample scene, and of generated visits with faults."""

import random
import threading

from hardware.clock import SteppedClock
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble, describe_run, inner_parts
from robot.body.voice.choose import build_voice
from robot.care.keeper import Keeper
from robot.care.kept import KeptLights, KeptServos, KeptSpeaker
from robot.companion import Companion
from robot.config import Config, RobotSettings, VoiceSettings
from robot.consent import Ladder
from robot.errors import DeviceLost
from robot.lookout import Lookout
from robot.mind.persona import with_persona
from robot.models_in_use import ModelsInUse
from robot.pace import run_stepped
from robot.report import Report
from robot.scenario.play import Stage
from robot.scenario.script import Expect, FaceCue, HealthCue, Scenario, VoiceCue
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene

TICK_S = 0.02


def record_scene(path, duration_s):
    """The sample scene, seen and heard by the real models."""
    clock, scene, config = SteppedClock(), load_scene(), Config()
    devices = Devices(
        camera=lambda: SceneCamera(scene, clock),
        microphone=lambda: SceneMicrophone(scene, clock),
        servos=VirtualServos,
        lights=lambda: VirtualLights(5),
        speaker=lambda: RecordingSpeaker(clock),
    )
    with Report(path) as report:
        companion = assemble(config, devices, clock, report.write, at_once=True)
        report.write(describe_run(config, companion, "scene", "scene"))
        run_stepped(companion, clock, TICK_S, duration_s, threading.Event())
        companion.close()


class ShakyServos(VirtualServos):
    """Servos whose bus goes away now and then."""

    def __init__(self, rng):
        super().__init__()
        self._rng = rng

    def move(self, t_s, angles):
        if self._rng.random() < 0.004:
            raise DeviceLost("the servo bus does not answer")
        return super().move(t_s, angles)


def record_generated(path, seed, persona="companion", duration_s=20.0):
    """A visit made up from `seed`, with servos and speaker that come and go."""
    rng = random.Random(seed)
    wish = Config(robot=RobotSettings(seed=seed, persona=persona), voice=VoiceSettings(engine="chirps"))
    config = with_persona(wish)
    clock = SteppedClock()
    servos = Keeper("servos", lambda: ShakyServos(rng), clock)
    lights = Keeper("lights", lambda: VirtualLights(3), clock)
    speaker = Keeper("speaker", lambda: RecordingSpeaker(clock), clock)
    senses = [Keeper(name, None, clock) for name in ("camera", "microphone", "face_expression", "voice_tone")]
    kept = [servos, lights, speaker]
    for keeper in kept:
        keeper.device()
    voice = build_voice(config.voice, KeptSpeaker(speaker), "en", threaded=False)
    mind, body = inner_parts(config, KeptServos(servos), KeptLights(lights), voice)
    stage = Stage(made_up(rng, duration_s))
    with Report(path) as report:
        lookout = Lookout(clock, senses[0], senses[1], None, None, 15.0)
        companion = Companion(
            lookout,
            mind,
            body,
            [*senses, *kept],
            ModelsInUse(config, clock),
            config.behaviour,
            report.write,
            Ladder(config.robot),
        )
        report.write(describe_run(wish, companion, "none", "none"))
        for tick in range(round(duration_s / TICK_S)):
            t_s = clock.now_s()
            stage.set_time(t_s)
            for keeper in senses:
                keeper.state = stage.health.parts[keeper.name]
            if rng.random() < 0.002:
                speaker.lose(DeviceLost("the speaker was unplugged"))
            speaker.device()
            companion.act(t_s, stage.picture(tick, t_s), stage.hops(tick, t_s))
            clock.wait_s(TICK_S)
        companion.close()


def made_up(rng, duration_s):
    """A scenario of random faces, voices and faults."""
    faces, voices, changes = [], [], []
    for track in range(1, 6):
        from_s = rng.uniform(0.0, duration_s - 1.0)
        expression = rng.choice(["neutral", "happiness", "sadness", "anger", "fear", "surprise"])
        faces.append(
            FaceCue(
                from_s=from_s,
                to_s=from_s + rng.uniform(0.5, 6.0),
                expression=expression,
                x=rng.uniform(0.1, 0.9),
                track=track,
            )
        )
        from_s = rng.uniform(0.0, duration_s - 1.0)
        tone = rng.choice(["neutral", "happy", "sad", "angry"])
        voices.append(VoiceCue(from_s=from_s, to_s=from_s + rng.uniform(0.5, 4.0), tone=tone))
        part = rng.choice(["camera", "microphone", "face_expression", "voice_tone"])
        changes.append(HealthCue(at_s=rng.uniform(0.0, duration_s), **{part: rng.choice(["ok", "ok", "lost"])}))
    expect = (Expect(state="alone", between=(0.0, 0.1)),)
    return Scenario(
        about="Made up.",
        duration_s=duration_s,
        face=tuple(faces),
        voice=tuple(voices),
        health=tuple(changes),
        expect=expect,
    )
