"""Faults 11, 14 to 22, 31, 32, 63 and 64: the repository is old, forged, half written, or the clock is wrong."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, TargetFile

from robot.errors import NetworkFailed, RepositoryStale, StorageFailed, UpdateRefused
from robot.updates.channel import Offering, Rollout, bundle_path
from robot.updates.disk import RealDisk
from robot.updates.link import FolderLink, HttpLink
from robot.updates.repository.keys import KeyFolder
from robot.updates.repository.publisher import Publisher
from tests.updates.bundles import MODEL
from tests.updates.crash_disk import Killed
from tests.updates.fault_server import FaultServer, serving
from tests.updates.nginx import nginx_over
from tests.updates.world import DAY_S, NOW_S, World

Y1970_S = 3600.0
Y2030_S = datetime(2030, 1, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def world(in_memory: Path) -> World:
    made = World(in_memory)
    made.publish("1.1.0")
    return made


@pytest.fixture
def web(world: World) -> Iterator[FaultServer]:
    with serving(world.repository) as running:
        yield running


def commit(world: World) -> None:
    world.client().update()
    world.store().keep(MODEL)


def copy_of(world: World, name: str = "old copy") -> Path:
    return Path(shutil.copytree(world.repository, world.folder / name))


def sign_again(world: World, file: str, key: str, change: Callable[[Metadata], None], name: str | None = None) -> None:
    """What someone can do who holds a key: change a metadata file and sign it."""
    path = world.repository / "metadata" / file
    metadata = Metadata.from_file(str(path))
    change(metadata)
    metadata.sign(world.keys.signer(key))
    metadata.to_file(str(world.repository / "metadata" / (name or file)))


def refused(world: World, match: str = "security", **client) -> None:
    with pytest.raises(UpdateRefused, match=match) as error:
        world.client(**client).update()
    assert error.value.exit_code == 22
    assert [event.event for event in world.store().events()][-1] == "refused"


def test_f11_a_captive_portal_is_called_one_and_nothing_is_stored(world: World, web: FaultServer):
    web.manners.html = True
    for _ in range(2):
        with pytest.raises(NetworkFailed, match="captive portal") as error:
            world.client(link=HttpLink(web.url)).check()
        assert error.value.exit_code == 20
        web.manners.html, web.manners.redirect = False, "http://portal.example/"
    assert not (world.folder / "robot" / "tuf" / "timestamp.json").exists()


def test_f11_a_portal_that_lies_about_its_type_is_called_one_too(world: World):
    (world.repository / "metadata" / "timestamp.json").write_text("<html>log in</html>")
    with pytest.raises(NetworkFailed, match="captive portal"):
        world.client().check()


def test_f12_no_repository_at_an_address_is_said(world: World, web: FaultServer):
    web.manners.status = 404
    with pytest.raises(NetworkFailed, match="is there a repository"):
        world.client(link=HttpLink(web.url)).check()


def test_f13_a_look_at_a_server_in_trouble_is_one_request(world: World, web: FaultServer):
    web.manners.status = 503
    with pytest.raises(NetworkFailed, match="answers 503"):
        world.client(link=HttpLink(web.url)).check()
    assert len(web.manners.asked) == 1


@pytest.mark.parametrize(("days", "role"), [(15, "timestamp"), (31, "snapshot"), (121, "targets"), (366, "root")])
def test_f14_an_expired_repository_is_said_to_be_and_the_robot_goes_on(world: World, days: int, role: str):
    commit(world)
    world.now_s = NOW_S + days * DAY_S
    if role == "snapshot":
        sign_again(world, "timestamp.json", "timestamp", lambda metadata: _live_on(metadata, world))
    elif role == "targets":
        world.publisher.refresh()
    with pytest.raises(RepositoryStale, match=rf"{role}.*expired") as error:
        world.client().check()
    assert error.value.exit_code == 21
    assert world.store().resolve(MODEL).source == "current"


def _live_on(metadata: Metadata, world: World) -> None:
    """The online key goes on signing what an offline key has let expire."""
    metadata.signed.version += 1
    metadata.signed.expires = datetime.fromtimestamp(world.now_s, UTC) + timedelta(days=3)


def test_f15_an_older_timestamp_is_refused(world: World):
    old = copy_of(world)
    world.publish("1.2.0")
    commit(world)
    refused(world, link=FolderLink(old))
    assert world.store().resolve(MODEL).name.startswith("1.2.0")


@pytest.mark.parametrize("damage", ["wiped", "zeroed"])
def test_f16_an_older_repository_is_refused_though_the_cache_is_lost(world: World, damage: str):
    old = copy_of(world)
    world.publish("1.2.0")
    commit(world)
    cache = world.folder / "robot" / "tuf"
    if damage == "wiped":
        shutil.rmtree(cache)
    else:
        for file in cache.rglob("*.json"):
            file.write_bytes(b"")
    refused(world, match="an old copy of the repository is being replayed", link=FolderLink(old))
    assert world.client().update() == []


def test_f16_a_lost_cache_alone_is_no_fault(world: World):
    commit(world)
    shutil.rmtree(world.folder / "robot" / "tuf")
    world.publish("1.2.0")
    assert len(world.client().update()) == 1


def test_f17_older_targets_under_a_newer_name_are_refused(world: World):
    metadata = world.repository / "metadata"
    shutil.copy(metadata / "1.targets.json", metadata / "2.targets.json")
    refused(world)


def test_f18_a_version_far_ahead_does_not_freeze_the_robot_once_the_key_is_changed(world: World):
    def far_ahead(metadata: Metadata) -> None:
        metadata.signed.version = 2**40

    saved = (world.repository / "metadata" / "timestamp.json").read_bytes()
    sign_again(world, "timestamp.json", "timestamp", far_ahead)
    commit(world)
    assert world.store().state.floor.timestamp == 2**40
    (world.repository / "metadata" / "timestamp.json").write_bytes(saved)
    world.publish("1.2.0")
    refused(world)
    world.publisher.rotate("timestamp")
    assert len(world.client().update()) == 1
    assert world.store().state.floor.timestamp < 2**40


def test_f19_a_stolen_release_key_signs_no_model(world: World):
    metadata = world.repository / "metadata"
    newest = max(int(path.name.split(".")[0]) for path in metadata.glob("*.release.json"))
    forged_path = f"models/{MODEL}/6.6.6/bundle.json"
    forged = b"{}"
    info = TargetFile.from_data(forged_path, forged, ["sha256"])
    folder = world.repository / "targets" / "models" / MODEL / "6.6.6"
    folder.mkdir(parents=True)
    (folder / f"{info.hashes['sha256']}.bundle.json").write_bytes(forged)

    def add_model(release: Metadata) -> None:
        release.signed.targets[forged_path] = info

    sign_again(world, f"{newest}.release.json", "release", add_model)
    # Offered, too: the thief holds the key that decides who gets what.
    _offer_unsigned(world, "6.6.6")
    refused(world, match="has signed no such file")


def _offer_unsigned(world: World, version: str) -> None:
    offering = Offering(version, bundle_path(MODEL, version), Rollout(100, "x"))
    world.publisher._offer("stable", MODEL, offering)


def test_f19_a_stolen_release_key_brings_no_version_back_below_the_oldest_that_may_run(world: World):
    world.publish("1.3.0", min_version="1.2.0")
    commit(world)
    world.store().roll_back(MODEL)
    world.publisher.stage(MODEL, "1.1.0", 100)
    refused(world, match="the oldest version that may still run")


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_f20_a_changed_key_is_followed(world: World, role: str):
    commit(world)
    world.publisher.rotate(role)
    world.publish("1.2.0")
    assert len(world.client().update()) == 1


def test_f20_a_robot_twenty_roots_behind_follows_the_chain(world: World):
    for number in range(20):
        world.publisher.rotate(("timestamp", "snapshot", "targets")[number % 3])
    assert len(world.client().update()) == 1
    assert world.store().state.floor.root == 21


def test_f20_with_one_root_missing_it_is_refused(world: World):
    for _ in range(3):
        world.publisher.rotate("timestamp")
    (world.repository / "metadata" / "3.root.json").unlink()
    refused(world)


def test_f20_one_root_key_of_two_is_not_enough(world: World):
    world.publisher.rotate("timestamp")
    path = world.repository / "metadata" / "2.root.json"
    root = Metadata.from_file(str(path))
    root.sign(world.keys.signer("root1"))
    root.to_file(str(path))
    refused(world)


def test_f21_with_the_clock_at_1970_an_expired_repository_is_refused_by_the_newest_signed_time(world: World):
    commit(world)
    world.now_s = NOW_S + 40 * DAY_S
    world.publisher.stage(MODEL, "1.1.0", 100)
    world.client(now_s=Y1970_S).check()
    assert world.store().state.floor.time_s == world.now_s
    expired = copy_of(world)
    world.now_s += 40 * DAY_S
    world.publisher.stage(MODEL, "1.1.0", 100)
    world.client(now_s=Y1970_S).check()
    shutil.rmtree(world.folder / "robot" / "tuf")
    with pytest.raises(RepositoryStale):
        world.client(link=FolderLink(expired), now_s=Y1970_S).check()


def test_f21_with_the_clock_at_1970_a_good_repository_is_taken(world: World):
    assert len(world.client(now_s=Y1970_S).update()) == 1


def test_f22_with_the_clock_at_2030_the_clock_is_asked_about(world: World, web: FaultServer):
    with pytest.raises(RepositoryStale, match="the clock is wrong: it says 2030-01-01") as error:
        world.client(link=HttpLink(web.url), now_s=Y2030_S).check()
    assert error.value.exit_code == 21
    assert "the server says" in str(error.value)
    assert world.store().state.floor.time_s < Y2030_S


def test_f05_one_flipped_bit_in_any_metadata_file_is_refused(world: World):
    for file in sorted((world.repository / "metadata").glob("*.json")):
        good = file.read_bytes()
        middle = good.index(b'"version": ') + 11
        file.write_bytes(good[:middle] + b"7" + good[middle + 1 :])
        used = file.name in {"timestamp.json", *(f.name for f in _newest(world))}
        if used:
            with pytest.raises((UpdateRefused, NetworkFailed)):
                world.client(name=f"robot {file.name}").check()
        file.write_bytes(good)


def _newest(world: World) -> list[Path]:
    folder = world.repository / "metadata"
    return [
        max(folder.glob(f"*.{role}.json"), key=lambda p: int(p.name.split(".")[0]))
        for role in ("snapshot", "targets", "release")
    ]


def test_f08_an_endless_timestamp_is_dropped(world: World):
    (world.repository / "metadata" / "timestamp.json").write_bytes(b" " * 5_000_000)
    refused(world, match="longer than it may be")


def test_f25_a_read_only_cache_has_its_own_exit_code(world: World, monkeypatch: pytest.MonkeyPatch):
    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    world.client().check()
    monkeypatch.setattr("tempfile.NamedTemporaryFile", read_only)
    world.publish("1.2.0")
    with pytest.raises(StorageFailed, match="read-only") as error:
        world.client().check()
    assert error.value.exit_code == 27


def test_f31_a_stick_pulled_in_the_middle_changes_nothing(world: World):
    stick = copy_of(world, "stick")
    blobs = sorted((stick / "targets" / "blobs").iterdir())
    blobs[-1].unlink()
    with pytest.raises(NetworkFailed):
        world.client(link=FolderLink(stick)).update()
    assert world.store().resolve(MODEL).source == "factory"
    assert len(world.client().update()) == 1


def test_f31_a_stick_with_links_out_of_it_is_refused(world: World):
    stick = copy_of(world, "stick")
    blob = max((stick / "targets" / "blobs").iterdir())
    blob.unlink()
    blob.symlink_to("/etc/passwd")
    refused(world, match="leads out of", link=FolderLink(stick))


def test_f32_a_stick_with_an_older_but_valid_set_is_refused(world: World):
    stick = copy_of(world, "stick")
    world.publish("1.2.0")
    commit(world)
    refused(world, link=FolderLink(stick))


def test_f42_a_pinned_model_stays_though_the_update_is_mandatory_and_the_offer_says_so(world: World):
    world.store().pin(MODEL, "factory")
    world.publisher.stage(MODEL, "1.1.0", 100, mandatory=True)
    (offer,) = world.client().check().offers
    assert (offer.mandatory, "pinned" in offer.held) == (True, True)
    assert world.client().update() == []


def test_f63_a_publisher_killed_anywhere_leaves_robots_with_what_was_there_before(world: World):
    commit(world)
    for operation in range(0, 40, 2):
        done, publisher = _killed_publisher(world, operation)
        assert world.client().check().offers == (), operation
        if done:
            break
        publisher.refresh()
    world.publish("1.2.0")
    assert len(world.client().update()) == 1


def _killed_publisher(world: World, operation: int) -> tuple[bool, Publisher]:
    seen = [0]

    def stop(_: str, __: Path) -> None:
        seen[0] += 1
        if seen[0] == operation + 1:
            raise Killed

    publisher = Publisher(world.folder, KeyFolder(world.folder / "keys"), RealDisk(stop), lambda: world.now_s)
    try:
        publisher.stage(MODEL, "1.1.0", 100)
    except Killed:
        return False, world.publisher
    return True, world.publisher


def test_f64_a_cache_with_an_old_timestamp_and_new_blobs_shows_no_error_and_no_news(world: World):
    commit(world)
    old = (world.repository / "metadata" / "timestamp.json").read_bytes()
    world.publish("1.2.0")
    fresh = (world.repository / "metadata" / "timestamp.json").read_bytes()
    (world.repository / "metadata" / "timestamp.json").write_bytes(old)
    assert world.client().check().offers == ()
    (world.repository / "metadata" / "timestamp.json").write_bytes(fresh)
    assert len(world.client().check().offers) == 1


def test_f64_a_cache_with_a_new_timestamp_and_old_files_is_tried_again_later(world: World):
    commit(world)
    world.publish("1.2.0")
    newest = _newest(world)[0]
    content = newest.read_bytes()
    newest.unlink()
    with pytest.raises(NetworkFailed):
        world.client().check()
    newest.write_bytes(content)
    assert len(world.client().check().offers) == 1


def test_nothing_new_costs_two_requests(world: World, web: FaultServer):
    world.client(link=HttpLink(web.url)).update()
    world.store().keep(MODEL)
    web.manners.asked.clear()
    world.client(link=HttpLink(web.url)).check()
    assert [path for path, _ in web.manners.asked] == ["/metadata/2.root.json", "/metadata/timestamp.json"]


def test_a_whole_update_from_a_real_nginx_and_then_nothing_new_for_two_requests(world: World):
    world.publish("1.2.0")
    with nginx_over(world.repository, world.folder) as address:
        assert [offer.bundle.version for offer in world.client(link=HttpLink(address)).update()] == ["1.2.0"]
        log = world.folder / "access.log"
        before = log.read_text().count("\n")
        assert world.client(link=HttpLink(address)).check().offers == ()
        asked = log.read_text().splitlines()[before:]
    assert [line.split()[0] for line in asked] == ["404", "200"]
    assert asked[1].endswith("/metadata/timestamp.json")
