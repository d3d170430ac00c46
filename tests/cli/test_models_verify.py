"""`rapport models verify`: shipped and stored models, hashed, loaded and run; none that may not be loaded is."""

import json
import shutil
from pathlib import Path

import pytest

from robot.cli.main import main
from robot.inference.store import factory_models
from tests.cli.updating import FACE, Command, kept, store_of
from tests.updates.world import World

SHIPPED = ("face_expression", "voice_tone", "voice_tone_deep", "voice_tone_open", "voice_tone_open_deep")


def test_what_is_stored_is_verified_beside_what_shipped(rapport: Command, world: World):
    rapport("update")
    kept(world)
    code, out, err = rapport("verify", "--json")
    found = {(row["model"].split("/")[0], row["source"]): row for row in json.loads(out)}
    assert code == 0
    assert set(found) == {*((name, "shipped") for name in SHIPPED), (FACE, "current")}
    assert all(row["ok"] and row["ran"] for row in found.values())
    assert json.loads(err.splitlines()[-1]) == {"done": len(SHIPPED) + 1, "total": len(SHIPPED) + 1}


def test_a_stored_model_that_has_rotted_is_named_with_what_mends_it(rapport: Command, world: World):
    rapport("update")
    kept(world)
    name = store_of(world).state.slots(FACE).current
    path = world.folder / "robot" / "sets" / FACE / name / "card.md"
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    code, out, err = rapport("verify", FACE)
    assert code == 2
    assert f"{FACE}/{name}" in out
    assert "rapport models update" in err
    assert rapport("update")[0] == 0
    assert rapport("verify", FACE)[0] == 0


def test_where_no_feelings_may_be_read_their_models_are_hashed_and_never_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def loads(*_: object, **__: object) -> None:
        pytest.fail("a model of feelings was loaded")

    monkeypatch.setattr("robot.inference.model.Model.load", loads)
    config = tmp_path / "school.toml"
    config.write_text('[robot]\nplace = "school"\n')
    # By what it is for, not by its name: a model at a path may have any.
    named = shutil.copytree(next((factory_models() / "voice_tone").iterdir()), tmp_path / "anything" / "1.0.0")
    for which, count in (((), len(SHIPPED)), ((str(named),), 1)):
        assert main(["models", "verify", *which, "--config", str(config), "--store", str(tmp_path / "store")]) == 0
        assert capsys.readouterr().out.count("not run") == count


def test_where_no_feelings_may_be_read_no_model_of_them_is_fetched(rapport: Command, world: World, tmp_path: Path):
    config = tmp_path / "school.toml"
    config.write_text('[robot]\nplace = "school"\n')
    code, out, _ = rapport("update", "--config", str(config))
    assert (code, "reads feelings" in out, "nothing to take" in out) == (0, True, True)
    assert not any((world.folder / "robot" / "blobs").iterdir())
    assert rapport("check", "--config", str(config))[0] == 0
