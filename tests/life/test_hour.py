"""An hour of the robot's life with random people, sounds and faults, in stepped time."""

import gc
import math
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.clock import SteppedClock
from hardware.ports import SAMPLE_RATE_HZ
from hardware.virtual.body import VIRTUAL_LIMITS, RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.config import Config, RobotSettings, VoiceSettings
from robot.inference.model import Model
from robot.messages import BodyPose, Intent, Mood, Reason
from robot.pace import run_stepped
from robot.simulator.sample_scene import SAMPLE_FOLDER
from tests.life.faulty import FaultyCamera, FaultyMicrophone, FaultyServos, generator

TICK_S = 0.02
LONG_TICK_S = 0.04
"""Half the real rate: an hour of it is as long, and lived in half the time."""
WEIGHED_S = (1200.0, 3599.0)
"""When the live objects are counted: after twenty minutes everything that is kept has been built."""


@pytest.fixture(scope="module")
def faces():
    portrait = Image.open(Path(SAMPLE_FOLDER) / "portrait.jpg").convert("RGB")
    big = portrait.copy()
    big.thumbnail((640, 480))
    frame = Image.new("RGB", (640, 480), (80, 90, 100))
    frame.paste(big, (60, 0))
    small = Image.new("RGB", (640, 480), (60, 60, 60))
    small.paste(big.resize((160, 160)), (300, 100))
    dark = frame.point(lambda value: value // 6)
    return [np.asarray(picture) for picture in (frame, small, dark)]


@pytest.fixture(scope="module")
def speech():
    samples, rate = soundfile.read(SAMPLE_FOLDER / "speech.ogg", dtype="float32")
    assert rate == SAMPLE_RATE_HZ
    return samples


class Witness:
    """Looks at every message as it passes and keeps only what a test asks of it."""

    def __init__(self):
        self.states, self.kinds = set(), {}
        self.objects = []
        self.weigh_s = list(WEIGHED_S)

    def __call__(self, message):
        name = type(message).__name__
        self.kinds[name] = self.kinds.get(name, 0) + 1
        if isinstance(message, BodyPose):
            self._check_pose(message)
            if self.weigh_s and message.t_s >= self.weigh_s[0]:
                self.weigh_s.pop(0)
                gc.collect()
                self.objects.append(len(gc.get_objects()))
        elif isinstance(message, Mood):
            assert -1 <= message.valence <= 1
            assert -1 <= message.arousal <= 1
            assert 0 <= message.confidence <= 1
        elif isinstance(message, Intent):
            self.states.add(message.state)
        elif isinstance(message, Reason):
            assert message.text

    def _check_pose(self, pose):
        for joint, angle in pose.angles_deg.items():
            limit = VIRTUAL_LIMITS[joint]
            assert limit.min_deg - 1e-6 <= angle <= limit.max_deg + 1e-6, (pose.t_s, joint, angle)
        assert all(0 <= channel <= 1 and math.isfinite(channel) for light in pose.lights for channel in light)


def live(seed, duration_s, faces, speech, monkeypatch, camera_every_s, sound_share, tick_s=TICK_S):
    """Live `duration_s` of stepped time; returns the witness and the servos."""
    clock, witness = SteppedClock(), Witness()
    rng = generator(seed, "model")
    honest = Model.run

    def faulty_run(self, values):
        logits = honest(self, values)
        return logits * np.float32("nan") if rng.random() < 0.02 else logits

    monkeypatch.setattr(Model, "run", faulty_run)
    servos = FaultyServos(VirtualServos(), generator(seed, "servos"))
    devices = Devices(
        camera=lambda: FaultyCamera(clock, generator(f"{seed} {clock.now_s()}", "camera"), faces, camera_every_s),
        microphone=lambda: FaultyMicrophone(clock, generator(f"{seed} {clock.now_s()}", "ear"), speech, sound_share),
        servos=lambda: servos,
        lights=lambda: VirtualLights(5),
        speaker=lambda: RecordingSpeaker(clock, keep=2),
    )
    config = Config(robot=RobotSettings(seed=seed), voice=VoiceSettings(engine="chirps"))
    companion = assemble(config, devices, clock, witness, at_once=True)
    run_stepped(companion, clock, tick_s, duration_s, threading.Event())
    companion.close()
    return witness, servos


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
def test_whatever_comes_it_goes_on_inside_its_limits(seed, faces, speech):
    with pytest.MonkeyPatch.context() as patch:
        witness, servos = live(seed, 30.0, faces, speech, patch, camera_every_s=0.2, sound_share=0.5)
    assert witness.kinds["BodyPose"] == round(30.0 / TICK_S)
    assert servos.moves > 1000


@pytest.mark.timeout(900)
def test_an_hour_passes_without_an_exception_or_growth(faces, speech, monkeypatch):
    witness, _ = live(7, 3600.0, faces, speech, monkeypatch, camera_every_s=0.4, sound_share=0.1, tick_s=LONG_TICK_S)
    assert {"alone", "noticing", "parting"} <= witness.states
    assert "sharing_joy" in witness.states, witness.states
    assert witness.kinds["Health"] > 10, "parts went and came back"
    early, late = witness.objects
    assert late < early * 1.02, "forty minutes more leave nothing more behind"
