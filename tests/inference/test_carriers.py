"""A model inside an installed wheel is found without importing it, and trusted by its hash alone."""

import hashlib
import io
import sys
import zipfile

import pytest

from robot.errors import EngineMissing
from robot.inference.carriers import CarriedFile, read_carried


def packed(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr(name, content)
    return file.getvalue()


PACK = packed("inner.task", packed("net.tflite", b"inner weights"))


@pytest.fixture
def carrier(tmp_path, monkeypatch) -> CarriedFile:
    """An installed distribution of one file, whose package would end the program if it were imported."""
    package = tmp_path / "modelbox"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('imported')\n")
    (package / "net.tflite").write_bytes(b"weights")
    (package / "box.task").write_bytes(PACK)
    record = tmp_path / "modelbox-1.2.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: modelbox\nVersion: 1.2\n")
    (record / "RECORD").write_text(
        "modelbox/__init__.py,,\nmodelbox/net.tflite,,\nmodelbox/gone.tflite,,\nmodelbox/box.task,,\n"
    )
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


def boxed(*members: str, sha256: str = hashlib.sha256(PACK).hexdigest()) -> CarriedFile:
    return CarriedFile("modelbox", "1.2", "modelbox/box.task", sha256, members)


def test_a_model_packed_in_a_file_within_a_file_is_read(carrier):
    assert read_carried(boxed("inner.task", "net.tflite")) == b"inner weights"


@pytest.mark.parametrize("members", [("gone.tflite",), ("inner.task", "net.tflite", "deeper.tflite")])
def test_a_member_that_is_not_there_is_told_in_one_line(carrier, members):
    with pytest.raises(EngineMissing, match=r"holds no .*bash tools/setup") as missing:
        read_carried(boxed(*members))
    assert "\n" not in str(missing.value)


def test_nothing_is_unpacked_from_a_file_with_another_hash(carrier, monkeypatch):
    def unpack(*_):
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile, "ZipFile", unpack)
    with pytest.raises(EngineMissing, match="not the file"):
        read_carried(boxed("inner.task", sha256="0" * 64))
