"""Everything that the robot leaves on a disk or in memory files, each as two contents that a test can tell apart.

What a model update leaves has tests of its own (faults 1 to 64); what is written here is everything else.
"""

from collections.abc import Callable
from pathlib import Path
from time import monotonic_ns
from typing import NamedTuple

import msgspec

from hardware.boards import load_board
from hardware.boards.calibration import Calibration, MicrophoneCalibration, read_calibration, write_calibration
from robot.care.boots import Book, Boot, UpNote, read_book, read_noted, write_book
from robot.care.logbook import FileLines
from robot.care.model_note import ModelNote, Running, read_note
from robot.care.restarts import RestartBook
from robot.care.status import FILE as STATUS_FILE
from robot.care.status import Status, write_status
from robot.cli.models_store import _device_id
from robot.cli.new_file import write_new
from robot.cli.screen import FILE as ADDRESS_FILE
from robot.cli.screen import offer_address
from robot.config import Config, load_config
from robot.errors import NetworkFailed
from robot.last_good import NAME as SETTINGS
from robot.last_good import keep_as_good
from robot.memory.vault import Vault
from robot.messages import Health, Reason
from robot.mind.acquaintance import Acquaintance
from robot.recording import Recording
from robot.report import Report, Run
from robot.trace import TRACE_FILE, Trace
from robot.updates.disk import RealDisk
from robot.updates.last_look import note_last_look, read_last_look

RUN = Run("0.1.0", 1, "none", "none", "virtual", {}, Config())
BOARD = load_board("starter_face")


class Store(NamedTuple):
    """`write` puts 0 or 1 into a folder and says what went wrong; `read` gives back which of them is there.

    What is written anew each time cannot say which it is, and reads as 2.
    """

    write: Callable[[Path, int], str]
    read: Callable[[Path], int]
    says: bool = True
    """Whether a disk that does not take it is told of, or costs the note and nothing else."""


def _write_memory(folder: Path, value: int) -> str:
    vault = Vault(folder, lambda: 20_000, 30)
    try:
        vault.keep(Acquaintance(id="a", name=f"Ada {'x' * 30 * value}", preferences={"size": "x" * 120}))
    finally:
        vault.close()
    return ""


def _read_memory(folder: Path) -> int:
    vault = Vault(folder, lambda: 20_000, 30)
    (ada,) = vault.people()
    assert vault.damaged == 0
    vault.close()
    return int(len(ada.name) > 10)


def _write_calibration(folder: Path, value: int) -> str:
    write_calibration(folder / "robot.json", Calibration("starter_face", microphone=MicrophoneCalibration(value)))
    return ""


def _read_calibration(folder: Path) -> int:
    found = read_calibration(folder / "robot.json", BOARD)
    assert found is not None
    assert found.microphone is not None
    return int(found.microphone.gain_db)


def _write_settings(folder: Path, value: int) -> str:
    return keep_as_good(folder.parent / f"settings{value}.toml", folder)


def _read_settings(folder: Path) -> int:
    return int(load_config(folder / SETTINGS).robot.name.removeprefix("robot"))


def _write_boots(folder: Path, value: int) -> str:
    write_book(folder, Book((Boot("x" * 30, float(value)),)))
    return ""


def _write_up(folder: Path, value: int) -> str:
    UpNote(folder).write(float(value))
    return ""


def _read_up(folder: Path) -> int:
    noted = read_noted(folder)
    assert noted is not None
    return int(noted.up_s)


def _write_device_id(folder: Path, value: int) -> str:
    _device_id(folder / f"robot-{monotonic_ns()}")
    return ""


def _read_device_id(folder: Path) -> int:
    assert all(path.stat().st_size == 32 for path in folder.glob("*/device_id"))
    return 2


def _write_status(folder: Path, value: int) -> str:
    return write_status(folder, Status("1", 1, "robot", value, 0, {"x" * 999: "ok"}, {}, [], 0, {}, "", "", "", 0, 0))


def _read_status(folder: Path) -> int:
    return int(msgspec.json.decode((folder / STATUS_FILE).read_bytes(), type=Status).monotonic_s)


