"""Stores on the real disk and in memory."""

from pathlib import Path

import pytest

from robot.updates.disk import RealDisk
from robot.updates.store import Store
from tests.updates.bundles import store_on


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store over the small model that shipped, version 1.0.0."""
    return store_on(RealDisk(), tmp_path / "store")
