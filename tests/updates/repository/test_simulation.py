"""The simulated rollout: the bad version is caught, the good one follows; the robots are real but for their disk."""

import random
from pathlib import Path

import pytest
from PIL import Image

from hardware.clock import SteppedClock
from robot.inference.store import factory_models
from robot.updates.offers import Robot
from robot.updates.repository.simulation.chart import draw_rollout
from robot.updates.repository.simulation.curve import curve_of, outcome_of, sparkline
from robot.updates.repository.simulation.looks import Alike, FleetClient, Looks
from robot.updates.repository.simulation.memory import MemoryDisk, RememberingLink
from robot.updates.repository.simulation.robots import Fault, FaultKind, Shared, SimulatedRobot
from robot.updates.repository.simulation.story import BAD, Plan, Story, tell
from robot.updates.selftest_child import Answer
from robot.updates.store import Store
from tests.updates.bundles import MODEL, SMALL_MODELS
from tests.updates.world import NOW_S, World, passes

SMALL = Plan(robots=150, percent=20, reporting=0.5)


def lived(folder: Path, plan: Plan) -> Story:
    folder.mkdir()
    return tell(plan, folder, factory_models(), lambda _: None, lambda *_: None)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return lived(tmp_path_factory.mktemp("fleet") / "one", SMALL)


def test_f39_a_bad_version_is_tried_by_a_few_kept_by_none_halted_and_a_good_one_follows_to_all(story: Story):
    outcome = outcome_of(story)
    assert outcome.held
    assert 0.1 < outcome.tried_bad / SMALL.robots < 0.3
    assert outcome.caught_min[1] < 10
    assert outcome.halted_after_h == 24
    did = [step.text for step in story.steps]
    halted, withdrawn = (next(n for n, text in enumerate(did) if word in text) for word in ("halts", "withdraws"))
    assert 0 < halted < withdrawn < len(did) - 1
    assert any("offers it to 100 %" in text for text in did[withdrawn:])


def test_the_same_seed_gives_the_same_story_on_any_number_of_processes(story: Story, tmp_path: Path):
    again = lived(tmp_path / "again", Plan(**{**_fields(SMALL), "processes": 2}))
    assert again.events == story.events
    assert again.steps == story.steps


def test_the_curve_adds_up(story: Story):
    curve = curve_of(story)
    assert curve.tried[-1] == curve.returned[-1] == len(story.tried[BAD])
    assert curve.kept_good[-1] == SMALL.robots
    assert all(
        tried == on_it + back for tried, on_it, back in zip(curve.tried, curve.on_it, curve.returned, strict=True)
    )
    assert curve.tried == sorted(curve.tried)


def test_it_is_drawn(story: Story):
    picture = draw_rollout(story, curve_of(story), outcome_of(story))
    colours = {colour for _, colour in picture.getcolors(1 << 20) or []}
    assert isinstance(picture, Image.Image)
    assert {(0xD5, 0x5E, 0x00), (0x00, 0x9E, 0x73), (0x00, 0x72, 0xB2)} <= colours


def test_a_line_of_blocks_shows_a_short_peak():
    assert sparkline([0, 0, 8, 0], 8, width=2) == " █"
    assert sparkline([0, 4, 8], 8, width=3) == " ▄█"
    assert sparkline([0, 0], 0) == "  "


@pytest.mark.parametrize(("kind", "says"), [("nan", "answers failed"), ("slow", "its budget is"), ("crash", "died")])
def test_every_fault_is_caught_by_the_trial(in_memory: Path, kind: FaultKind, says: str):
    world = World(in_memory)
    world.publish("1.1.0", percent=100)
    robot = simulated(world, 0, Fault(kind, "1.1.0"))
    tries, returns = robot.look(NOW_S, 1)
    assert (tries.what, returns.what, says in returns.reason) == ("tries", "returns", True)
    assert robot.version == "1.0.0"
    assert robot.look(NOW_S + 86_400, 1) == []


def test_a_robot_that_kept_a_version_leaves_it_when_it_is_withdrawn(in_memory: Path):
    world = World(in_memory)
    world.publish("1.1.0", percent=100)
    robot = simulated(world, 0, Fault("nan", "9.9.9"))
    assert [event.what for event in robot.look(NOW_S, 1)] == ["tries", "keeps"]
    world.publisher.withdraw(MODEL, "1.1.0")
    assert [event.what for event in robot.look(NOW_S + 86_400, 2)] == ["leaves"]
    assert robot.version == "1.0.0"


def test_an_expired_repository_is_refused_by_a_simulated_robot_too(in_memory: Path):
    world = World(in_memory)
    world.publish("1.1.0", percent=100)
    world.now_s += 20 * 86_400
    (event,) = simulated(world, 0, Fault("nan", "9.9.9")).look(world.now_s, 1)
    assert (event.what, "expired" in event.reason) == ("refuses", True)


def test_a_simulated_robot_decides_as_one_with_a_real_disk_and_metadata_of_its_own(in_memory: Path):
    world = World(in_memory)
    world.publish("1.1.0", percent=50)
    looks = Looks(world.repository, world.folder / "caches", world.root, SteppedClock())
    offered = []
    for number in range(12):
        name = f"robot {number}"
        disk = MemoryDisk({})
        store = Store(Path("/robot"), SMALL_MODELS, disk, lambda: NOW_S)
        client = FleetClient(
            store,
            disk,
            SMALL_MODELS,
            RememberingLink(world.repository),
            Robot(world.root, name, "0.1.0"),
            SteppedClock(),
            lambda: NOW_S,
            chance=random.Random(0),
            test=passes,
        )
        client.looks, client.alike, client.now = looks, Alike(), 1
        real = world.client(name)
        assert client.check() == real.check()
        assert [offer.name for offer in client.update()] == [offer.name for offer in real.update()]
        there = world.store(name)
        assert store.state == there.state
        assert store.shelf.known(MODEL) == there.shelf.known(MODEL)
        assert [event.event for event in store.events()] == [event.event for event in there.events()]
        offered.append(bool(store.shelf.known(MODEL)))
    assert {True, False} == set(offered)


def simulated(world: World, number: int, fault: Fault) -> SimulatedRobot:
    looks = Looks(world.repository, world.folder / "caches", world.root, SteppedClock())
    tested = {"1.1.0": Answer("")}
    link = RememberingLink(world.repository)
    shared = Shared(MODEL, SMALL_MODELS, world.root, link, looks, fault, tested)
    return SimulatedRobot(number, 1, shared, lambda: world.now_s)


def _fields(plan: Plan) -> dict[str, object]:
    return {name: getattr(plan, name) for name in plan.__slots__}
