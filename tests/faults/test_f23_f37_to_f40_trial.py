"""Faults 23 and 37 to 40: a model that passed its self-test goes wrong in real use; the wall clock jumps meanwhile."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hardware.clock import SteppedClock
from robot.config import InferenceSettings
from robot.errors import InferenceError, ModelRefused
from robot.inference.model import Model
from robot.updates.disk import RealDisk
from robot.updates.live import LiveModel
from robot.updates.state import BOOTS
from robot.updates.store import Store
from tests.updates.bundles import MODEL, SMALL_MODELS, put

INPUT = np.zeros((12, 12, 1), np.float32)


class Robot:
    """A robot that runs one model, in stepped time, for as long as a test says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.wall_s = 1_795_000_000.0
        self.clock = SteppedClock()
        self.behaviour: Callable[[], None] = lambda: None
        self.told: list[str] = []
        self.loaded: list[str] = []
        self.store = Store(root, SMALL_MODELS, RealDisk(), lambda: self.wall_s)

    def publish(self, version: str) -> str:
        name = put(self.store, version, latency_budget_ms=20.0)
        self.store.try_set(MODEL, name)
        return name

    def start(self) -> LiveModel:
        return LiveModel(MODEL, self.store, self._load, self.clock, told=self.told.append)

    def _load(self, directory: Path) -> Model:
        self.loaded.append(directory.name)
        return Watched(Model.load(directory, InferenceSettings(accelerator="cpu")), self, directory.name)

    def live(self, model: LiveModel, seconds: int) -> int:
        """One answer and one look a second; gives how many answers failed."""
        failed = 0
        for _ in range(seconds):
            try:
                model.use(lambda used: used.run(INPUT))
            except InferenceError:
                failed += 1
            self.clock.wait_s(1)
            model.look()
        return failed


class Watched:
    """A real model in which a test can put a fault that shows only in use, in candidates only."""

    def __init__(self, model: Model, robot: Robot, name: str) -> None:
        self.manifest = model.manifest
        self._model, self._robot, self._name = model, robot, name

    def run(self, values):
        if self._name.startswith("1.1."):
            self._robot.behaviour()
        return self._model.run(values)


@pytest.fixture
def robot(in_memory: Path) -> Robot:
    return Robot(in_memory / "store")


def test_a_good_candidate_is_taken_up_without_a_restart_and_kept_after_ten_minutes(robot: Robot):
    model = robot.start()
    robot.live(model, 5)
    name = robot.publish("1.1.0")
    robot.live(model, 590)
    assert (model.resolved.source, model.resolved.name) == ("trial", name)
    robot.live(model, 20)
    assert (model.resolved.source, robot.store.read().slots(MODEL).current) == ("current", name)
    assert robot.loaded == ["1.0.0", name]


def test_f37_a_candidate_that_gives_nan_in_use_is_dropped_within_a_minute_and_nothing_loops(robot: Robot):
    def nan() -> None:
        if robot.clock.now_s() > 30:
            raise InferenceError("the output holds NaN")

    robot.behaviour = nan
    name = robot.publish("1.1.0")
    model = robot.start()
    failed = robot.live(model, 90)
    assert 0 < failed < 10
    assert model.resolved.source == "factory"
    assert "answers failed" in robot.store.state.bad[f"{MODEL}/{name}"]
    robot.live(model, 100)
    assert robot.loaded == [name, "1.0.0"]


def test_f38_a_candidate_that_is_slow_in_use_is_dropped(robot: Robot):
    robot.behaviour = lambda: robot.clock.wait_s(0.1)
    robot.publish("1.1.0")
    model = robot.start()
    robot.live(model, 40)
    assert model.resolved.source == "factory"
    assert "takes 100 ms" in next(iter(robot.store.state.bad.values()))


def test_f51_a_candidate_that_is_slow_because_the_machine_is_hot_is_not_blamed_for_it(robot: Robot):
    robot.behaviour = lambda: robot.clock.wait_s(0.1)
    name = robot.publish("1.1.0")
    model = robot.start()
    model.throttled = True
    robot.live(model, 400)
    assert (model.resolved.source, model.resolved.name) == ("trial", name)
    model.throttled = False
    robot.live(model, 40)
    assert model.resolved.source == "factory"


