"""`rapport models status | check | update | rollback | pin | unpin | history`, on the models that ship."""

import json
import time
from pathlib import Path

import pytest

from robot.care.model_note import ModelNote, Running
from robot.care.places import runtime_folder
from robot.cli.main import main
from robot.inference.store import factory_models, find_model
from robot.messages import Health
from robot.updates.bundle import Requires
from robot.updates.disk import RealDisk
from robot.updates.store import Store
from tests.cli.updating import FACE, Command, kept, new_version, store_of
from tests.updates.bundles import model_files, with_model, write_model
from tests.updates.fault_server import serving
from tests.updates.world import World


def test_a_robot_that_was_never_updated_runs_what_shipped(rapport: Command):
    code, out, _ = rapport("status")
    assert (code, FACE in out, "factory" in out, "never looked" in out) == (0, True, True, True)


def test_data_that_forbids_commercial_use_is_named(rapport: Command):
    code, out, _ = rapport("status")
    assert (code, "voice_tone" in out, "RAVDESS" in out) == (0, True, True)
    assert "whose terms forbid commercial use" in out


def test_from_a_look_to_a_kept_model_and_back(rapport: Command, world: World):
    code, out, _ = rapport("check")
    assert (code, "9.1.0" in out) == (10, True)
    code, out, _ = rapport("update")
    assert (code, "passed its self-test and is on trial" in out) == (0, True)
    assert "on trial 9.1.0" in rapport("status")[1]
    assert f"last looked {time.gmtime().tm_year}" in rapport("status")[1]
    kept(world)
    assert rapport("check")[0] == 0
    assert "9.1.0    updated" in rapport("status")[1]
    code, out, _ = rapport("rollback", FACE)
    assert (code, "factory" in out) == (0, True)
    code, out, _ = rapport("history", "--verify-chain")
    assert (code, "the chain is whole" in out, "committed" in out) == (0, True, True)


def test_every_answer_is_there_as_json(rapport: Command):
    assert json.loads(rapport("check", "--json")[1])["offers"][0]["version"] == "9.1.0"
    _, out, err = rapport("update", "--json")
    assert json.loads(out)["taken"][0]["id"] == FACE
    assert all("total_bytes" in json.loads(line) for line in err.splitlines())
    assert err
    status = json.loads(rapport("status", "--json")[1])
    assert next(row for row in status["models"] if row["id"] == FACE)["boots_left"] == 3
    assert json.loads(rapport("pin", FACE, "factory", "--json")[1])["pinned"] == "factory"
    assert json.loads(rapport("unpin", FACE, "--json")[1])["pinned"] is None
    events = json.loads(rapport("history", "--verify-chain", "--json")[1])
    assert (events["fault"], events["events"][0]["event"]) == ("", "check")


def test_a_dry_run_changes_nothing(rapport: Command):
    assert "would be taken" in rapport("update", "--dry-run")[1]
    assert "on trial" not in rapport("status")[1]


def test_f42_a_pinned_model_stays_and_says_so(rapport: Command):
    rapport("pin", FACE, "current")
    code, out, _ = rapport("check")
    assert (code, "pinned to factory" in out) == (0, True)
    assert "nothing to take" in rapport("update")[1]
    rapport("unpin", FACE)
    assert rapport("check")[0] == 10


def test_each_trouble_has_its_own_exit_code_and_one_line(rapport: Command, world: World):
    with serving(world.repository) as server:
        server.manners.html = True
        code, out, err = rapport("check", repository=server.url)
        assert (code, "captive portal" in err, out, err.count("\n")) == (20, True, "", 1)
    assert rapport("check", repository=server.url)[0] == 20
    (world.repository / "metadata" / "timestamp.json").write_bytes(b" " * 100_000)
    assert rapport("check")[0] == 22


def test_an_expired_repository_is_21(rapport: Command, world: World):
    world.now_s -= 40 * 86_400
    world.publisher.refresh()
    code, _, err = rapport("check")
    assert (code, "expired" in err) == (21, True)


def test_a_model_for_another_robot_is_24_and_a_broken_one_25_and_a_busy_store_26(rapport: Command, world: World):
    files = model_files("9.2.0", find_model(FACE, factory_models()))
    model = files["model.tflite"]
    spoilt = with_model(files, model[:100_000] + bytes(200_000) + model[300_000:])
    world.publish("9.2.0", model=write_model(world.folder / "spoilt", "9.2.0", spoilt), latency_budget_ms=5000)
    code, _, err = rapport("update")
    assert (code, "9.2.0" in err) == (25, True)
    assert "not tried again" in rapport("status")[1]
    store = Store(world.folder / "robot", factory_models(), RealDisk(), time.time)
    with store.updating():
        assert rapport("update")[0] == 26
    world.publish("9.3.0", model=new_version(world.folder, "9.3.0"), requires=Requires(machines=("sparc",)))
    assert rapport("update")[0] == 24


def test_a_changed_history_is_22(rapport: Command, world: World):
    rapport("check")
    rapport("pin", FACE, "factory")
    path = world.folder / "robot" / "history.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"pinned"', b'"hidden"'))
    code, _, err = rapport("history", "--verify-chain")
    assert (code, "changed" in err) == (22, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("rollback", "mind_reader"), "no such model"),
        (("rollback", FACE), "nothing to go back to"),
        (("rollback", FACE, "--to", "7.7.7"), "not in the store"),
        (("pin", FACE, "7.7.7"), "not in the store"),
        (("unpin", FACE), "is not pinned"),
    ],
)
def test_wrong_use_is_2_and_says_what_there_is(rapport: Command, arguments: tuple[str, ...], says: str):
    code, _, err = rapport(*arguments)
    assert (code, says in err) == (2, True)


def test_without_a_repository_or_its_root_it_says_what_to_give(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["models", "check", "--store", str(tmp_path)]) == 2
    assert "no repository is named" in capsys.readouterr().err
    assert main(["models", "check", "--store", str(tmp_path), "--repository", str(tmp_path)]) == 2
    assert "no root metadata" in capsys.readouterr().err


def test_the_robots_number_is_its_own_and_never_leaves_it(rapport: Command, world: World):
    with serving(world.repository) as server:
        rapport("update", repository=server.url)
        path = world.folder / "robot" / "device_id"
        assert path.stat().st_mode & 0o077 == 0
        assert all(path.read_text() not in asked for asked, _ in server.manners.asked)


def test_the_status_shows_how_a_trial_goes_in_the_running_robot_and_how_the_last_one_ended(
    rapport: Command, world: World
):
    rapport("update")
    name = store_of(world).state.slots(FACE).trial
    trial = Running(name, "trial", 312, 2, 252.0, 600.0, 100, 14.2)
    note = ModelNote(runtime_folder(), world.folder / "robot", lambda: {FACE: trial})
    note.note(Health(t_s=0.0, parts={}))
    out = rapport("status")[1]
    assert "the robot uses 9.1.0 now, on trial: 4 of 10 minutes, 312 of 100 good answers, 2 failed" in out
    row = next(row for row in json.loads(rapport("status", "--json")[1])["models"] if row["id"] == FACE)
    assert row["running"]["failures"] == 2
    note.close()
    store_of(world).drop(FACE, "3 of 203 answers failed")
    assert "9.1.0 was left: 3 of 203 answers failed" in rapport("status")[1]
