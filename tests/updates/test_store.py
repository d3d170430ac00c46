"""What the store gives out to be loaded, and how a model moves from candidate to current and back."""

from pathlib import Path

import pytest

from robot.errors import StoreBusy, UpdateRefused
from robot.updates.disk import RealDisk
from robot.updates.state import BOOTS
from robot.updates.store import Store
from tests.updates.bundles import MODEL, SMALL_MODELS, bundle_of, model_files, put, store_on


def committed(store: Store, version: str, **changed: str) -> str:
    name = put(store, version, **changed)
    store.try_set(MODEL, name)
    store.keep(MODEL)
    return name


def test_an_empty_store_gives_what_shipped_and_writes_nothing(store: Store):
    found = store.resolve(MODEL)
    assert (found.source, found.directory) == ("factory", SMALL_MODELS / MODEL / "1.0.0")
    assert not store.root.exists()


def test_a_candidate_is_given_out_as_often_as_it_has_boots_and_then_never_again(store: Store):
    name = put(store, "1.1.0")
    store.try_set(MODEL, name)
    assert [store.resolve(MODEL).source for _ in range(BOOTS + 1)] == ["trial"] * BOOTS + ["factory"]
    assert "never proved itself" in store.state.bad[f"{MODEL}/{name}"]
    assert store.resolve(MODEL).source == "factory"


def test_a_boot_is_counted_on_the_disk_before_the_directory_is_given_out(store: Store):
    store.try_set(MODEL, put(store, "1.1.0"))
    store.resolve(MODEL)
    assert store_on(RealDisk(), store.root).state.slots(MODEL).boots_left == BOOTS - 1


def test_a_kept_candidate_is_current_and_the_one_before_is_the_way_back(store: Store):
    first, second = committed(store, "1.1.0"), committed(store, "1.2.0")
    assert store.resolve(MODEL).name == second
    store.roll_back(MODEL)
    assert store.resolve(MODEL).name == first
    assert f"{MODEL}/{second}" in store.state.bad
    store.roll_back(MODEL)
    assert store.resolve(MODEL).source == "factory"


def test_a_dropped_candidate_leaves_the_current_one(store: Store):
    first = committed(store, "1.1.0")
    store.try_set(MODEL, put(store, "1.2.0"))
    store.drop(MODEL, "NaN in 3 of 100 answers")
    assert store.resolve(MODEL).name == first
    assert list(store.state.bad.values()) == ["NaN in 3 of 100 answers"]


def test_nobody_goes_back_below_the_oldest_version_that_may_run(store: Store):
    old = committed(store, "1.1.0")
    committed(store, "1.2.0", min_version="1.2.0")
    with pytest.raises(UpdateRefused, match=r"older than 1\.2\.0"):
        store.roll_back(MODEL)
    with pytest.raises(UpdateRefused, match=r"older than 1\.2\.0"):
        store.pin(MODEL, old)
    with pytest.raises(UpdateRefused, match=r"older than 1\.2\.0"):
        store.try_set(MODEL, old)
    assert store.resolve(MODEL).name.startswith("1.2.0")


def test_a_pin_to_what_shipped_outlasts_everything_but_its_own_end(store: Store):
    name = committed(store, "1.1.0")
    store.pin(MODEL, "factory")
    assert store.resolve(MODEL).source == "factory"
    store.collect()
    store.pin(MODEL, None)
    store.roll_back(MODEL, name)
    assert store.resolve(MODEL).name == name


def test_a_bundle_that_names_no_manifest_or_forbids_itself_is_refused(store: Store):
    put(store, "1.1.0")
    with pytest.raises(UpdateRefused, match="forbids itself"):
        put(store, "1.1.0", min_version="2.0.0")
    with pytest.raises(UpdateRefused, match=r"manifest\.json"):
        store.shelf.place(bundle_of({**model_files("1.1.0"), "bundle.json": b"x"}))


def test_a_set_with_a_file_too_many_is_not_whole(store: Store):
    name = put(store, "1.1.0")
    (store.shelf.sets / MODEL / name / "extra.so").write_bytes(b"x")
    with pytest.raises(UpdateRefused, match=r"extra\.so"):
        store.try_set(MODEL, name)


def test_clearing_keeps_what_counts_and_removes_the_rest(store: Store):
    for version in ("1.1.0", "1.2.0", "1.3.0"):
        committed(store, version)
    part = store.shelf.part("a" * 64)
    part.write_bytes(b"half")
    store.collect(frozenset({"a" * 64}))
    assert [name[:5] for name in store.shelf.known(MODEL)] == ["1.2.0", "1.3.0"]
    assert part.exists()
    store.collect()
    assert not part.exists()
    assert store.resolve(MODEL).name.startswith("1.3.0")
    store.roll_back(MODEL)
    assert store.resolve(MODEL).name.startswith("1.2.0")


def test_sets_share_the_bytes_that_are_the_same(store: Store):
    first, second = put(store, "1.1.0"), put(store, "1.2.0")
    models = [store.shelf.sets / MODEL / name / "model.tflite" for name in (first, second)]
    assert models[0].samefile(models[1])


def test_one_update_at_a_time(store: Store):
    with (
        store.updating(),
        pytest.raises(StoreBusy, match="another update"),
        store_on(RealDisk(), store.root).updating(),
    ):
        pytest.fail("two updates at once")


def test_a_robot_may_load_while_an_update_is_under_way(store: Store):
    committed(store, "1.1.0")
    with store.updating():
        assert store_on(RealDisk(), store.root).resolve(MODEL).source == "current"


def test_what_one_process_changes_the_other_sees(store: Store, tmp_path: Path):
    other = store_on(RealDisk(), store.root)
    other.resolve(MODEL)
    committed(store, "1.1.0")
    assert other.resolve(MODEL).name.startswith("1.1.0")
