"""The face lives before the senses are there: nothing is waited for, and what cannot be had is still said."""

import subprocess
import sys
import threading

import pytest

from hardware.clock import MonotonicClock
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.care.notify import ServiceManager
from robot.care.watch import Watch
from robot.config import Config, VoiceSettings
from robot.errors import DeviceError, DeviceLost
from robot.messages import BodyPose, Health
from robot.pace import run_real
from robot.simulator.sample_scene import SceneCamera, load_scene
from robot.supervision import parts_to_watch
from tools.pi_check.first_face import at_first_face

SILENT = Config(voice=VoiceSettings(engine="silent"))
LONG_S = 60.0

HEAVY = ("uvicorn", "starlette", "PIL", "av", "urllib3", "sqlite3", "ai_edge_litert", "robot.senses")
THERE = f"[name for name in {HEAVY} if any((module + '.').startswith(name + '.') for module in sys.modules)]"


class Waking:
    """A robot in real time whose camera opens when it is told to."""

    def __init__(self, camera=None):
        self.clock, self.stop, self.may_open = MonotonicClock(), threading.Event(), threading.Event()
        self.poses, self.health = [], []
        devices = Devices(
            camera or self._camera,
            None,
            VirtualServos,
            lambda: VirtualLights(5),
            lambda: RecordingSpeaker(self.clock),
        )
        self.companion = assemble(SILENT, devices, self.clock, self._hear, at_once=False, awake=False)

    def live(self):
        """Live until `stop` is set, watched as a real robot is."""

        def watched(crew, body):
            parts = parts_to_watch(self.companion, crew, frozenset({"camera"}))
            return Watch(parts, body, ServiceManager(), None, lambda *note: None)

        try:
            run_real(self.companion, self.clock, 0.02, LONG_S, self.stop, watched)
        finally:
            self.companion.close()

    def _camera(self):
        assert self.may_open.wait(LONG_S)
        return SceneCamera(load_scene(), self.clock)

    def _hear(self, message):
        match message:
            case BodyPose():
                self.poses.append(message)
                if len(self.poses) == 5:
                    self.may_open.set()
                if self.companion.lookout.awake:
                    self.stop.set()
            case Health():
                self.health.append(message.parts)


def test_the_face_moves_while_the_camera_is_still_being_opened():
    robot = Waking()
    robot.live()
    assert len(robot.poses) > 5, "the camera opened only after five poses"
    assert robot.companion.lookout.awake


def test_what_was_not_tried_yet_is_neither_lost_nor_off():
    robot = Waking()
    robot.live()
    assert "camera" not in robot.health[0]
    assert "face_expression" not in robot.health[0]
    assert robot.health[-1]["camera"] == "ok"
    assert robot.health[-1]["face_expression"] == "ok"
    assert {parts.get("camera", "ok") for parts in robot.health} == {"ok"}


def test_a_sense_that_can_never_be_had_ends_the_robot_with_its_reason():
    def never():
        raise DeviceError("picamera2 is not installed; sudo apt install python3-picamera2")

    with pytest.raises(DeviceError, match="not installed"):
        Waking(never).live()


def test_one_that_is_not_plugged_in_is_lost_and_the_robot_lives():
    def unplugged():
        raise DeviceLost("no camera; plug one in")

    robot = Waking(unplugged)
    robot.live()
    assert robot.companion.lookout.awake
    assert robot.companion.faults["camera"] == "no camera; plug one in"


def test_before_the_first_pose_nothing_heavy_is_imported():
    assert at_first_face(THERE) == "[]"


def test_once_the_face_lives_the_collector_works_and_leaves_out_what_was_imported():
    assert at_first_face("sys.modules['gc'].isenabled() and sys.modules['gc'].get_freeze_count() > 10_000") == "True"


@pytest.mark.parametrize(
    ("arguments", "not_needed"),
    [
        (["--version"], "robot.cli.run"),
        (["status", "--help"], "robot.assembly"),
        (["service", "--help"], "robot.cli.life"),
    ],
)
def test_a_command_imports_no_other(arguments, not_needed):
    script = (
        "import sys, contextlib\nfrom robot.cli.main import main\n"
        f"with contextlib.suppress(SystemExit): main({arguments!r})\n"
        f"sys.exit({not_needed!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