def _write_trace(folder: Path, value: int) -> str:
    trace = Trace(folder / TRACE_FILE, lambda: RUN)
    for number in range(50 * value):
        trace.note(Reason(f"r{number}", 1.0, "state", "alone", "I am alone", ()))
    trace.write()
    return trace.fault


def _read_trace(folder: Path) -> int:
    return int(len(list(Recording(folder / TRACE_FILE).lines())) > 10)


def _write_model_note(folder: Path, value: int) -> str:
    ModelNote(folder, Path("store"), lambda: {"face": Running("1.0.0", "factory", value)}).note(Health(1.0, {}))
    return ""


def _read_model_note(folder: Path) -> int:
    content = msgspec.json.decode((folder / "models.json").read_bytes())
    read_note([folder], Path("store"))
    return int(content["models"]["face"]["answers"])


def _write_restarts(folder: Path, value: int) -> str:
    RestartBook(folder, lambda: float(value), possible=True).add("microphone")
    return ""


def _read_restarts(folder: Path) -> int:
    return int(msgspec.json.decode((folder / "restarts.json").read_bytes())["microphone"])


def _write_report(folder: Path, value: int) -> str:
    with Report(folder / "report.jsonl") as report:
        report.write(RUN)
        for _ in range(1 + 50 * value):
            report.write(Health(1.0, {"x" * 200: "ok"}))
    return ""


def _read_report(folder: Path) -> int:
    return int(len(list(Recording(folder / "report.jsonl").lines())) > 1)


def _write_look(folder: Path, value: int) -> str:
    note_last_look(RealDisk(), folder, lambda: 1e9, NetworkFailed("x" * 500) if value else None)
    return ""


def _read_look(folder: Path) -> int:
    look = read_last_look(RealDisk(), folder)
    assert look is not None
    return int(look.exit_code > 0)


def _write_export(folder: Path, value: int) -> str:
    write_new(folder / f"key-{monotonic_ns()}", bytes(1000))
    return ""


def _read_export(folder: Path) -> int:
    assert all(path.stat().st_size == 1000 for path in folder.glob("key-*") if path.suffix != ".part")
    return 2


def _write_address(folder: Path, value: int) -> str:
    offer_address(folder, f"http://{value}")
    return ""


def _write_log(folder: Path, value: int) -> str:
    lines = FileLines(folder / "log")
    lines.write("info", "x" * 200)
    lines.close()
    return ""


def _read_log(folder: Path) -> int:
    lines = (folder / "log").read_text(encoding="utf-8").splitlines()
    assert all(line.endswith("x" * 200) for line in lines[:-1])
    return 2


STORES: dict[str, Store] = {
    "memory": Store(_write_memory, _read_memory),
    "calibration": Store(_write_calibration, _read_calibration),
    "settings that worked": Store(_write_settings, _read_settings),
    "starts of the computer": Store(_write_boots, lambda folder: int(read_book(folder).boots[0].up_s)),
    "up note": Store(_write_up, _read_up, says=False),
    "number for rollouts": Store(_write_device_id, _read_device_id),
    "status": Store(_write_status, _read_status),
    "trace": Store(_write_trace, _read_trace),
    "models in use": Store(_write_model_note, _read_model_note, says=False),
    "restarts": Store(_write_restarts, _read_restarts, says=False),
    "report": Store(_write_report, _read_report),
    "last look": Store(_write_look, _read_look, says=False),
    "export and key": Store(_write_export, _read_export),
    "address of the face": Store(_write_address, lambda folder: int((folder / ADDRESS_FILE).read_text()[-1])),
    "log": Store(_write_log, _read_log, says=False),
}


def prepare(folder: Path) -> Path:
    """A folder inside `folder` to put stores into, and beside it what they are made of."""
    for value in (0, 1):
        text = f'[robot]\nname = "robot{value}"\n' + "# more\n" * 200 * value
        (folder / f"settings{value}.toml").write_text(text, encoding="utf-8")
    inner = folder / "store"
    inner.mkdir()
    return inner
