import msgspec
import pytest

from hardware.clock import SteppedClock
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble, describe_run
from robot.care.crew import Crew
from robot.care.gauge import Gauge
from robot.care.heap import GIVE_BACK_EVERY_S
from robot.care.logbook import Logbook
from robot.care.notify import ServiceManager
from robot.care.status import read_status
from robot.caretaker import HOT_LOOKS, Caretaker
from robot.config import BehaviourSettings, Config, VoiceSettings
from robot.errors import DeviceLost
from robot.simulator.sample_scene import SceneCamera, load_scene
from tools.soak.memory import private_mb

CONFIG = Config(voice=VoiceSettings(engine="silent"))


class Cared:
    """The whole robot in stepped time with its caretaker, and what was noted."""

    def __init__(self, folder, chore=None):
        self.clock, self.notes, self.listeners = SteppedClock(), [], []
        scene = load_scene()
        devices = Devices(
            camera=lambda: SceneCamera(scene, self.clock),
            microphone=None,
            servos=VirtualServos,
            lights=lambda: VirtualLights(5),
            speaker=lambda: RecordingSpeaker(self.clock),
        )
        tell = lambda message: [hear(message) for hear in self.listeners]  # noqa: E731
        self.companion = assemble(CONFIG, devices, self.clock, tell, at_once=True)
        self.caretaker = Caretaker(
            self.companion,
            describe_run(CONFIG, self.companion, "scene", "none"),
            self.clock,
            ServiceManager(),
            Logbook(lambda *note: self.notes.append(note), self.clock),
            folder,
            frozenset(),
            chore=chore,
        )
        self.body = Gauge(self.clock)
        self.caretaker.supervise(Crew({}), self.body)
        self.listeners.append(self.caretaker.hear)

    def live(self, seconds):
        """Live on; returns how often it looked."""
        looks = 0
        for _ in range(round(seconds * 50)):
            sighting = self.companion.lookout.look(0.0)
            looks += sighting is not None
            self.companion.act(self.clock.now_s(), sighting, ())
            self.body.leave(worked=True)
            self.caretaker.step(self.clock.now_s())
            self.clock.wait_s(0.02)
        return looks


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    return tmp_path


def test_f51_a_robot_with_a_hot_processor_looks_half_as_often_until_it_is_cool(folder):
    robot, heat = Cared(folder), ["ok"]
    robot.companion.watch_over("processor", lambda: heat[0])
    usual = robot.live(4.0)
    heat[0] = "hot"
    robot.live(0.5)
    assert robot.live(4.0) == pytest.approx(HOT_LOOKS * usual, abs=2)
    assert read_status().parts["processor"] == "hot"
    heat[0] = "ok"
    robot.live(0.5)
    assert robot.live(4.0) == pytest.approx(usual, abs=2)
    assert [line for _, line in robot.notes if "processor" in line] == ["processor hot", "processor ok"]
    robot.companion.close()


def test_a_part_that_goes_and_comes_is_two_lines_of_log_with_the_reason(folder):
    robot = Cared(folder)
    robot.live(1.0)
    robot.companion.lookout.camera.lose(DeviceLost("camera 0: no picture for 2 s; check its ribbon cable"))
    robot.live(8.0)
    assert robot.notes[1:] == [
        ("warning", "camera lost: camera 0: no picture for 2 s; check its ribbon cable"),
        ("info", "camera ok"),
    ]
    robot.companion.close()


def test_servos_that_went_while_the_robot_slept_are_taken_back_in_its_sleep():
    clock, gone, opened = SteppedClock(), [False], []

    def servos():
        if gone[0]:
            raise DeviceLost("the bus is gone")
        opened.append(clock.now_s())
        return VirtualServos()

    devices = Devices(None, None, servos, lambda: VirtualLights(5), lambda: RecordingSpeaker(clock))
    config = msgspec.structs.replace(CONFIG, behaviour=BehaviourSettings(sleep_after_s=1.0))
    companion = assemble(config, devices, clock, lambda message: None, at_once=True)

    def live(seconds):
        for _ in range(round(seconds * 10)):
            companion.act(clock.now_s(), None, ())
            clock.wait_s(0.1)

    live(40.0)
    gone[0] = True
    next(keeper for keeper in companion.keepers if keeper.name == "servos").lose(DeviceLost("unplugged"))
    live(20.0)
    gone[0] = False
    live(6.0)
    companion.close()
    assert len(opened) == 2


def test_the_status_is_brought_up_to_date_with_the_chores_and_gone_at_the_end(folder):
    chores = []
    robot = Cared(folder, chore=lambda: chores.append(1))
    robot.live(5.0)
    assert read_status().up_s == pytest.approx(4.0, abs=0.1)
    assert len(chores) == 3
    robot.caretaker.close()
    assert read_status() is None
    robot.companion.close()


def test_what_was_freed_goes_back_within_a_minute(folder):
    robot = Cared(folder)
    robot.caretaker.step(1.0)
    blocks = [bytearray(16_000) for _ in range(4000)]
    held = blocks[::400]
    del blocks
    before_mb = private_mb()
    robot.caretaker.step(GIVE_BACK_EVERY_S + 1.0)
    assert before_mb - private_mb() > 30.0
    assert len(held) == 10
    robot.companion.close()
