"""Fault 2 on a real file system: ext4 in a file, copied as it lies under a killed process, its journal replayed."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from robot.updates.disk import RealDisk
from tests.faults.test_f01_f02_f60_crash import update
from tests.updates.bundles import MODEL, store_on

IMAGE_BYTES = 8 * 1024 * 1024
OPERATIONS = 48
"""At least as many as an update has: a cut after the last one finds it committed."""


class Unsynced(RealDisk):
    """The mutant: it says that it has synced, and has not."""

    def sync(self, path: Path) -> None:
        return

    def sync_folder(self, folder: Path) -> None:
        return


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-o", "loop", str(image), str(folder)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not tested: mounting a file system image is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def settled(in_memory: Path) -> Path:
    """The image of an ext4 file system on which version 1.1.0 was committed."""
    if shutil.which("mkfs.ext4") is None or os.geteuid() != 0:
        pytest.skip("not tested: needs root and mkfs.ext4")
    image = in_memory / "settled.img"
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    with mounted(image, in_memory / "disk") as disk:
        update(RealDisk(), "1.1.0", disk / "store")
    return image


def cut_at(operation: int, settled: Path, folder: Path, disk_type: type[RealDisk] = RealDisk) -> tuple[Path, bool]:
    """What lies on the medium when the power goes before the n-th operation, and whether the update was committed."""
    live, cut = folder / "live.img", folder / "cut.img"
    shutil.copy(settled, live)
    with mounted(live, folder / "disk") as disk:
        child = os.fork()
        if child == 0:
            _update_until(operation, disk / "store", disk_type)
        _, status = os.waitpid(child, 0)
        # Copied before anything is unmounted or synced: what the kernel still held back is lost.
        shutil.copy(live, cut)
    return cut, os.WIFEXITED(status)


def _update_until(operation: int, root: Path, disk_type: type[RealDisk]) -> None:
    left = iter(range(operation, -1, -1))

    def die(_: str, __: Path) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        update(disk_type(die), "1.2.0", root)
        code = 0
    finally:
        os._exit(code)


def test_f02_after_a_real_power_cut_on_ext4_there_is_a_good_model_and_a_retry_ends_well(settled: Path, in_memory: Path):
    committed_cuts = 0
    for operation in range(OPERATIONS):
        image, committed = cut_at(operation, settled, in_memory)
        with mounted(image, in_memory / "after") as disk:
            store = store_on(RealDisk(), disk / "store")
            found = store.resolve(MODEL)
            assert found.source in {"trial", "current", "previous"}, operation
            assert found.faults == (), operation
            assert store.history_fault() == ""
            if committed:
                assert (found.source, found.name[:5]) == ("current", "1.2.0"), operation
            update(RealDisk(), "1.2.0", disk / "store")
            assert store_on(RealDisk(), disk / "store").resolve(MODEL).name.startswith("1.2.0")
        committed_cuts += committed
    assert 0 < committed_cuts < OPERATIONS


def test_f02_a_store_that_does_not_sync_loses_a_committed_update_on_ext4(settled: Path, in_memory: Path):
    image, committed = cut_at(10**6, settled, in_memory, Unsynced)
    assert committed
    with mounted(image, in_memory / "after") as disk:
        assert store_on(RealDisk(), disk / "store").resolve(MODEL).name[:5] != "1.2.0"
