"""The publisher: refuses what is not fit to be published, and never lets a private key out."""

import json
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from robot.errors import ModelRefused, RapportError, UpdateError
from robot.inference.store import factory_models, find_model
from robot.updates.bundling import Conditions, bundle_model
from robot.updates.keys import KeyFolder
from tests.updates.bundles import MODEL, model_files, write_model
from tests.updates.world import NOW_S, World


@pytest.fixture
def world(in_memory: Path) -> World:
    return World(in_memory)


def made(world: World, **changed: object) -> Path:
    return write_model(world.folder / "made", "1.1.0", model_files("1.1.0", **changed))


@pytest.mark.parametrize("task", ["face_expression", "voice_tone"])
def test_what_ships_is_fit_to_be_published(task: str):
    model = bundle_model(find_model(task, factory_models()), NOW_S, Conditions())
    assert {"manifest.json", "model.tflite", "golden.npz", "card.md"} <= set(model.bundle.files)


@pytest.mark.parametrize(
    ("changed", "says"), [({"terms": " "}, "terms"), ({"licence": ""}, "licence"), ({"golden": None}, "manifest")]
)
def test_without_terms_licence_or_golden_vectors_it_is_refused(world: World, changed: dict[str, object], says: str):
    with pytest.raises(ModelRefused, match=says):
        bundle_model(made(world, **changed), NOW_S, Conditions())


def test_without_a_card_it_is_refused(world: World):
    directory = made(world)
    manifest = json.loads((directory / "manifest.json").read_text())
    del manifest["sha256"]["card.md"]
    (directory / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelRefused, match="has no card"):
        bundle_model(directory, NOW_S, Conditions())


def test_a_figure_below_the_publishers_own_minimum_is_refused():
    directory = find_model("face_expression", factory_models())
    bundle_model(directory, NOW_S, Conditions(least={"accuracy": 0.5}))
    with pytest.raises(ModelRefused, match=r"accuracy is 0\.8"):
        bundle_model(directory, NOW_S, Conditions(least={"accuracy": 0.99}))
    with pytest.raises(ModelRefused, match="fairness is None"):
        bundle_model(directory, NOW_S, Conditions(least={"fairness": 0.1}))


def test_the_first_root_needs_two_of_three_keys(world: World):
    root = Metadata.from_bytes(world.root)
    assert (root.signed.roles["root"].threshold, len(root.signed.roles["root"].keyids)) == (2, 3)
    assert len(root.signatures) == 3


def test_a_new_root_is_not_made_with_too_few_keys(world: World):
    for number in (2, 3):
        (world.folder / "keys" / f"root{number}.pem").unlink()
    with pytest.raises(UpdateError, match="too few; bring the others"):
        world.publisher.rotate("timestamp")


def test_models_cannot_be_signed_where_the_targets_key_is_not(world: World):
    (world.folder / "keys" / "targets.pem").unlink()
    with pytest.raises(UpdateError, match="bring the medium that holds it"):
        world.publish("1.1.0")


def test_staging_and_halting_need_no_offline_key(world: World):
    world.publish("1.1.0", percent=5)
    for key in ("root1", "root2", "root3", "targets"):
        (world.folder / "keys" / f"{key}.pem").unlink()
    world.publisher.advance(MODEL, 25)
    world.publisher.halt(MODEL)
    world.publisher.withdraw(MODEL, "1.1.0")
    offering = world.publisher.channel().models[MODEL]
    assert (offering.rollout.percent, offering.rollout.halted, offering.withdrawn) == (25, True, ("1.1.0",))


def test_keys_are_readable_by_their_owner_alone_and_lie_nowhere_else(world: World):
    world.publish("1.1.0")
    world.client().update()
    keys = list((world.folder / "keys").iterdir())
    assert len(keys) == 7
    assert all(key.stat().st_mode & 0o077 == 0 for key in keys)
    secrets = [key.read_bytes().split(b"\n")[1] for key in keys]
    public = [path for name in ("repository", "robot") for path in (world.folder / name).rglob("*") if path.is_file()]
    assert len(public) > 20
    for path in public:
        content = path.read_bytes()
        assert b"PRIVATE" not in content, path
        assert not any(secret in content for secret in secrets), path


def test_a_key_that_others_can_read_is_not_used(world: World):
    (world.folder / "keys" / "targets.pem").chmod(0o644)
    with pytest.raises(UpdateError, match="others can read this key"):
        world.publish("1.1.0")


def test_no_key_is_ever_overwritten(world: World):
    with pytest.raises(UpdateError, match="there is a key already"):
        KeyFolder(world.folder / "keys").make("targets")


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_said_to_be_one_and_not_shown(world: World, content: bytes):
    (world.folder / "keys" / "targets.pem").write_bytes(content)
    with pytest.raises(UpdateError, match="not a key") as error:
        world.publish("1.1.0")
    assert "AAAA" not in str(error.value)


def test_wrong_use_says_what_to_do(world: World):
    world.publish("1.1.0", percent=50)
    again = bundle_model(world.folder / "made-1.1.0" / "1.1.0", NOW_S, Conditions())
    wrong = [
        (world.publisher.init, "holds a repository already"),
        (lambda: world.publisher.init(2, 3), "cannot be met"),
        (lambda: world.publisher.stage(MODEL, "9.9.9", 1), "is not published"),
        (lambda: world.publisher.advance(MODEL, 5), "use halt or withdraw"),
        (lambda: world.publisher.halt("mind_reader"), "stage a version first"),
        (lambda: world.publisher.add(again), "give it a new version"),
    ]
    for step, says in wrong:
        with pytest.raises(RapportError, match=says):
            step()
