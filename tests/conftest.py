"""Fixtures that every room's tests share."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.scenario.visits import Visits

# A property must hold on a busy machine too: how long an example takes is no part of it.
settings.register_profile("rapport", deadline=None)
settings.load_profile("rapport")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What robots leave behind goes to a folder of the tests, not to that of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder on a file system in memory where there is one: hundreds of real fsyncs take a memory card minutes."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def labelled_data() -> Path:
    """The folder with labelled faces and voices; tests that need it are skipped, loudly, without it."""
    root = Path(os.environ.get("RAPPORT_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (root / "face" / "photos.csv").is_file():
        pytest.skip("not measured: data absent")
    return root


@pytest.fixture(scope="session")
def scene_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a whole visit in the sample scene, lived by the whole robot in stepped time."""
    # Only the tests that ask for the report pay for the imports.
    from tests.life.recorded import record_scene  # noqa: PLC0415

    path = tmp_path_factory.mktemp("scene") / "scene.jsonl"
    record_scene(path, duration_s=24.0)
    return path


@pytest.fixture(scope="session")
def visits() -> "Visits":
    """Every scenario as it was played, once for all tests that look at it."""
    from tests.scenario.visits import Visits  # noqa: PLC0415

    return Visits()
