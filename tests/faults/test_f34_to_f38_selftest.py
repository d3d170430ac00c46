"""Faults 34 to 38: a signed model crashes, hangs, fills the memory, answers wrongly, or is slow."""

import random
import sys
from pathlib import Path

import pytest

from robot.errors import SelfTestFailed, UpdateRefused
from robot.updates.disk import RealDisk
from robot.updates.selftest import self_test
from robot.updates.shelf import Shelf
from tests.updates.bundles import model_files, with_model, write_model

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(ROOT.glob("models/*/*/model.tflite"))


def broken(folder: Path, change) -> Path:
    """A model directory, every hash right, whose TFLite file was changed by `change`."""
    files = model_files("1.1.0")
    return write_model(folder, "1.1.0", with_model(files, change(files["model.tflite"])))


def test_a_good_model_passes_with_its_figures(tmp_path: Path):
    answer = self_test(write_model(tmp_path, "1.1.0"), budget_ms=500)
    assert answer.fault == ""
    assert answer.p95_ms > 0
    assert answer.peak_memory_mb > 10


@pytest.mark.parametrize("directory", [path.parent for path in SHIPPED], ids=lambda path: path.parent.name)
def test_what_ships_passes_its_own_self_test(directory: Path):
    assert self_test(directory, budget_ms=1000).fault == ""


@pytest.mark.parametrize("death", ["SIGSEGV", "SIGABRT", "SIGKILL", "SIGBUS"])
def test_f34_a_model_that_crashes_its_interpreter_takes_only_its_own_process_with_it(tmp_path: Path, death: str):
    child = (sys.executable, "-c", f"import os, signal; os.kill(os.getpid(), signal.{death})")
    with pytest.raises(SelfTestFailed, match=f"crashed its self-test \\({death}\\)"):
        self_test(write_model(tmp_path, "1.1.0"), 500, child=child)


@pytest.mark.parametrize("rest", [b"", b"\xff" * 400, bytes(400), bytes(range(256)) * 4])
def test_f34_crafted_files_that_are_signed_are_refused(tmp_path: Path, rest: bytes):
    with pytest.raises(SelfTestFailed, match=r"not a TFLite model|cannot load|crashed its self-test"):
        self_test(broken(tmp_path, lambda _: b"\x18\0\0\0TFL3" + rest), 500)


def test_f35_a_model_that_hangs_is_killed(tmp_path: Path):
    child = (sys.executable, "-c", "import signal; signal.pause()")
    with pytest.raises(SelfTestFailed, match=r"hung for 0\.5 s"):
        self_test(write_model(tmp_path, "1.1.0"), 500, timeout_s=0.5, child=child)


def test_f35_a_model_that_computes_for_ever_is_killed(tmp_path: Path):
    script = "from robot.updates.selftest_child import *; confine(Limits(cpu_s=1))\nwhile True: pass"
    with pytest.raises(SelfTestFailed, match="crashed its self-test"):
        self_test(write_model(tmp_path, "1.1.0"), 500, child=(sys.executable, "-c", script))


def test_f36_a_model_that_wants_four_gigabytes_is_refused(tmp_path: Path):
    narrow = b"".join(side.to_bytes(4, "little") for side in (1, 12, 12, 1))
    wide = b"".join(side.to_bytes(4, "little") for side in (1, 65_000, 65_000, 1))

    def widen(model: bytes) -> bytes:
        assert narrow in model
        return model.replace(narrow, wide)

    with pytest.raises(SelfTestFailed, match=r"shape|cannot load|crashed|memory"):
        self_test(broken(tmp_path, widen), 500)


def test_f36_more_memory_than_the_limit_cannot_be_had(tmp_path: Path):
    script = "from robot.updates.selftest_child import *; confine(Limits()); bytearray(4 << 30)"
    with pytest.raises(SelfTestFailed, match="MemoryError"):
        self_test(write_model(tmp_path, "1.1.0"), 500, child=(sys.executable, "-c", script))


def test_f36_a_model_process_fills_no_disk_and_reaches_no_network(tmp_path: Path):
    script = (
        "from robot.updates.selftest_child import *; import signal, socket\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "alone = confine(Limits())\n"
        f"try:\n    open({str(tmp_path / 'written')!r}, 'w').write('x' * 900_000)\nexcept OSError: pass\n"
        "found = len(socket.if_nameindex()) if alone else 0\n"
        "print(json.dumps({'fault': '' if found <= 1 else f'{found} networks', 'alone': alone}), flush=True)\n"
        "os._exit(0)"
    )
    self_test(write_model(tmp_path / "model", "1.1.0"), 500, child=(sys.executable, "-c", script))
    assert (tmp_path / "written").stat().st_size <= 64 * 1024


def test_f37_a_signed_model_that_answers_wrongly_is_refused(tmp_path: Path):
    def spoil(model: bytes) -> bytes:
        middle = len(model) // 2
        return model[: middle - 300] + bytes(600) + model[middle + 300 :]

    with pytest.raises(SelfTestFailed, match=r"golden|cannot load|crashed|scale|shape"):
        self_test(broken(tmp_path, spoil), 500)


def test_f38_a_model_slower_than_its_budget_is_refused(tmp_path: Path):
    with pytest.raises(SelfTestFailed, match="its budget is 1e-06 ms"):
        self_test(write_model(tmp_path, "1.1.0"), budget_ms=1e-6)


@pytest.mark.parametrize("model", SHIPPED, ids=lambda path: path.parent.parent.name)
def test_f05_none_of_a_thousand_changed_bytes_gets_past_the_hash(in_memory: Path, model: Path):
    shelf, good, chance = Shelf(in_memory, RealDisk()), model.read_bytes(), random.Random(5)
    shelf.prepare()
    sha256 = shelf.add_blob(good)
    for _ in range(1000):
        changed = bytearray(good)
        changed[chance.randrange(len(good))] ^= chance.randrange(1, 256)
        shelf.part(sha256).write_bytes(changed)
        with pytest.raises(UpdateRefused, match="not those that were signed"):
            shelf.adopt(sha256)
        assert not shelf.part(sha256).exists()
    assert shelf.has_blob(sha256)
