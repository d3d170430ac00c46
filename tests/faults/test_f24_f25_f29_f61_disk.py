"""Faults 24, 25, 29 and 61: the disk is full, read-only, out of inodes, or fails, at any operation of an update."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from robot.errors import NoSpace, StorageFailed
from robot.updates.disk import RealDisk
from tests.faults.small_disk import mounted
from tests.updates.bundles import MODEL, put, store_on


def fails_at(operation: int, number: int, lasting: bool) -> RealDisk:
    """A disk that says no from its n-th change on, or only then."""
    seen = [0]

    def fail(_: str, path: Path) -> None:
        seen[0] += 1
        if seen[0] == operation + 1 or (lasting and seen[0] > operation):
            raise OSError(number, os.strerror(number), str(path))

    return RealDisk(fail)


def update(disk: RealDisk, root: Path, version: str) -> None:
    store = store_on(disk, root)
    store.try_set(MODEL, put(store, version))
    store.resolve(MODEL)
    store.keep(MODEL)
    store.collect()


@pytest.mark.parametrize(
    ("number", "error", "lasting"),
    [(errno.ENOSPC, NoSpace, True), (errno.EROFS, StorageFailed, True), (errno.EIO, StorageFailed, False)],
)
def test_f24_f25_a_disk_that_says_no_at_any_operation_leaves_a_good_model(
    in_memory: Path, number: int, error: type[Exception], lasting: bool
):
    failed = 0
    for operation in range(0, 60, 3):
        root = in_memory / f"at{operation}"
        update(RealDisk(), root, "1.1.0")
        try:
            update(fails_at(operation, number, lasting), root, "1.2.0")
        except error:
            failed += 1
        found = store_on(RealDisk(), root).resolve(MODEL)
        assert found.source != "factory"
        update(RealDisk(), root, "1.2.0")
        assert store_on(RealDisk(), root).resolve(MODEL).name.startswith("1.2.0")
    assert failed > 5


def test_f61_after_one_failed_fsync_of_the_record_nothing_more_is_believed_to_be_written(tmp_path: Path):
    update(RealDisk(), tmp_path, "1.1.0")
    failed: list[Path] = []

    def fail_once(operation: str, path: Path) -> None:
        if operation == "sync" and path.parent.name == "state" and not failed:
            failed.append(path)
            raise OSError(errno.EIO, "Input/output error")

    store = store_on(RealDisk(fail_once), tmp_path)
    name = put(store, "1.2.0")
    with pytest.raises(StorageFailed):
        store.try_set(MODEL, name)
    with pytest.raises(StorageFailed, match="an earlier write failed"):
        store.try_set(MODEL, name)
    assert store_on(RealDisk(), tmp_path).resolve(MODEL).name.startswith("1.1.0")


def test_f25_a_candidate_whose_boot_cannot_be_counted_is_not_loaded(tmp_path: Path):
    update(RealDisk(), tmp_path, "1.1.0")
    store = store_on(RealDisk(), tmp_path)
    store.try_set(MODEL, put(store, "1.2.0"))
    found = store_on(fails_at(0, errno.EROFS, lasting=True), tmp_path).resolve(MODEL)
    assert found.name.startswith("1.1.0")
    assert "read-only" in found.faults[0]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 512 kB with 40 inodes."""
    with mounted(tmp_path / "small", "size=512k,nr_inodes=40") as folder:
        yield folder


def test_f24_a_really_full_disk_is_said_to_be_full(small_disk: Path):
    root = small_disk / "store"
    update(RealDisk(), root, "1.1.0")
    with pytest.raises(NoSpace, match="disk is full"):
        store_on(RealDisk(), root).shelf.add_blob(os.urandom(600_000))
    assert store_on(RealDisk(), root).resolve(MODEL).name.startswith("1.1.0")
    store_on(RealDisk(), root).collect()
    update(RealDisk(), root, "1.2.0")


def test_f29_without_inodes_it_says_so_and_leaks_none(small_disk: Path):
    root = small_disk / "store"
    update(RealDisk(), root, "1.1.0")
    store = store_on(RealDisk(), root)
    with pytest.raises(NoSpace):
        for number in range(100):
            store.shelf.add_blob(str(number).encode())
    store.collect()
    update(RealDisk(), root, "1.2.0")


def test_f25_a_really_read_only_disk_still_gives_its_model(small_disk: Path):
    root = small_disk / "store"
    update(RealDisk(), root, "1.1.0")
    if subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], capture_output=True, check=False).returncode:
        pytest.skip("not tested: mounting read-only is not allowed here")
    store = store_on(RealDisk(), root)
    assert store.resolve(MODEL).source == "current"
    with pytest.raises(StorageFailed, match="read-only"):
        store.roll_back(MODEL)


def test_f29_without_file_descriptors_it_says_so(tmp_path: Path):
    update(RealDisk(), tmp_path, "1.1.0")
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from robot.errors import StorageFailed\n"
        "from tests.updates.bundles import store_on; from robot.updates.disk import RealDisk\n"
        "store = store_on(RealDisk(), Path(sys.argv[1]))\n"
        "held = [open('/dev/null') for _ in range(8)]\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (len(held) + 3, len(held) + 3))\n"
        "try:\n    store.shelf.add_blob(b'new')\n"
        "except StorageFailed as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "too many open files" in done.stdout
    assert store_on(RealDisk(), tmp_path).resolve(MODEL).name.startswith("1.1.0")
