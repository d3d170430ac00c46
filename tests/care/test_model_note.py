"""What the running robot says of its models: written now and then, read by others, gone with it."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from robot.care.model_note import NAME, ModelNote, Note, Running, read_note
from robot.messages import Health

TRIAL = Running("9.1.0-0123abcd", "trial", answers=12, used_s=60.0, needs_s=600.0, needs_answers=100)


def at(t_s: float) -> Health:
    return Health(t_s=t_s, parts={})


def test_it_says_what_is_in_use_and_goes_when_the_robot_stops(tmp_path: Path):
    folder, store, now = tmp_path / "run", tmp_path / "store", {"face_expression": TRIAL}
    note = ModelNote(folder, store, lambda: now)
    assert read_note([folder], store) == {}
    note.note(at(0.0))
    assert read_note([tmp_path, folder], store) == now
    assert read_note([folder], tmp_path / "another store") == {}
    note.close()
    assert read_note([folder], store) == {}


def test_it_is_written_at_most_every_five_seconds_and_only_when_something_changed(tmp_path: Path):
    path, asked = tmp_path / NAME, []
    note = ModelNote(tmp_path, tmp_path, lambda: asked.append(1) or {"face_expression": TRIAL})
    note.note(at(0.0))
    written = path.stat().st_ino
    for tick in range(1, 1000):
        note.note(at(tick * 0.02))
    assert len(asked) == 4
    assert path.stat().st_ino == written


def test_a_robot_that_was_killed_says_nothing(tmp_path: Path):
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    path = tmp_path / NAME
    path.write_bytes(msgspec.json.encode(Note(int(gone.stdout), str(tmp_path), {"face_expression": TRIAL})))
    assert read_note([tmp_path], tmp_path) == {}
    path.write_bytes(b"{")
    assert read_note([tmp_path], tmp_path) == {}


def test_a_place_that_cannot_be_written_costs_only_the_note(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    note = ModelNote(tmp_path / "file", tmp_path, lambda: {"face_expression": TRIAL})
    note.note(at(0.0))
    note.close()
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208 - names, not paths
