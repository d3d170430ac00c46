"""Fault 63: the publisher is killed before any of its writes. Robots see what was there; doing it again finishes it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from robot.errors import UpdateError
from robot.updates.disk import RealDisk
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.repository.keys import KeyFolder
from robot.updates.repository.lint import lint
from robot.updates.repository.publisher import Publisher
from tests.updates.bundles import MODEL, model_files, write_model
from tests.updates.crash_disk import Killed
from tests.updates.world import World

EVERY = 3
"""Each third write: the others are tried by the seeds of other actions, which write the same files."""


def adds(world: World, publisher: Publisher) -> None:
    made = world.folder / "made-1.2.0"
    directory = made / "1.2.0" if made.exists() else write_model(made, "1.2.0", model_files("1.2.0"))
    if f"models/{MODEL}/1.2.0/bundle.json" not in publisher.published() and not publisher.waiting():
        publisher.add(bundle_model(directory, world.now_s, Conditions()))
    publisher.sign()


def rotates(*what: str) -> Callable[[World, Publisher], None]:
    def rotate(world: World, publisher: Publisher) -> None:
        if publisher.waiting():
            publisher.sign()
        elif what == ("online",):
            publisher.rotate_online()
        else:
            publisher.rotate(*what)

    return rotate


ACTIONS = {
    "add and sign": adds,
    "advance": lambda _, publisher: publisher.advance(MODEL, 100),
    "withdraw": lambda _, publisher: publisher.withdraw(MODEL, "1.1.0"),
    "refresh": lambda _, publisher: publisher.refresh(),
    "rotate timestamp": rotates("timestamp"),
    "rotate targets": rotates("targets"),
    "rotate online": rotates("online"),
    "rotate root": rotates("root", "root1"),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_f63_a_publisher_killed_before_any_write_leaves_robots_in_peace_and_the_next_run_finishes(
    in_memory: Path, action: str
):
    (in_memory / "before").mkdir()
    before = World(in_memory / "before")
    before.publish("1.1.0", percent=100)
    before.client().update()
    before.store().keep(MODEL)
    for operation in range(0, 400, EVERY):
        world = copy_of(before, in_memory / str(operation))
        if not killed(world, action, operation):
            break
        world.client().check()
        world.client(name="new").check()
        ACTIONS[action](world, world.fresh_publisher())
        assert [found.text for found in lint(world.fresh_publisher()) if found.level != "note"] == []
        assert world.fresh_publisher().waiting() == []
        world.client().check()
        shutil.rmtree(world.folder)
    assert operation > EVERY


def copy_of(world: World, folder: Path) -> World:
    shutil.copytree(world.folder, folder)
    copy = World.__new__(World)
    copy.folder, copy.now_s, copy.repository, copy.root = folder, world.now_s, folder / "public", world.root
    return copy


def killed(world: World, action: str, operation: int) -> bool:
    """Do it, and be killed before the operation of that number; False if there were not so many."""
    seen = [0]

    def stop(_: str, __: Path) -> None:
        seen[0] += 1
        if seen[0] == operation + 1:
            raise Killed

    publisher = Publisher(world.folder, KeyFolder(world.folder / "keys"), RealDisk(stop), lambda: world.now_s)
    try:
        ACTIONS[action](world, publisher)
    except Killed:
        return True
    return False


def test_f63_an_init_that_was_killed_is_begun_again_in_an_empty_folder(tmp_path: Path):
    def stop(operation: str, _: Path) -> None:
        if operation == "sync":
            raise Killed

    with pytest.raises(Killed):
        Publisher(tmp_path / "one", KeyFolder(tmp_path / "keys"), RealDisk(stop), lambda: 0.0).init()
    again = Publisher(tmp_path / "one", KeyFolder(tmp_path / "keys"), RealDisk(), lambda: 0.0)
    with pytest.raises(UpdateError, match="there is a key already; choose another folder"):
        again.init()
    assert all(
        each.complete
        for each in Publisher(tmp_path / "two", KeyFolder(tmp_path / "two keys"), RealDisk(), lambda: 0.0).init()
    )
