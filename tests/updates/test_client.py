"""An update from end to end, with real signatures: what is offered, what is taken, and to whom."""

from pathlib import Path

import pytest

from robot.errors import Incompatible, SelfTestFailed, StoreBusy
from robot.updates.bundle import Requires
from robot.updates.channel import BUCKETS, Offering, Rollout, bucket, is_offered
from robot.updates.company import is_updating
from robot.updates.selftest import self_test
from robot.updates.selftest_child import Answer
from robot.updates.state import BOOTS
from tests.updates.bundles import MODEL
from tests.updates.world import World, passes


@pytest.fixture
def world(in_memory: Path) -> World:
    return World(in_memory)


def test_a_published_version_becomes_the_candidate_and_the_model_in_use_stays(world: World):
    world.publish("1.1.0")
    (taken,) = world.client(test=self_test).update()
    slots = world.store().state.slots(MODEL)
    assert (slots.trial, slots.boots_left, slots.current) == (taken.name, BOOTS, None)
    found = world.store().resolve(MODEL)
    assert (found.source, (found.directory / "manifest.json").exists()) == ("trial", True)


def test_a_look_at_nothing_new_finds_nothing(world: World):
    world.publish("1.1.0")
    client = world.client()
    client.update()
    world.store().keep(MODEL)
    assert world.client().check().offers == ()
    assert world.client().update() == []


def test_others_see_that_an_update_is_at_work_while_it_is_and_not_while_it_only_looks(world: World):
    seen = []

    def watched(directory: Path, budget_ms: float) -> Answer:
        seen.append(is_updating(world.folder / "robot"))
        return passes(directory, budget_ms)

    world.publish("1.1.0")
    client = world.client(test=watched)
    client.check()
    assert not is_updating(world.folder / "robot")
    client.update()
    assert seen == [True]
    assert not is_updating(world.folder / "robot")


def test_a_look_changes_no_model(world: World):
    world.publish("1.1.0")
    (offer,) = world.client().check().offers
    assert offer.bundle.version == "1.1.0"
    assert world.client().update(dry_run=True) == [offer]
    assert world.store().state.models == {}


def test_what_shipped_is_not_replaced_by_the_same_or_an_older_version(world: World):
    world.publish("1.0.0")
    assert world.client().check().offers == ()


def test_a_model_that_fails_its_self_test_is_bad_and_not_tried_again_unless_forced(world: World):
    world.publish("1.1.0")

    def fails(directory: Path, budget_ms: float) -> None:
        raise SelfTestFailed("crashed")

    with pytest.raises(SelfTestFailed):
        world.client(test=fails).update()
    state = world.store().state
    assert state.slots(MODEL).trial is None
    assert list(state.bad.values()) == ["crashed"]
    assert world.client().update() == []
    assert len(world.client().update(force=True)) == 1


def test_a_pinned_model_stays_and_the_offer_says_why(world: World):
    world.store().pin(MODEL, "factory")
    world.publish("1.1.0")
    (offer,) = world.client().check().offers
    assert "pinned to factory" in offer.held
    assert world.client().update() == []
    world.store().pin(MODEL, None)
    assert len(world.client().update()) == 1


def test_only_the_share_of_robots_that_was_staged_is_offered_the_version(world: World):
    world.publish("1.1.0", percent=5)
    salt = f"{MODEL}/1.1.0"
    inside = next(str(n) for n in range(1000) if bucket(salt, str(n)) < 500)
    outside = next(str(n) for n in range(1000) if bucket(salt, str(n)) >= 500)
    assert len(world.client(inside).check().offers) == 1
    assert world.client(outside).check().offers == ()
    world.publisher.advance(MODEL, 100)
    assert len(world.client(outside).check().offers) == 1
    world.publisher.halt(MODEL)
    assert world.client(outside).check().offers == ()


