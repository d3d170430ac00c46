"""The publisher: step by step on several machines, halted and taken back, and no robot left behind by a changed key."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from robot.errors import RapportError, StoreBusy, UpdateError
from robot.updates.disk import RealDisk
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.repository.keys import KeyFolder, read_public
from robot.updates.repository.publisher import DAYS, Publisher
from tests.updates.bundles import MODEL, model_files, write_model
from tests.updates.world import DAY_S, NOW_S, World


@pytest.fixture
def world(in_memory: Path) -> World:
    return World(in_memory)


def moved(world: World, name: str, *keys: str) -> Path:
    """A medium to which keys were taken."""
    medium = world.folder / name
    medium.mkdir(mode=0o700)
    for key in keys:
        for half in (".pem", ".pub"):
            shutil.move(world.folder / "keys" / f"{key}{half}", medium / f"{key}{half}")
    return medium


def add(world: World, version: str, publisher: Publisher | None = None) -> None:
    directory = write_model(world.folder / f"made-{version}", version, model_files(version))
    (publisher or world.fresh_publisher()).add(bundle_model(directory, world.now_s, Conditions()))


def test_the_first_root_needs_two_of_three_keys(world: World):
    root = Metadata.from_bytes(world.root)
    assert (root.signed.roles["root"].threshold, len(root.signed.roles["root"].keyids)) == (2, 3)
    assert len(root.signatures) == 3


def test_every_role_lives_as_long_as_it_should(world: World):
    for role, days in DAYS.items():
        found = world.publisher.files.newest(role)
        assert found is not None
        assert found.signed.expires == datetime.fromtimestamp(NOW_S, UTC) + timedelta(days=days)


def test_a_model_waits_for_the_targets_key_and_no_robot_sees_it_before(world: World):
    stick = moved(world, "stick", "targets")
    publisher = world.fresh_publisher()
    add(world, "1.1.0", publisher)
    (waiting,) = publisher.sign()
    assert (waiting.complete, waiting.missing) == (False, ("targets",))
    with pytest.raises(UpdateError, match="waits for the signature of the targets key"):
        publisher.stage(MODEL, "1.1.0", 100)
    world.fresh_publisher(stick).sign()
    assert world.client().check().offers == ()
    publisher.stage(MODEL, "1.1.0", 100)
    assert len(world.client().update()) == 1


def test_signed_where_no_online_key_is_it_is_public_with_the_next_refresh(world: World):
    stick = moved(world, "stick", "targets")
    add(world, "1.1.0")
    (signed,) = world.fresh_publisher(stick).sign()
    assert signed.complete
    assert world.fresh_publisher().published() == {}
    world.fresh_publisher().refresh()
    assert list(world.fresh_publisher().published()) == [f"models/{MODEL}/1.1.0/bundle.json"]
    assert world.fresh_publisher().waiting() == []


def test_several_models_wait_in_one_draft(world: World):
    add(world, "1.1.0")
    add(world, "1.2.0")
    (waiting,) = world.fresh_publisher().sign()
    assert waiting.version == 2
    assert len(world.fresh_publisher().published()) == 2


def test_root_keys_made_elsewhere_sign_one_after_the_other(tmp_path: Path):
    machines = [KeyFolder(tmp_path / f"machine{number}") for number in (1, 2, 3)]
    given = [keys.make(f"root{number}") for number, keys in enumerate(machines, start=1)]

    def at(*keys: Path) -> Publisher:
        return Publisher(tmp_path / "work", KeyFolder(*keys), RealDisk(), lambda: NOW_S)

    here = tmp_path / "keys"
    root, targets = at(here).init(threshold=2, given=given)
    assert (root.by, root.missing, targets.complete) == ((), ("root1", "root2", "root3"), True)
    assert not (tmp_path / "work" / "public" / "metadata" / "1.root.json").exists()
    root, _ = at(tmp_path / "machine1").sign()
    assert str(root) == "root 1: signed by root1, 2 needed; bring root2 or root3 and sign again"
    root, _ = at(tmp_path / "machine3").sign()
    assert (root.complete, root.by) == (True, ("root1", "root3"))
    at(here).refresh()
    assert at(here).waiting() == []
    assert not list(here.glob("root*"))


def test_a_draft_that_is_changed_after_it_was_signed_needs_new_signatures(world: World):
    stick = moved(world, "stick", "targets")
    add(world, "1.1.0")
    world.fresh_publisher(stick).sign()
    add(world, "1.2.0")
    (waiting,) = world.fresh_publisher().waiting()
    assert (waiting.by, waiting.complete) == ((), False)


def test_staging_and_halting_need_no_offline_key(world: World):
    world.publish("1.1.0", percent=5)
    moved(world, "safe", "root1", "root2", "root3", "targets")
    publisher = world.fresh_publisher()
    publisher.advance(MODEL, 25)
    publisher.halt(MODEL)
    publisher.withdraw(MODEL, "1.1.0")
    offering = publisher.channel().models[MODEL]
    assert (offering.rollout.percent, offering.rollout.halted, offering.withdrawn) == (25, True, ("1.1.0",))


def test_without_an_online_key_nothing_changes(world: World):
    world.publish("1.1.0", percent=5)
    moved(world, "lost", "timestamp")
    before = (world.repository / "metadata" / "timestamp.json").read_bytes()
    with pytest.raises(UpdateError, match=r"timestamp: the key is not here \(timestamp\.pem\)"):
        world.fresh_publisher().advance(MODEL, 50)
    assert (world.repository / "metadata" / "timestamp.json").read_bytes() == before
    assert world.fresh_publisher().channel().models[MODEL].rollout.percent == 5


def test_a_withdrawn_version_is_not_offered_again(world: World):
    world.publish("1.1.0", percent=5)
    world.publisher.withdraw(MODEL, "1.1.0")
    for again in (lambda: world.publisher.stage(MODEL, "1.1.0", 5), lambda: world.publisher.advance(MODEL, 50)):
        with pytest.raises(UpdateError, match="was withdrawn"):
            again()


def test_a_rotation_waits_for_enough_root_keys_and_changes_nothing_before(world: World):
    safe = moved(world, "safe", "root2")
    moved(world, "lost", "root3")
    (waiting,) = world.fresh_publisher().rotate("timestamp")
    assert (waiting.by, waiting.missing) == (("root1",), ("root2", "root3"))
    assert world.client().check().offers == ()
    assert world.fresh_publisher().files.versions("root") == [1]
    (signed,) = world.fresh_publisher(safe).sign()
    assert signed.complete
    world.fresh_publisher().refresh()
    assert world.fresh_publisher().files.versions("root") == [1, 2]
    assert world.client().check().offers == ()
    assert world.store().state.floor.root == 2


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "release", "online"])
def test_the_old_key_of_a_rotated_role_signs_nothing_more(world: World, role: str):
    world.publish("1.1.0")
    world.client().update()
    if role == "online":
        world.publisher.rotate_online()
    else:
        world.publisher.rotate(role)
    moved(world, "old", *(["release", "snapshot", "timestamp"] if role == "online" else [role]))
    publisher = world.fresh_publisher()
    add(world, "1.2.0", publisher)
    publisher.sign()
    publisher.stage(MODEL, "1.2.0", 100)
    assert [offer.bundle.version for offer in world.client().check().offers] == ["1.2.0"]
    assert [offer.bundle.version for offer in world.client(name="fresh").check().offers] == ["1.2.0"]


def test_a_robot_that_looks_between_any_two_writes_of_a_rotation_sees_the_old_or_the_new(world: World):
    world.publish("1.1.0")
    world.client().update()
    looks: list[int] = []

    def look(operation: str, path: Path) -> None:
        if operation == "move" and path.is_relative_to(world.repository):
            looks.append(world.store().state.floor.root)
            world.client().check()
            world.client(name=f"fresh {len(looks)}").check()

    publisher = Publisher(world.folder, KeyFolder(world.folder / "keys"), RealDisk(look), lambda: world.now_s)
    for role in ("timestamp", "snapshot", "targets", "release"):
        publisher.rotate(role)
    publisher.rotate("root", "root1")
    assert len(looks) > 20
    world.client().check()
    assert world.store().state.floor.root == 5


def test_a_lost_root_key_is_replaced_by_the_two_others_and_robots_follow(world: World):
    world.client().check()
    moved(world, "lost", "root1")
    publisher = world.fresh_publisher()
    publisher.rotate("root", "root1")
    assert sorted(publisher.key_names("root")) == ["root2", "root3", "root4"]
    moved(world, "gone", "root2")
    world.fresh_publisher().rotate("timestamp")
    world.client().check()
    assert world.store().state.floor.root == 3


def test_a_new_root_key_made_elsewhere_signs_its_own_coming(world: World):
    elsewhere = world.folder / "elsewhere"
    KeyFolder(elsewhere).make("carol")
    moved(world, "safe", "root2", "root3")
    (waiting,) = world.fresh_publisher().rotate("root", "root1", read_public(elsewhere / "carol.pub"))
    assert waiting.missing == ("carol", "root2", "root3")
    world.fresh_publisher(elsewhere).sign()
    (waiting,) = world.fresh_publisher(world.folder / "safe").sign()
    assert waiting.complete
    world.fresh_publisher().refresh()
    assert sorted(world.fresh_publisher().key_names("root")) == ["carol", "root2", "root3"]


def test_refresh_signs_what_is_online_before_it_expires(world: World):
    world.publish("1.1.0")
    for _ in range(8):
        world.now_s += 13 * DAY_S
        world.fresh_publisher().refresh()
        assert world.client().check() is not None
    left = world.fresh_publisher().files.newest("release")
    assert left is not None
    assert left.signed.expires - world.publisher.now() >= timedelta(days=15)


def test_refresh_removes_what_was_replaced_and_has_expired_but_no_root(world: World):
    world.publisher.rotate("timestamp")
    for _ in range(6):
        world.now_s += 10 * DAY_S
        world.publisher.refresh()
    files = world.publisher.files
    assert files.versions("root") == [1, 2]
    assert len(files.versions("snapshot")) <= 4
    assert world.client().check().offers == ()


@pytest.mark.parametrize("role", ["root", "targets"])
def test_an_offline_role_is_renewed_before_it_expires(world: World, role: str):
    world.now_s += 100 * DAY_S
    world.publisher.refresh([role])
    found = world.publisher.files.newest(role)
    assert found is not None
    assert found.signed.expires - world.publisher.now() == timedelta(days=DAYS[role])
    world.client().check()


def test_two_publishers_do_not_work_in_one_folder(world: World):
    with world.publisher.working(), pytest.raises(StoreBusy), world.fresh_publisher().working():
        pass


def test_a_web_server_of_another_user_can_read_all_of_it(world: World):
    world.publish("1.1.0")
    for path in (world.repository, *world.repository.rglob("*")):
        wanted = 0o755 if path.is_dir() else 0o644
        assert path.stat().st_mode & 0o777 == wanted, path


def test_keys_are_readable_by_their_owner_alone_and_lie_nowhere_else(world: World):
    world.publish("1.1.0")
    world.client().update()
    world.publisher.rotate_online()
    keys = list((world.folder / "keys").glob("*.pem"))
    assert len(keys) == 10
    assert all(key.stat().st_mode & 0o077 == 0 for key in keys)
    secrets = [key.read_bytes().split(b"\n")[1] for key in keys]
    public = [path for name in ("public", "pending", "robot") for path in (world.folder / name).rglob("*")]
    files = [*(path for path in public if path.is_file()), *(world.folder / "keys").glob("*.pub")]
    assert len(files) > 30
    for path in files:
        content = path.read_bytes()
        assert b"PRIVATE" not in content, path
        assert not any(secret in content for secret in secrets), path


def test_wrong_use_says_what_to_do(world: World):
    world.publish("1.1.0", percent=50)
    again = bundle_model(world.folder / "made-1.1.0" / "1.1.0", NOW_S, Conditions())
    wrong: list[tuple[Callable[[], object], str]] = [
        (world.publisher.init, "holds a repository already"),
        (lambda: world.publisher.init(2, 3), "cannot be met"),
        (lambda: world.publisher.stage(MODEL, "9.9.9", 1), "is not published"),
        (lambda: world.publisher.stage(MODEL, "1.1.0", 101), "between 0 and 100"),
        (lambda: world.publisher.advance(MODEL, 5), "use halt or withdraw"),
        (lambda: world.publisher.halt("mind_reader"), "stage a version first"),
        (lambda: world.publisher.withdraw(MODEL, "8.8.8"), "was never published"),
        (lambda: world.publisher.add(again), "give it a new version"),
        (lambda: world.publisher.rotate("root"), "name the one that goes with --key"),
        (lambda: world.publisher.rotate("root", "root9"), "no key of root; there is root1, root2, root3"),
        (lambda: world.publisher.rotate("king"), "no such role"),
    ]
    for step, says in wrong:
        with pytest.raises(RapportError, match=says):
            step()
    assert world.publisher.waiting() == []
