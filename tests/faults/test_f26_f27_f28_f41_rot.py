"""Faults 26, 27, 28 and 41: bytes rot on the disk, the record is garbage, leftovers pile up, sets are gone."""

import random
import shutil
from pathlib import Path

import pytest

from robot.errors import ModelRefused, UpdateRefused
from robot.inference.store import factory_models, find_model
from robot.updates.disk import RealDisk
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.store import Store
from tests.updates.bundles import MODEL, SMALL_MODELS, put, store_on


def commit(store: Store, version: str, **changed: str) -> str:
    name = put(store, version, **changed)
    store.try_set(MODEL, name)
    store.keep(MODEL)
    return name


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.chmod(0o640)
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("file", ["model.tflite", "manifest.json", "golden.npz", "bundle.json"])
def test_f26_a_flipped_bit_in_the_active_set_is_caught_at_load_and_the_one_before_runs(store: Store, file: str):
    first, second = commit(store, "1.1.0"), commit(store, "1.2.0")
    folder = store.shelf.sets / MODEL
    # A set's file may share its bytes with the version before: give the rotten one its own.
    (folder / second / file).write_bytes((folder / second / file).read_bytes()) if file == "bundle.json" else None
    if file not in {"manifest.json", "bundle.json"}:
        content = (folder / second / file).read_bytes()
        (folder / second / file).unlink()
        (folder / second / file).write_bytes(content)
    flip(folder / second / file)
    found = store.resolve(MODEL)
    assert (found.source, found.name) == ("previous", first)
    assert "altered" in found.faults[0] or "not a bundle" in found.faults[0]


def test_f26_bytes_that_both_versions_share_rot_for_both_and_what_shipped_runs_until_they_are_fetched_again(
    store: Store,
):
    commit(store, "1.1.0")
    name = commit(store, "1.2.0")
    flip(store.shelf.sets / MODEL / name / "model.tflite")
    assert store.resolve(MODEL).source == "factory"
    with pytest.raises(UpdateRefused):
        store.try_set(MODEL, name)
    put(store, "1.2.0")
    assert store.resolve(MODEL).name == name


@pytest.mark.parametrize("task", ["face_expression", "voice_tone"])
def test_f26_none_of_a_thousand_changed_bytes_on_the_disk_is_ever_loaded(in_memory: Path, task: str):
    store = store_on(RealDisk(), in_memory / "store", factory=factory_models())
    model = bundle_model(find_model(task, factory_models()), 0, Conditions())
    with store.updating():
        for content in model.blobs.values():
            store.shelf.add_blob(content)
        store.try_set(task, store.shelf.place(model.content))
    store.keep(task)
    good, chance = model.blobs[model.bundle.files["model.tflite"].sha256], random.Random(26)
    path = store.resolve(task).directory / "model.tflite"
    for _ in range(1000):
        place = chance.randrange(len(good))
        with path.open("r+b") as file:
            file.seek(place)
            file.write(bytes([good[place] ^ chance.randrange(1, 256)]))
        assert store.resolve(task).source == "factory"
        with path.open("r+b") as file:
            file.seek(place)
            file.write(good[place : place + 1])
    assert store.resolve(task).source == "current"


@pytest.mark.parametrize("garbage", [b"", b"\0" * 400, b"{}", b"x" * 10_000])
@pytest.mark.parametrize("copy", ["a.json", "b.json"])
def test_f27_with_one_copy_of_the_record_damaged_there_is_a_good_model(store: Store, copy: str, garbage: bytes):
    commit(store, "1.1.0")
    commit(store, "1.2.0")
    (store.root / "state" / copy).write_bytes(garbage)
    again = store_on(RealDisk(), store.root)
    assert again.damaged == (copy,)
    assert again.resolve(MODEL).source in {"trial", "current", "previous"}
    commit(again, "1.3.0")
    commit(again, "1.4.0")
    assert store_on(RealDisk(), store.root).damaged == ()


def test_f27_with_both_copies_damaged_the_last_committed_set_is_found_again_and_the_floor_with_it(store: Store):
    commit(store, "1.1.0")
    name = commit(store, "1.2.0", min_version="1.1.0")
    store.try_set(MODEL, put(store, "1.3.0"))
    for copy in ("a.json", "b.json"):
        (store.root / "state" / copy).write_bytes(b"garbage")
    again = store_on(RealDisk(), store.root)
    found = again.resolve(MODEL)
    assert (found.source, found.name) == ("current", name)
    assert "rebuilt" in found.faults[0]
    assert again.state.floor.models == {MODEL: "1.1.0"}
    assert again.state.slots(MODEL).trial is None
    assert "state rebuilt" in [event.event for event in again.events()]
    assert again.history_fault() == ""


def test_f28_a_thousand_leftovers_are_cleared_and_what_counts_stays(store: Store):
    name = commit(store, "1.1.0")
    for number in range(1000):
        (store.shelf.staging / f"{number:064x}.part").write_bytes(b"half")
        (store.root / "state" / f"a{number}.new").write_bytes(b"half")
    assert store.collect() >= 2000
    assert list(store.shelf.staging.iterdir()) == []
    assert store.resolve(MODEL).name == name


def test_f41_with_current_and_previous_gone_what_shipped_runs(store: Store):
    commit(store, "1.1.0")
    commit(store, "1.2.0")
    shutil.rmtree(store.shelf.sets / MODEL)
    found = store.resolve(MODEL)
    assert (found.source, len(found.faults)) == ("factory", 2)


def test_f41_with_everything_gone_the_feature_is_off_in_one_clear_line(tmp_path: Path):
    with pytest.raises(ModelRefused, match="not found"):
        store_on(RealDisk(), tmp_path / "store", factory=tmp_path / "nothing").resolve(MODEL)


def test_f41_a_damaged_factory_model_is_not_loaded(tmp_path: Path):
    shutil.copytree(SMALL_MODELS / MODEL, tmp_path / MODEL)
    flip(tmp_path / MODEL / "1.0.0" / "model.tflite")
    with pytest.raises(ModelRefused, match="altered"):
        store_on(RealDisk(), tmp_path / "store", factory=tmp_path).resolve(MODEL)
