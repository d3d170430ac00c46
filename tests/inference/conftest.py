"""A small real model, and both TFLite packages where they are installed."""

import hashlib
import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from robot.config import InferenceSettings

DATA = Path(__file__).resolve().parent / "data"


@pytest.fixture(params=["litert", "tflite"])
def settings(request: pytest.FixtureRequest) -> InferenceSettings:
    """The configuration for one interpreter; skipped where that is not installed."""
    package = {"litert": "ai_edge_litert", "tflite": "tflite_runtime"}[request.param]
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"not tested: {package} is not installed here")
    if package == "tflite_runtime" and int(np.__version__.split(".")[0]) >= 2:
        pytest.skip("not tested: tflite_runtime needs NumPy below 2")
    return InferenceSettings(interpreter=request.param, accelerator="cpu")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder of models that a test may spoil: `stripes/1.0.0`."""
    shutil.copytree(DATA / "stripes", tmp_path / "models" / "stripes")
    return tmp_path / "models"


@pytest.fixture
def stripes(models: Path) -> Path:
    """The directory of the model `stripes`."""
    return models / "stripes" / "1.0.0"


@pytest.fixture
def rewrite() -> Callable[..., None]:
    """Change a model directory's manifest; with `rehash`, make its size and hashes true again for the files there."""

    def change(directory: Path, edit: Callable[[dict[str, Any]], object] | None = None, rehash: bool = False) -> None:
        path = directory / "manifest.json"
        manifest = json.loads(path.read_text())
        if edit is not None:
            edit(manifest)
        if rehash:
            manifest["size_bytes"] = (directory / manifest["file"]).stat().st_size
            manifest["sha256"] = {
                name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in manifest["sha256"]
            }
        path.write_text(json.dumps(manifest))

    return change