def test_rollouts_are_even_only_grow_and_start_with_others_each_time():
    offering = Offering("1.1.0", "", Rollout(5, "face/1.1.0"))
    wider = Offering("1.1.0", "", Rollout(25, "face/1.1.0"))
    other = Offering("1.2.0", "", Rollout(5, "face/1.2.0"))
    robots = [str(number) for number in range(10_000)]
    first, grown, next_time = ({r for r in robots if is_offered(o, r, 0)} for o in (offering, wider, other))
    assert 400 < len(first) < 600
    assert 2300 < len(grown) < 2700
    assert first < grown
    assert len(first & next_time) < 60
    assert BUCKETS == 10_000


def test_a_withdrawn_version_is_left_for_the_one_before(world: World):
    for version in ("1.1.0", "1.2.0"):
        world.publish(version)
        world.client().update()
        world.store().keep(MODEL)
    world.publisher.withdraw(MODEL, "1.2.0")
    assert world.client().update() == []
    assert world.store().resolve(MODEL).name.startswith("1.1.0")
    assert "withdrawn" in next(iter(world.store().state.bad.values()))


def test_a_withdrawn_candidate_is_dropped(world: World):
    world.publish("1.1.0")
    world.client().update()
    world.publisher.withdraw(MODEL, "1.1.0")
    world.client().update()
    assert world.store().resolve(MODEL).source == "factory"


@pytest.mark.parametrize(
    ("requires", "robot", "says"),
    [
        ({"app_from": "2.0.0"}, {}, "update Rapport first"),
        ({"app_below": "0.1.0"}, {}, "update Rapport first"),
        ({"machines": ("aarch64",)}, {"machine": "x86_64"}, "this is x86_64"),
        ({"edgetpu_runtimes": ("13", "14")}, {"edgetpu_runtime": "12"}, "13 or 14, this robot has 12"),
    ],
)
def test_f33_what_is_not_for_this_robot_is_refused_before_anything_is_fetched(world: World, requires, robot, says):
    world.publish("1.1.0", requires=Requires(**requires))
    with pytest.raises(Incompatible, match=says) as error:
        world.client(**robot).update()
    assert error.value.exit_code == 24
    assert not any((world.folder / "robot" / "blobs").iterdir())


def test_f33_the_runtime_of_an_edge_tpu_binds_only_a_robot_that_has_one(world: World):
    world.publish("1.1.0", requires=Requires(edgetpu_runtimes=("14",)))
    assert len(world.client(edgetpu_runtime="14").check().offers) == 1
    assert len(world.client(edgetpu_runtime="").check().offers) == 1


def test_f30_two_updates_at_once_and_the_second_is_told_to_wait(world: World):
    world.publish("1.1.0")
    with world.store().updating(), pytest.raises(StoreBusy) as error:
        world.client().update()
    assert error.value.exit_code == 26


def test_every_step_is_in_the_history_and_the_chain_holds(world: World):
    world.publish("1.1.0")
    world.client().update()
    world.store().resolve(MODEL)
    world.store().keep(MODEL)
    assert [event.event for event in world.store().events()] == ["check", "downloaded", "trial", "boot", "committed"]
    assert world.store().history_fault() == ""


def test_f26_a_set_that_rotted_is_fetched_again_and_needs_no_new_trial(world: World):
    world.publish("1.1.0")
    world.client().update()
    world.store().keep(MODEL)
    store = world.store()
    name = store.resolve(MODEL).name
    for file in ("manifest.json", "model.tflite"):
        path = store.shelf.sets / MODEL / name / file
        path.write_bytes(b"rot" + path.read_bytes()[3:])
    assert store.resolve(MODEL).source == "factory"
    assert [offer.name for offer in world.client().update()] == [name]
    found = world.store().resolve(MODEL)
    assert (found.source, found.name, found.faults) == ("current", name, ())
    assert world.client().update() == []


def test_a_damaged_copy_of_the_channel_is_fetched_again(world: World):
    world.publish("1.1.0")
    world.client().check()
    (world.folder / "robot" / "tuf" / "files" / "channels%2Fstable.json").write_bytes(b"{}")
    assert len(world.client().check().offers) == 1