def test_f39_a_candidate_whose_process_dies_after_five_minutes_is_dropped(robot: Robot):
    robot.publish("1.1.0")
    model = robot.start()
    robot.live(model, 300)
    model.process_died()
    robot.live(model, 1)
    assert model.resolved.source == "factory"
    assert "died" in next(iter(robot.store.state.bad.values()))


def test_f40_a_robot_that_crashes_at_every_start_is_back_on_its_model_after_three(robot: Robot):
    robot.publish("1.1.0")
    sources = [Robot(robot.root).start().resolved.source for _ in range(BOOTS + 2)]
    assert sources == ["trial"] * BOOTS + ["factory"] * 2


def test_f34_a_candidate_that_does_not_load_is_dropped_for_the_one_in_use(robot: Robot):
    robot.publish("1.1.0")

    def refuses(directory: Path) -> Model:
        if directory.name.startswith("1.1."):
            raise ModelRefused("another interpreter")
        return robot._load(directory)

    model = LiveModel(MODEL, robot.store, refuses, robot.clock)
    assert model.resolved.source == "factory"
    assert "does not load" in next(iter(robot.store.state.bad.values()))


@pytest.mark.parametrize("step_s", [-31_536_000, 31_536_000])
def test_f23_a_year_of_wall_time_either_way_starts_and_ends_no_trial(robot: Robot, step_s: int):
    name = robot.publish("1.1.0")
    model = robot.start()
    robot.live(model, 300)
    robot.wall_s += step_s
    robot.live(model, 290)
    assert model.resolved.source == "trial"
    robot.live(model, 20)
    assert robot.store.read().slots(MODEL).current == name
    assert robot.store.history_fault() == ""


def test_a_return_by_hand_takes_effect_without_a_restart(robot: Robot):
    first = robot.publish("1.2.0")
    model = robot.start()
    robot.live(model, 610)
    robot.publish("1.3.0")
    robot.live(model, 5)
    robot.store.roll_back(MODEL)
    robot.live(model, 1)
    assert (model.resolved.source, model.resolved.name) == ("current", first)
    robot.store.roll_back(MODEL)
    robot.live(model, 1)
    assert model.resolved.source == "factory"


def test_f25_a_bad_candidate_is_left_though_the_disk_takes_no_verdict(robot: Robot, monkeypatch: pytest.MonkeyPatch):
    robot.behaviour = lambda: robot.clock.wait_s(0.1)
    robot.publish("1.1.0")
    model = robot.start()

    def read_only(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("os.replace", read_only)
    robot.live(model, 60)
    assert model.resolved.source == "factory"
    assert "cannot be written" in robot.told[0]
    assert len(robot.loaded) == 2


def test_an_answer_never_mixes_two_versions(robot: Robot):
    robot.publish("1.1.0")
    model = robot.start()
    seen: list[tuple[str, str]] = []

    def switched_within_the_answer() -> None:
        before = model.resolved.name
        if len(seen) == 0:
            robot.store.drop(MODEL, "test")
            model.look()
        seen.append((before, model.resolved.name))

    robot.behaviour = switched_within_the_answer
    answer = model.use(lambda used: used.run(INPUT))
    assert seen[0][0].startswith("1.1.0")
    assert seen[0][1] == "1.0.0"
    assert np.isfinite(answer).all()
    assert model.model.manifest.version == "1.0.0"


def test_f41_a_robot_whose_store_goes_while_it_runs_goes_on_with_the_model_it_has(robot: Robot, in_memory: Path):
    factory = shutil.copytree(SMALL_MODELS, in_memory / "factory")
    robot.store = Store(robot.root, factory, RealDisk(), lambda: robot.wall_s)
    name = robot.publish("1.1.0")
    model = robot.start()
    robot.live(model, 5)
    shutil.rmtree(robot.root)
    shutil.rmtree(factory)
    assert robot.live(model, 20) == 0
    assert model.model.manifest.version == "1.1.0"
    assert len(robot.told) == 1
    assert name in robot.loaded


def test_a_verdict_on_one_candidate_never_keeps_another(robot: Robot):
    first = robot.publish("1.1.0")
    second = robot.publish("1.2.0")
    robot.store.keep(MODEL, first)
    assert robot.store.read().slots(MODEL).trial == second
    assert robot.store.read().slots(MODEL).current is None
