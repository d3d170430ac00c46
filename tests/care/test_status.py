import os
import stat

import msgspec
import pytest

from robot.care.places import readable_folders, runtime_folder
from robot.care.restarts import APART_S, RestartBook
from robot.care.status import FILE, PartStatus, Status, forget_status, memory_mb, read_status, write_status

STATUS = Status(
    version="1.0.0",
    pid=os.getpid(),
    kind="robot",
    monotonic_s=5.0,
    up_s=4.0,
    parts={"camera": "lost", "speaker": "ok"},
    faults={"camera": "no picture for 2 s"},
    watched=[PartStatus("camera", 2, "has delivered nothing for 5 s", 0.0)],
    body_idle_s=0.01,
    models={},
    camera="picamera2",
    microphone="none",
    body="pi",
    memory_mb=120.0,
    log_lines_left_out=0,
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    return tmp_path


def test_a_running_robots_status_is_read_back(folder):
    assert write_status(folder, STATUS) == ""
    assert read_status() == STATUS
    assert STATUS.ailing == {"camera": "lost"}
    forget_status(folder)
    assert read_status() is None


def test_everybody_may_read_it_whatever_the_umask(folder):
    before = os.umask(0o077)
    try:
        write_status(folder, STATUS)
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o644


def test_the_status_of_a_robot_that_was_killed_is_none(folder):
    write_status(folder, msgspec.structs.replace(STATUS, pid=2**22 - 3))
    assert read_status() is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"version": 3}', b"\xff\xfe"])
def test_a_status_that_is_cut_off_counts_as_none(folder, content):
    (folder / FILE).write_bytes(content)
    assert read_status() is None


def test_a_folder_that_cannot_be_written_is_told_and_stops_nobody(tmp_path):
    (tmp_path / "file").touch()
    assert "file" in write_status(tmp_path / "file" / "below", STATUS)


def test_it_holds_nothing_of_what_is_seen_heard_or_felt():
    assert not {"mood", "state", "faces", "sighting", "hearing", "intent"} & set(Status.__struct_fields__)


def test_memory_is_that_of_this_process():
    assert 10.0 < memory_mb() < 10_000.0


def test_the_service_is_found_beside_ones_own_robot(folder, monkeypatch):
    assert runtime_folder() == folder
    monkeypatch.delenv("RUNTIME_DIRECTORY")
    assert [str(path) for path in readable_folders()][-1] == "/run/rapport"


def test_a_restart_is_to_be_had_once_an_hour_for_a_part_and_only_where_somebody_starts_it_again(tmp_path):
    now_s = [100.0]
    book = RestartBook(tmp_path, lambda: now_s[0], possible=True)
    assert book.may("camera")
    book.add("camera")
    after_the_restart = RestartBook(tmp_path, lambda: now_s[0] + 60.0, possible=True)
    assert not after_the_restart.may("camera")
    assert after_the_restart.may("microphone")
    now_s[0] += APART_S
    assert book.may("camera")
    assert not RestartBook(tmp_path, lambda: now_s[0], possible=False).may("camera")


def test_where_a_restart_cannot_be_written_down_there_is_no_second(tmp_path):
    (tmp_path / "file").touch()
    book = RestartBook(tmp_path / "file", lambda: 0.0, possible=True)
    book.add("camera")
    assert not book.may("camera")
