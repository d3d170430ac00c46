"""`rapport models export` and `import`: a stick from one robot to another, through every check."""

import io
import json
import os
import shutil
import time
from pathlib import Path

import pytest

from robot.cli import models_media
from tests.cli.updating import FACE, Command, kept, new_version, store_of
from tests.updates.world import DAY_S, World


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def exported(rapport: Command, world: World, stick: Path) -> Path:
    """A stick that a robot with a network wrote."""
    rapport("update")
    kept(world)
    code, out, _ = rapport("export", str(stick))
    assert (code, "9.1.0    written and read back" in out) == (0, True)
    return stick


def test_what_one_robot_writes_another_one_takes_tests_and_tries(rapport: Command, exported: Path, world: World):
    shutil.rmtree(world.repository)
    code, out, _ = rapport("import", str(exported), robot="other")
    assert (code, "9.1.0    passed its self-test and is on trial" in out) == (0, True)
    assert rapport("import", str(exported), robot="other")[1].endswith("nothing to take\n")


def test_both_answer_in_json_with_progress_on_the_side(rapport: Command, world: World, stick: Path):
    rapport("update")
    _, out, err = rapport("export", str(stick), "--json")
    assert json.loads(out)["models"] == [{"id": FACE, "version": "9.1.0"}]
    steps = [json.loads(line) for line in err.splitlines()]
    assert steps[-1]["done_bytes"] == steps[-1]["total_bytes"] > 0
    _, out, err = rapport("import", str(stick), "--json", robot="other")
    assert json.loads(out)["taken"][0]["version"] == "9.1.0"
    done = [json.loads(line)["done_bytes"] for line in err.splitlines()]
    assert done == sorted(done)
    again = json.loads(rapport("import", str(stick), "--json", robot="other")[1])
    assert again["passed_over"] == [{"id": FACE, "version": "9.1.0", "why": "is on trial"}]


def test_a_stick_that_holds_other_things_gets_a_folder_and_a_second_export_replaces_the_first(
    rapport: Command, world: World, stick: Path
):
    (stick / "holiday.jpg").write_bytes(b"...")
    rapport("update")
    for _ in range(2):
        assert rapport("export", str(stick))[0] == 0
    assert sorted(path.name for path in stick.iterdir()) == ["holiday.jpg", "rapport-models"]
    assert rapport("import", str(stick), robot="other")[0] == 0


def test_neither_a_key_nor_the_robots_number_is_on_the_stick(rapport: Command, exported: Path, world: World):
    number = (world.folder / "robot" / "device_id").read_bytes()
    files = [path for path in exported.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        assert b"PRIVATE" not in path.read_bytes()
        assert number not in path.read_bytes()


def test_a_stick_is_found_where_sticks_are_mounted(
    rapport: Command, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    media = tmp_path / "media"
    monkeypatch.setattr(models_media, "MEDIA", (str(media),))
    code, _, err = rapport("import", robot="other")
    assert (code, "plug one in" in err) == (2, True)
    shutil.copytree(exported, media / "pi" / "STICK")
    assert rapport("import", "--dry-run", robot="other")[0] == 0
    shutil.copytree(exported, media / "pi" / "OTHER" / "rapport-models")
    code, _, err = rapport("import", robot="other")
    assert (code, "more than one" in err, "OTHER" in err) == (2, True, True)


def test_an_expired_stick_is_taken_only_by_somebody_at_the_terminal_who_says_yes(
    rapport: Command, exported: Path, monkeypatch: pytest.MonkeyPatch
):
    later = time.time() + 40 * DAY_S
    monkeypatch.setattr(time, "time", lambda: later)
    code, _, err = rapport("import", str(exported), robot="other")
    assert (code, "expired" in err) == (21, True)
    code, _, err = rapport("import", str(exported), "--allow-expired", robot="other")
    assert (code, "by hand" in err) == (2, True)

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    assert rapport("import", str(exported), "--allow-expired", robot="other")[0] == 2
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    assert rapport("import", str(exported), "--allow-expired", robot="other")[0] == 0
    assert "on trial 9.1.0" in rapport("status", robot="other")[1]


def test_f32_an_older_stick_is_refused_by_the_floor_even_with_expiry_allowed(
    rapport: Command, exported: Path, world: World, monkeypatch: pytest.MonkeyPatch
):
    world.publish("9.2.0", model=new_version(world.folder, "9.2.0"), latency_budget_ms=5000)
    assert rapport("check", robot="other")[0] == 10
    shutil.rmtree(world.folder / "other" / "tuf")
    code, _, err = rapport("import", str(exported), robot="other")
    assert (code, "seen before" in err) == (22, True)


@pytest.mark.parametrize("damage", ["pulled", "changed", "link", "pipe"])
def test_f31_a_stick_that_is_pulled_or_crafted_changes_nothing(
    rapport: Command, exported: Path, world: World, damage: str
):
    (blob,) = [path for path in (exported / "targets" / "blobs").iterdir() if path.stat().st_size > 200_000]
    content = blob.read_bytes()
    blob.unlink()
    if damage == "changed":
        blob.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "link":
        (world.folder / "elsewhere").write_bytes(content)
        blob.symlink_to(world.folder / "elsewhere")
    elif damage == "pipe":
        os.mkfifo(blob)
    code, _, err = rapport("import", str(exported), robot="other")
    assert code == (20 if damage == "pulled" else 22)
    assert err.count("\n") == 1
    assert store_of(world, "other").state.models == {}
    blob.unlink(missing_ok=True)
    blob.write_bytes(content)
    assert rapport("import", str(exported), robot="other")[0] == 0


def test_f30_an_import_while_an_update_runs_is_told_to_wait(rapport: Command, exported: Path, world: World):
    with store_of(world).updating():
        assert rapport("import", str(exported))[0] == 26
        assert rapport("export", str(exported))[0] == 26


def test_f24_f25_a_stick_that_takes_no_more_keeps_what_was_on_it(
    rapport: Command, exported: Path, monkeypatch: pytest.MonkeyPatch
):
    before = {path: path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    for number, exit_code in ((28, 23), (30, 27)):
        with monkeypatch.context() as patch:

            def refuses(*_: object, number: int = number) -> None:
                raise OSError(number, os.strerror(number))

            patch.setattr("os.replace", refuses)
            assert rapport("export", str(exported))[0] == exit_code
    assert all(path.read_bytes() == content for path, content in before.items())
    assert rapport("import", str(exported), robot="other")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("export", "/nowhere/at/all"), "mount the stick"),
        (("import", "/nowhere/at/all"), "holds no repository"),
    ],
)
def test_wrong_use_says_what_to_do(rapport: Command, arguments: tuple[str, ...], says: str):
    code, _, err = rapport(*arguments)
    assert (code, says in err, err.count("\n")) == (2, True, 1)


def test_a_robot_that_has_nothing_says_how_to_get_something(rapport: Command, stick: Path):
    assert "models check" in rapport("export", str(stick))[2]
    rapport("check")
    assert "models update" in rapport("export", str(stick))[2]
