"""A model inside an installed wheel is found without importing it, and trusted by its hash alone."""

import hashlib
import sys

import pytest

from robot.errors import EngineMissing
from robot.inference.carriers import CarriedFile, read_carried


@pytest.fixture
def carrier(tmp_path, monkeypatch) -> CarriedFile:
    """An installed distribution of one file, whose package would end the program if it were imported."""
    package = tmp_path / "modelbox"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('imported')\n")
    (package / "net.tflite").write_bytes(b"weights")
    record = tmp_path / "modelbox-1.2.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: modelbox\nVersion: 1.2\n")
    (record / "RECORD").write_text("modelbox/__init__.py,,\nmodelbox/net.tflite,,\nmodelbox/gone.tflite,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return CarriedFile("modelbox", "1.2", "modelbox/net.tflite", hashlib.sha256(b"weights").hexdigest())


def test_the_file_is_read_without_importing_the_package(carrier):
    assert read_carried(carrier) == b"weights"
    assert "modelbox" not in sys.modules


@pytest.mark.parametrize(
    ("distribution", "path", "sha256"),
    [
        ("modelbox-not-there", "modelbox/net.tflite", None),
        ("modelbox", "modelbox/other.tflite", None),
        ("modelbox", "modelbox/gone.tflite", None),
        ("modelbox", "modelbox/net.tflite", "0" * 64),
    ],
)
def test_a_file_that_is_absent_or_another_names_the_command_that_mends_it(carrier, distribution, path, sha256):
    wanted = CarriedFile(distribution, "1.2", path, sha256 or carrier.sha256)

    with pytest.raises(EngineMissing, match="bash tools/setup") as missing:
        read_carried(wanted)
    assert "modelbox" in str(missing.value)
    assert "\n" not in str(missing.value)
