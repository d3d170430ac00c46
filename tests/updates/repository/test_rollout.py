"""Who gets what while a version goes out: the robots it has not reached keep to the one before."""

from pathlib import Path

import msgspec
import pytest

from robot.errors import UpdateError, UpdateRefused
from robot.updates.channel import Channel, Offering, Rollout, Steady, bundle_path, parse_channel
from robot.updates.repository import rollout
from tests.updates.bundles import MODEL
from tests.updates.world import World


@pytest.fixture
def world(in_memory: Path) -> World:
    """1.1.0 has reached all robots, 1.2.0 has begun with none of them."""
    made = World(in_memory)
    made.publish("1.1.0", percent=100)
    made.publish("1.2.0", percent=0)
    return made


def versions(world: World, name: str = "robot") -> list[str]:
    return [offer.bundle.version for offer in world.client(name).check().offers]


def kept(world: World, name: str = "robot") -> None:
    world.client(name).update()
    world.store(name).keep(MODEL)


def test_a_robot_that_the_new_version_has_not_reached_takes_the_one_before(world: World):
    assert versions(world) == ["1.1.0"]
    kept(world)
    assert versions(world) == []
    world.publisher.advance(MODEL, 100)
    assert versions(world) == ["1.2.0"]
    assert versions(world, "new") == ["1.2.0"]


def test_while_it_is_halted_new_robots_take_the_one_before(world: World):
    world.publisher.advance(MODEL, 100)
    world.publisher.halt(MODEL)
    assert versions(world) == ["1.1.0"]


def test_a_robot_that_leaves_a_withdrawn_version_returns_to_the_one_before_at_once(world: World):
    kept(world)
    world.publisher.advance(MODEL, 100)
    kept(world)
    world.publisher.withdraw(MODEL, "1.2.0")
    assert world.client().update() == []
    assert world.store().resolve(MODEL).name.startswith("1.1.0")
    assert versions(world) == []
    assert versions(world, "new") == ["1.1.0"]


def test_the_one_before_is_not_offered_once_it_is_withdrawn_too(world: World):
    world.publisher.withdraw(MODEL, "1.1.0")
    assert versions(world) == []


def test_the_one_before_is_not_offered_below_the_oldest_that_may_run(world: World):
    world.publish("1.3.0", percent=100, min_version="1.3.0")
    kept(world)
    world.store().leave_all(MODEL)
    world.publisher.halt(MODEL)
    assert (versions(world), versions(world, "new")) == ([], ["1.1.0"])
    world.publisher.advance(MODEL, 100)
    world.publish("1.4.0", percent=0)
    assert versions(world) == versions(world, "new") == ["1.3.0"]


def test_a_version_that_never_reached_all_is_not_the_one_before():
    channel = Channel(0)
    for version, percent in (("1.0.0", 100), ("1.1.0", 50), ("1.2.0", 5)):
        channel = rollout.staged(channel, MODEL, version, percent)
    assert channel.models[MODEL].steady == Steady("1.0.0", bundle_path(MODEL, "1.0.0"))


def test_staging_the_same_version_again_keeps_the_one_before():
    channel = rollout.staged(rollout.staged(Channel(0), MODEL, "1.0.0", 100), MODEL, "1.1.0", 100)
    again = rollout.staged(channel, MODEL, "1.1.0", 50)
    assert again.models[MODEL].steady == channel.models[MODEL].steady


def test_a_channel_that_offers_the_file_of_another_model_as_the_one_before_is_refused():
    steady = Steady("1.0.0", bundle_path("other", "1.0.0"))
    offering = Offering("1.1.0", bundle_path(MODEL, "1.1.0"), Rollout(5, "x"), steady=steady)
    with pytest.raises(UpdateRefused, match=r"offers models/other/1\.0\.0"):
        parse_channel(msgspec.json.encode(Channel(0, {MODEL: offering})), "stable")


def test_a_robot_of_before_reads_a_channel_of_today(world: World):
    class Old(msgspec.Struct):
        version: str
        bundle: str

    class OldChannel(msgspec.Struct):
        models: dict[str, Old]

    content = msgspec.json.encode(world.publisher.channel())
    assert msgspec.json.decode(content, type=OldChannel).models[MODEL].version == "1.2.0"


@pytest.mark.parametrize("percent", [-1, 100.1, float("nan")])
def test_a_share_is_between_0_and_100(percent: float):
    with pytest.raises(UpdateError, match="between 0 and 100"):
        rollout.staged(Channel(0), MODEL, "1.0.0", percent)
