"""Stores on the real disk and in memory."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from robot.updates.disk import RealDisk
from robot.updates.store import Store
from tests.updates.bundles import store_on


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store over the small model that shipped, version 1.0.0."""
    return store_on(RealDisk(), tmp_path / "store")


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder on a file system in memory where there is one: hundreds of real fsyncs take a memory card minutes."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)
