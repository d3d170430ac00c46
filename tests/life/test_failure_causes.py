"""Each failure from its real cause, through the whole robot: a device that goes, heat, an update, a switch."""

from functools import partial

import numpy as np
import pytest

from hardware.clock import SteppedClock
from hardware.errors import DeviceLost
from hardware.pi.vitals import read_vitals
from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.body.ailments import AILMENTS, ailing
from robot.config import Config, MotionSettings, SightSettings, VoiceSettings
from robot.inference.store import factory_models
from robot.messages import BodyPose, Health, Reason
from robot.models_in_use import Updates
from robot.updates.company import update_at_work
from robot.updates.disk import RealDisk
from tests.life.portrait import Portrait
from tests.updates.bundles import store_on

TICK_S = 0.02
MEET_S, FAIL_S = 6.0, 10.0
BLOCK = 1024
CONFIG = Config(
    voice=VoiceSettings(engine="silent"),
    motion=MotionSettings(liveliness=0.0),
    sight=SightSettings(frames_per_s=5.0, attention_per_s=0.0, hands_per_s=0.0),
)


class Quiet:
    """A silent room, until the microphone is unplugged."""

    dropped, finished = 0, False

    def __init__(self, clock, plugs):
        self._clock, self._plugs, self._seq, self._due_s = clock, plugs, 0, clock.now_s()

    def read(self, timeout_s):
        if "microphone" in self._plugs:
            raise DeviceLost("the microphone was unplugged")
        if self._clock.now_s() < self._due_s:
            return None
        self._seq += 1
        self._due_s += BLOCK / SAMPLE_RATE_HZ
        return Sound(self._seq, self._due_s, np.zeros(BLOCK, np.float32))

    def close(self):
        pass


class Bulbs(VirtualLights):
    """Lights whose wire comes off."""

    def __init__(self, count, plugs):
        super().__init__(count)
        self._plugs = plugs

    def show(self, pixels):
        if "lights" in self._plugs:
            raise DeviceLost("the lights do not answer")
        super().show(pixels)


class Switch:
    """The mute switch of the board."""

    muted = False

    def close(self):
        pass


class Robot:
    """The whole robot with somebody before it, on a computer whose /sys lies in `folder`."""

    def __init__(self, folder):
        self.clock, self.told, self.plugs, self.switch = SteppedClock(), [], set(), Switch()
        self.sys, self.store = folder, store_on(RealDisk(), folder / "store", factory_models())
        self.heat(55.0)
        self.voltage(low=False)
        (folder / "store").mkdir(exist_ok=True)
        devices = Devices(
            camera=lambda: Portrait(self.clock, self.plugs),
            microphone=lambda: Quiet(self.clock, self.plugs),
            servos=VirtualServos,
            lights=lambda: Bulbs(5, self.plugs),
            speaker=lambda: RecordingSpeaker(self.clock, keep=2),
            mutes=(lambda: self.switch,),
            vitals=partial(read_vitals, folder),
        )
        updates = Updates(self.store, throttled=lambda: False)
        self.companion = assemble(CONFIG, devices, self.clock, self.told.append, at_once=True, updates=updates)

    def _write(self, path, text):
        (self.sys / path).parent.mkdir(parents=True, exist_ok=True)
        (self.sys / path).write_text(text)

    def heat(self, degrees_c):
        self._write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n")
        self._write("sys/class/thermal/thermal_zone0/temp", f"{round(1000 * degrees_c)}\n")

    def voltage(self, low):
        self._write("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n" if low else "0\n")

    def go(self, seconds):
        """Live on; gives what was told meanwhile."""
        start = len(self.told)
        for _ in range(round(seconds / TICK_S)):
            lookout = self.companion.lookout
            self.companion.models.look(0.0)
            self.companion.act(self.clock.now_s(), lookout.look(0.0), lookout.listen(0.0))
            self.clock.wait_s(TICK_S)
        return self.told[start:]


def unplug(part):
    return lambda robot, hold: robot.plugs.add(part)


CAUSES = {
    "blind": (unplug("camera"), "blind"),
    "deaf": (unplug("microphone"), "deaf"),
    "hot": (lambda robot, hold: robot.heat(81.0), "hot"),
    "updating": (lambda robot, hold: hold(update_at_work(robot.store.root)), "updating"),
    "muted": (lambda robot, hold: setattr(robot.switch, "muted", True), "muted"),
    "degraded": (unplug("lights"), "degraded"),
    "degraded by a weak supply": (lambda robot, hold: robot.voltage(low=True), "degraded"),
}
"""What really happens to a robot, and the failure that it is."""


@pytest.fixture(scope="module")
def well(tmp_path_factory):
    robot = Robot(tmp_path_factory.mktemp("well"))
    robot.go(MEET_S)
    return [each for each in robot.go(FAIL_S) if isinstance(each, BodyPose)]


@pytest.mark.parametrize("cause", CAUSES)
def test_every_failure_comes_of_something_real_and_has_face_light_and_line(cause, well, tmp_path):
    happen, failure = CAUSES[cause]
    robot = Robot(tmp_path)
    assert not [each for each in robot.go(MEET_S) if isinstance(each, Health) and ailing(each.parts) is not None]
    held = []

    def hold(context):
        held.append(context)
        context.__enter__()

    happen(robot, hold)
    told = robot.go(FAIL_S)
    for context in held:
        context.__exit__(None, None, None)
    shown = [ailing(each.parts) for each in told if isinstance(each, Health)]
    assert shown[-1] is AILMENTS[failure]
    said = [each for each in told if isinstance(each, Reason) and each.kind == "word" and each.what == failure]
    assert len(said) == 1, [each.text for each in told if isinstance(each, Reason)]
    poses = [each for each in told if isinstance(each, BodyPose)]
    last, usual = poses[-1].angles_deg, well[-1].angles_deg
    assert max(abs(last[joint] - usual[joint]) for joint in last) >= 4.0
    assert cause == "degraded" or [pose.lights[-1] for pose in poses[-100:]] != [
        pose.lights[-1] for pose in well[-100:]
    ]
    robot.companion.close()


def test_every_failure_has_a_cause_here():
    assert {failure for _, failure in CAUSES.values()} == set(AILMENTS)


def test_what_has_passed_is_over(tmp_path):
    robot = Robot(tmp_path)
    robot.heat(81.0)
    with update_at_work(robot.store.root):
        robot.go(2.0)
    robot.heat(77.0)
    parts = next(each for each in reversed(robot.go(2.0)) if isinstance(each, Health)).parts
    assert parts["models"] == "ok"
    assert parts["processor"] == "hot", "not in turns"
    robot.heat(70.0)
    parts = next(each for each in reversed(robot.go(2.0)) if isinstance(each, Health)).parts
    assert parts["processor"] == "ok"
    robot.companion.close()
