"""Faults 1, 2 and 60: the process is killed, or the power goes, before any operation of an update."""

import os
import random
import signal
from pathlib import Path

import pytest

from robot.updates.disk import Disk, RealDisk
from robot.updates.state import Evidence
from robot.updates.store import Store
from tests.updates.bundles import MODEL, SMALL_MODELS, put, store_on
from tests.updates.crash_disk import CrashDisk, Killed

ROOT = Path("/store")


def update(disk: Disk, version: str, root: Path = ROOT) -> None:
    """All that an update does to the disk, from the first blob to the last clean-up."""
    store = store_on(disk, root)
    name = put(store, version, min_version="1.0.0")
    store.try_set(MODEL, name)
    store.resolve(MODEL)
    store.keep(MODEL)


def settled(**mutant: bool) -> CrashDisk:
    """A disk on which version 1.1.0 was committed long ago, and one before that."""
    disk = CrashDisk()
    update(disk, "1.0.5")
    update(disk, "1.1.0")
    (durable,) = disk.after_power_cuts(1) if not disk.pending else [disk.after_kill()]
    durable.fsync, durable.folder_sync = mutant.get("fsync", True), mutant.get("folder_sync", True)
    durable.count = 0
    return durable


def operations() -> int:
    disk = settled()
    update(disk, "1.2.0")
    store_on(disk, ROOT).collect()
    return disk.count


def stopped_at(operation: int | None, **mutant: bool) -> tuple[CrashDisk, bool]:
    """The disk after an update to 1.2.0 that ends before its n-th operation, and whether it was committed."""
    disk, committed = settled(**mutant), False
    disk.stop_at = operation
    try:
        update(disk, "1.2.0")
        committed = True
        store_on(disk, ROOT).collect()
    except Killed:
        return disk, committed
    return disk, committed


def faults_of(disk: CrashDisk, committed: bool) -> list[str]:
    """Everything that is not as promised after the robot started again on this disk."""
    store = store_on(disk, ROOT)
    damaged = store.damaged
    found = store.resolve(MODEL)
    wrong = []
    if found.source == "factory":
        wrong.append("fell back to what shipped")
    elif found.name[:5] not in {"1.1.0", "1.2.0"}:
        wrong.append(f"loads {found.name}")
    if committed and (found.source, found.name[:5]) != ("current", "1.2.0"):
        wrong.append("a committed update was lost")
    if found.faults:
        wrong.append(f"passed over {found.faults}")
    if damaged:
        wrong.append(f"damaged record {damaged}")
    if store.state.floor.models != {MODEL: "1.0.0"}:
        wrong.append("the floor was lost")
    if store.history_fault():
        wrong.append(store.history_fault())
    return wrong


def faults_after_retry(disk: CrashDisk) -> list[str]:
    update(disk, "1.2.0")
    store_on(disk, ROOT).collect()
    found = store_on(disk, ROOT).resolve(MODEL)
    return [] if (found.source, found.name[:5]) == ("current", "1.2.0") else ["a retry did not end well"]


def faults_of_cuts(most: int, step: int = 1, **mutant: bool) -> tuple[list[str], int]:
    wrong, states = [], 0
    for operation in [*range(0, operations(), step), None]:
        disk, committed = stopped_at(operation, **mutant)
        for after in disk.after_power_cuts(most):
            states += 1
            wrong += [f"cut before operation {operation}: {fault}" for fault in faults_of(after, committed)]
    return wrong, states


def test_f01_killed_before_any_operation_there_is_a_good_model_and_a_retry_ends_well():
    assert operations() > 40
    for operation in range(operations()):
        disk, committed = stopped_at(operation)
        after = disk.after_kill()
        assert faults_of(after, committed) == [], operation
        assert faults_after_retry(after) == [], operation


def test_f02_after_a_power_cut_before_any_operation_there_is_a_good_model():
    wrong, states = faults_of_cuts(most=16)
    assert wrong == []
    assert states > operations()


