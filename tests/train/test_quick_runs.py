"""Training end to end on made-up inputs: train, quantise, measure, package, resume."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

absent = [name for name in ("torch", "tensorflow") if importlib.util.find_spec(name) is None]
needs_training = pytest.mark.skipif(bool(absent), reason=f"{', '.join(absent)} absent: bash tools/setup --for train")


def command(module: str, *arguments: str, data: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"RAPPORT_DATA": data} if data else {})
    return subprocess.run(
        [sys.executable, "-m", f"tools.train.{module}", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )


@needs_training
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("module", "outputs", "goes_on"),
    [
        ("face_expression", 15, "resumed after epoch"),
        ("voice_tone", 17, "packaged in"),
        ("voice_deep", 14, "packaged in"),
    ],
)
def test_a_quick_run_makes_a_whole_model_directory_and_can_be_run_again(module, outputs, goes_on, tmp_path):
    first = command(module, "--quick", "--out", str(tmp_path))
    assert first.returncode == 0, first.stderr[-2000:]
    package = tmp_path / "package"
    manifest = json.loads((package / "manifest.json").read_text())
    assert manifest["output"]["shape"] == [1, outputs]
    names = {path.name for path in package.iterdir()}
    assert {"model.tflite", "manifest.json", "card.md", "golden.npz"} <= names == {*manifest["sha256"], "manifest.json"}
    again = command(module, "--quick", "--out", str(tmp_path))
    assert again.returncode == 0, again.stderr[-2000:]
    assert goes_on in again.stdout
    assert "epoch 1 " not in again.stdout


@pytest.mark.parametrize("module", ["face_expression", "voice_tone"])
def test_absent_data_ends_with_one_clear_line_and_status_2(module, tmp_path):
    found = command(module, "--out", str(tmp_path / "run"), data=str(tmp_path))
    assert found.returncode == 2
    assert found.stderr.startswith("not measured: data absent")
    assert len(found.stderr.splitlines()) == 1
