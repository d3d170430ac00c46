"""Frozen parts of the real robot, in real threads: each is noticed, replaced, and only that one."""

import threading

import numpy as np
import pytest

from hardware.clock import MonotonicClock, SteppedClock
from hardware.ports import Frame
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.care.crew import Crew, Task
from robot.care.gauge import Gauge
from robot.care.notify import ServiceManager
from robot.care.watch import Watch
from robot.config import Config, VoiceSettings
from robot.errors import DeviceError, PartStuck
from robot.messages import BodyPose, Health
from robot.pace import run_real
from robot.supervision import DevicePart, ModelPart, parts_to_watch

GREY = np.full((240, 320, 3), 128, np.uint8)
LONG_S = 30.0
SILENT = Config(voice=VoiceSettings(engine="silent"))


class ShiftedClock(MonotonicClock):
    """Real time that a test may move on, so that nothing has to wait for a part to count as stuck."""

    def __init__(self):
        super().__init__()
        self.ahead_s = 0.0

    def now_s(self):
        return super().now_s() + self.ahead_s


class GatedCamera:
    """Delivers a picture at each read; hangs in it while its gate is shut."""

    dropped = 0
    finished = False

    def __init__(self, clock, gate, hung):
        self._clock = clock
        self._gate = gate
        self._hung = hung
        self.count = 0

    def read(self, timeout_s):
        if not self._gate.is_set():
            self._hung.set()
            self._gate.wait(LONG_S)
        self.count += 1
        return Frame(self.count, self._clock.now_s(), GREY)

    def close(self):
        pass


class Robot:
    """The whole robot with a camera that a test can hang, watched by hand."""

    def __init__(self):
        self.clock = ShiftedClock()
        self.gate, self.hung = threading.Event(), threading.Event()
        self.gate.set()
        self.cameras = []
        self.messages = []
        self.notes = []
        devices = Devices(
            camera=self._camera,
            microphone=None,
            servos=VirtualServos,
            lights=lambda: VirtualLights(5),
            speaker=lambda: RecordingSpeaker(self.clock),
        )
        self.companion = assemble(SILENT, devices, self.clock, self.messages.append, at_once=False)
        lookout = self.companion.lookout
        self.seen = threading.Event()
        self.crew = Crew({"sight": Task(lambda: lookout.look(0.1), lambda found: found and self.seen.set())})
        self.parts = {part.name: part for part in parts_to_watch(self.companion, self.crew, frozenset({"camera"}))}

    def _camera(self):
        camera = GatedCamera(self.clock, self.gate, self.hung)
        self.cameras.append(camera)
        return camera

    def see(self):
        self.seen.clear()
        assert self.seen.wait(LONG_S)

    def close(self):
        self.gate.set()
        self.crew.stop()
        self.companion.close()


@pytest.fixture
def robot():
    whole = Robot()
    whole.crew.start()
    whole.see()
    yield whole
    whole.close()


def test_a_robot_that_works_is_in_no_trouble(robot):
    assert [part.trouble() for part in robot.parts.values()] == ["", "", ""]
    assert set(robot.parts) == {"models of updates", "camera", "face model"}


def test_f43_f53_a_camera_that_hangs_in_a_read_is_left_behind_and_opened_anew(robot):
    robot.gate.clear()
    assert robot.hung.wait(LONG_S)
    robot.clock.ahead_s += 8.0
    assert "does not answer" in robot.parts["camera"].trouble()
    hung = threading.Event()
    robot.gate, robot.hung = threading.Event(), hung
    robot.gate.set()
    robot.parts["camera"].renew("hangs")
    assert robot.companion.lookout.camera.state == "lost"
    robot.clock.ahead_s += 1.0
    robot.see()
    assert len(robot.cameras) == 2
    assert robot.companion.lookout.camera.state == "ok", "it has proved itself"
    assert robot.parts["camera"].trouble() == ""


def test_f53_a_model_that_does_not_come_back_is_loaded_anew_in_a_new_thread(robot):
    gate, entered = threading.Event(), threading.Event()

    class Hanging:
        def look_closer(self, within_s):
            pass

        def see(self, frame, own):
            entered.set()
            gate.wait(LONG_S)

    robot.companion.lookout.renew_sight(lambda _allowed: Hanging())
    assert entered.wait(LONG_S)
    robot.clock.ahead_s += 8.0
    assert robot.parts["camera"].trouble() == "" or "delivered nothing" in robot.parts["camera"].trouble()
    assert "has not come back" in robot.parts["face model"].trouble()
    robot.parts["face model"].renew("hangs")
    robot.see()
    gate.set()
    assert robot.parts["face model"].trouble() == ""
    assert robot.crew.left_behind == 1