def test_f02_a_retry_after_any_power_cut_ends_well():
    for operation in [*range(operations()), None]:
        disk, _ = stopped_at(operation)
        for after in disk.after_power_cuts(2, seed=operation or 0):
            assert faults_after_retry(after) == [], operation


@pytest.mark.parametrize("mutant", ["fsync", "folder_sync"])
def test_f02_a_store_that_does_not_sync_is_found_out(mutant: str):
    wrong, _ = faults_of_cuts(most=16, **{mutant: False})
    assert any("a committed update was lost" in fault or "fell back" in fault for fault in wrong)


def by_hand(disk: Disk) -> None:
    """All that a person, or a robot that ends, does to the store: from 1.1.0 over 1.0.5 to what shipped and back."""
    store = store_on(disk, ROOT)
    slots = store.read().slots(MODEL)
    assert slots.previous is not None
    store.roll_back(MODEL)
    store.pin(MODEL, slots.previous)
    store.pin(MODEL, None)
    store.try_set(MODEL, put(store, "1.2.0", min_version="1.0.0"))
    name = store.resolve(MODEL).name
    store.pause(MODEL, name, Evidence(5.0, 10, 0))
    store.drop(MODEL, "slow")
    store.leave_all(MODEL)
    store.roll_back(MODEL, slots.previous)


def test_f01_f02_what_is_done_by_hand_survives_an_end_before_any_operation_too():
    disk = settled()
    by_hand(disk)
    count = disk.count
    assert count > 40
    for operation in range(count):
        disk = settled()
        disk.stop_at = operation
        with pytest.raises(Killed):
            by_hand(disk)
        for after in (disk.after_kill(), *disk.after_power_cuts(3, seed=operation)):
            store = store_on(after, ROOT)
            found = store.resolve(MODEL)
            assert (found.faults, store.damaged, store.history_fault()) == ((), (), ""), operation
            assert found.name[:5] in {"1.1.0", "1.0.5", "1.2.0", "1.0.0"}, operation
            assert store.state.floor.models == {MODEL: "1.0.0"}
            assert faults_after_retry(after) == [], operation


def test_f60_a_thousand_sudden_ends_in_a_row_leave_a_good_model_each_time():
    chance, disk, version = random.Random(60), settled(), 2
    last = operations()
    for _ in range(1000):
        disk.stop_at, disk.count = chance.randrange(last + 1), 0
        try:
            update(disk, f"1.{version}.0")
            version = 2 + (version - 1) % 6
        except Killed:
            pass
        disk = next(disk.after_power_cuts(1, seed=chance.randrange(1000)))
        found = store_on(disk, ROOT).resolve(MODEL)
        assert found.source in {"trial", "current", "previous"}


def test_f01_a_real_process_killed_by_the_system_at_any_operation_leaves_a_good_model(in_memory: Path):
    factory = SMALL_MODELS
    count = len(_recorded(in_memory / "whole"))
    for operation in range(count):
        root = in_memory / f"killed{operation}"
        root.mkdir()
        update(RealDisk(), "1.1.0", root)
        child = os.fork()
        if child == 0:
            _die_at(operation, root)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        found = Store(root, factory, RealDisk(), lambda: 0.0).resolve(MODEL)
        assert found.source != "factory"
        update(RealDisk(), "1.2.0", root)
        assert store_on(RealDisk(), root).resolve(MODEL).name.startswith("1.2.0")


def _recorded(root: Path) -> list[str]:
    root.mkdir()
    update(RealDisk(), "1.1.0", root)
    seen: list[str] = []
    update(RealDisk(lambda operation, path: seen.append(operation)), "1.2.0", root)
    return seen


def _die_at(operation: int, root: Path) -> None:
    left = iter(range(operation, -1, -1))

    def die(_: str, __: Path) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        update(RealDisk(die), "1.2.0", root)
    finally:
        os._exit(1)
