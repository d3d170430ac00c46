"""Whole updates and exports with real signatures, ended before any of their operations: old or new, never between."""

import contextlib
from pathlib import Path

import pytest

from hardware.clock import SteppedClock
from robot.errors import UpdateError
from robot.updates.disk import RealDisk
from robot.updates.export import Exporter
from robot.updates.link import FolderLink
from robot.updates.store import Store
from tests.updates.bundles import MODEL, SMALL_MODELS
from tests.updates.crash_disk import Killed
from tests.updates.world import World


def dying(after: int, seen: list[str] | None = None) -> RealDisk:
    """A disk whose process ends before its n-th change."""
    count = iter(range(after, -1, -1))

    def die(operation: str, _: Path) -> None:
        if seen is not None:
            seen.append(operation)
        if next(count, 1) == 0:
            raise Killed

    return RealDisk(die)


@pytest.fixture
def world(in_memory: Path) -> World:
    made = World(in_memory)
    made.publish("1.1.0")
    return made


def export(world: World, stick: Path, disk: RealDisk, robot: str = "robot") -> None:
    store = Store(world.folder / robot, SMALL_MODELS, disk, lambda: world.now_s)
    Exporter(store, disk, "stable", world.root, SteppedClock()).export(stick)


def taken_from(world: World, stick: Path, robot: str) -> list[str]:
    return [offer.bundle.version for offer in world.client(robot, link=FolderLink(stick)).update()]


def test_f01_an_export_that_ends_before_any_operation_leaves_the_old_one_or_the_new_one(world: World):
    world.client().update()
    world.store().keep(MODEL)
    stick = world.folder / "stick"
    stick.mkdir()
    export(world, stick, RealDisk())
    world.publish("1.2.0")
    world.client().update()
    operations: list[str] = []
    export(world, world.folder / "whole", dying(10**6, operations))
    seen = set()
    for operation in range(0, len(operations), 3):
        with contextlib.suppress(Killed):
            export(world, stick, dying(operation))
        (version,) = taken_from(world, stick, f"robot {operation}")
        seen.add(version)
    export(world, stick, RealDisk())
    assert taken_from(world, stick, "last") == ["1.2.0"]
    assert seen == {"1.1.0", "1.2.0"}
    assert len(operations) > 40


def test_f01_a_whole_update_that_ends_before_any_operation_ends_well_when_it_is_tried_again(world: World):
    operations: list[str] = []
    world.client("whole", disk=dying(10**6, operations)).update()
    assert len(operations) > 50
    for operation in range(len(operations)):
        name = f"robot {operation}"
        with pytest.raises(Killed):
            world.client(name, disk=dying(operation)).update()
        store = world.store(name)
        assert (store.resolve(MODEL).faults, store.history_fault()) == ((), ""), operation
        world.client(name).update()
        assert (world.store(name).state.slots(MODEL).trial or "").startswith("1.1.0"), operation


def test_a_robot_that_holds_nothing_of_a_repository_has_nothing_to_export(world: World):
    with pytest.raises(UpdateError, match="models check"):
        export(world, world.folder / "stick", RealDisk())
    world.client().check()
    with pytest.raises(UpdateError, match="models update"):
        export(world, world.folder / "stick", RealDisk())


def test_a_version_that_the_publisher_no_longer_signs_so_is_left_out(world: World):
    world.client().update()
    store = world.store()
    store.keep(MODEL)
    targets = world.folder / "robot" / "tuf" / "targets.json"
    targets.write_bytes(targets.read_bytes().replace(b"models/stripes/1.1.0", b"models/stripes/9.9.9"))
    with pytest.raises(UpdateError, match="no updated model"):
        export(world, world.folder / "stick", RealDisk())