def test_a_model_that_breaks_ends_its_own_thread_only_and_is_loaded_anew(robot):
    broke = threading.Event()

    class Broken:
        def look_closer(self, within_s):
            pass

        def see(self, frame, own):
            broke.set()
            raise ZeroDivisionError("in the middle of a layer")

    robot.companion.lookout.renew_sight(lambda _allowed: Broken())
    assert broke.wait(LONG_S)
    robot.crew.stop()
    assert "broke (ZeroDivisionError: in the middle of a layer" in robot.parts["face model"].trouble()
    robot.parts["face model"].renew("broke")
    robot.see()
    assert robot.parts["face model"].trouble() == ""


def test_a_sense_that_was_given_up_closes_its_camera_and_shows_as_lost(robot):
    robot.parts["face model"].rest("does not come back")
    assert robot.companion.lookout.camera.state == "lost"
    robot.companion.act(robot.clock.now_s(), None, ())
    health = [message for message in robot.messages if isinstance(message, Health)][-1]
    assert health.parts["camera"] == "lost"
    robot.parts["face model"].renew("tried again")
    robot.clock.ahead_s += 1.0
    robot.see()
    assert robot.companion.lookout.camera.state == "ok"


def test_a_file_may_pause_as_long_as_it_likes():
    clock = SteppedClock()
    crew = Crew({})

    class Open:
        name, state, current = "camera", "ok", GatedCamera(clock, None, None)

    live, file = (DevicePart(Open(), Gauge(clock), Gauge(clock), crew, "sight", live) for live in (True, False))
    clock.wait_s(60.0)
    assert "delivered nothing for 60 s" in live.trouble()
    assert file.trouble() == ""


def test_models_that_cannot_be_loaded_again_break_their_own_thread_and_are_tried_again(robot):
    def altered(_allowed):
        raise DeviceError("models/face: altered")

    robot.companion.lookout.renew_sight(altered)
    while robot.crew.failure("sight") is None:
        threading.Event().wait(0.01)
    assert "broke (DeviceError: models/face: altered" in robot.parts["face model"].trouble()
    robot.parts["face model"].renew("broke")
    robot.see()
    assert robot.parts["face model"].trouble() == ""


def test_whoever_finds_that_a_model_hangs_does_not_wait_for_the_next_one():
    built = threading.Event()
    crew = Crew({"sight": Task(built.set, lambda _found: None)})
    rebuilt = []
    ModelPart("face model", None, Gauge(SteppedClock()), crew, "sight", lambda: rebuilt.append("asked for")).renew(
        "why"
    )
    assert built.wait(LONG_S)
    crew.stop()
    assert rebuilt == ["asked for"]


def test_a_camera_is_not_silent_while_its_loop_is_busy_with_the_models(robot):
    inside, gate = threading.Event(), threading.Event()

    def slowly(_allowed):
        inside.set()
        gate.wait(LONG_S)
        raise DeviceError("this one is late")

    robot.companion.lookout.renew_sight(slowly)
    assert inside.wait(LONG_S)
    robot.clock.ahead_s += 20.0
    assert robot.parts["camera"].trouble() == "", "nobody asks it for a picture"
    assert robot.parts["face model"].trouble() == "", "to load models may take a minute"
    gate.set()


def test_a_run_ends_with_exit_code_75_when_only_a_new_process_helps():
    clock = MonotonicClock()
    devices = Devices(None, None, VirtualServos, lambda: VirtualLights(1), lambda: RecordingSpeaker(clock))
    companion = assemble(SILENT, devices, clock, lambda message: None, at_once=False)

    class Wanting:
        restart_for = "camera: does not answer"

        def step(self, now_s):
            pass

    with pytest.raises(PartStuck, match="camera: does not answer") as raised:
        run_real(companion, clock, 0.02, 30.0, threading.Event(), lambda crew, body: Wanting())
    companion.close()
    assert raised.value.exit_code == 75


def test_the_bodys_gauge_moves_with_the_body():
    clock, gauges = MonotonicClock(), []
    devices = Devices(None, None, VirtualServos, lambda: VirtualLights(1), lambda: RecordingSpeaker(clock))
    poses = []
    companion = assemble(
        SILENT, devices, clock, lambda m: poses.append(m) if isinstance(m, BodyPose) else None, at_once=False
    )

    def supervise(crew, body):
        gauges.append(body)
        return Watch([], body, ServiceManager(), None, lambda *note: None)

    run_real(companion, clock, 0.02, 0.3, threading.Event(), supervise)
    companion.close()
    assert gauges[0].steps >= len(poses) > 0
