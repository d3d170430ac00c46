"""Fault 39 from end to end: a signed model that goes wrong in use reaches few robots, and none keeps it."""

import contextlib
from pathlib import Path

import numpy as np

from hardware.clock import SteppedClock
from robot.config import InferenceSettings
from robot.errors import InferenceError
from robot.inference.model import Model
from robot.updates.live import LiveModel
from tests.updates.bundles import MODEL
from tests.updates.world import World

ROBOTS = 40
INPUT = np.zeros((12, 12, 1), np.float32)


class GoesWrong:
    """A real model; version 1.1.0 passes every self-test and gives NaN after a minute of use."""

    def __init__(self, directory: Path, clock: SteppedClock) -> None:
        self._model = Model.load(directory, InferenceSettings(accelerator="cpu"))
        self._clock, self._since_s = clock, clock.now_s()
        self.manifest = self._model.manifest

    def run(self, values):
        if self.manifest.version == "1.1.0" and self._clock.now_s() - self._since_s > 60:
            raise InferenceError("the output holds NaN or infinity")
        return self._model.run(values)


def a_quarter_of_an_hour(world: World, robot: str) -> str:
    """One robot looks, and lives; gives what it runs in the end."""
    world.client(robot).update()
    clock = SteppedClock()
    model = LiveModel(MODEL, world.store(robot), lambda directory: GoesWrong(directory, clock), clock)
    for _ in range(180):
        with contextlib.suppress(InferenceError):
            model.use(lambda used: used.run(INPUT))
        clock.wait_s(5)
        model.look()
    return f"{model.model.manifest.version} {model.resolved.source}"


def test_f39_a_bad_version_reaches_a_few_robots_and_none_keeps_it_and_a_good_one_follows_to_all(in_memory: Path):
    world = World(in_memory)
    robots = [f"robot {number}" for number in range(ROBOTS)]
    world.publish("1.1.0", percent=20)
    ends = [a_quarter_of_an_hour(world, robot) for robot in robots]
    assert set(ends) == {"1.0.0 factory"}
    hurt = [robot for robot in robots if world.store(robot).state.bad]
    assert 0 < len(hurt) < ROBOTS // 2
    world.publisher.halt(MODEL)
    world.publisher.withdraw(MODEL, "1.1.0")
    world.publish("1.2.0", percent=100)
    ends = [a_quarter_of_an_hour(world, robot) for robot in robots]
    assert set(ends) == {"1.2.0 current"}
    assert all(world.store(robot).history_fault() == "" for robot in robots)
