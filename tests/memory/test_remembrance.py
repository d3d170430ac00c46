"""The memory of a running robot: it never waits for the disk, writes when it can, and sees what others forget."""

import sqlite3
import threading

import pytest

from robot.errors import MemoryFailed
from robot.memory.remembrance import Remembrance
from robot.memory.vault import FILE, Vault
from tests.memory.test_vault import ADA, BOB

PATIENCE_S = 10.0


def at(folder):
    return lambda: Vault(folder, lambda: 20_000, 30)


@pytest.fixture
def opened():
    memories = []
    yield memories
    for memory in memories:
        memory.close()


def remembrance(opened, folder, **more):
    memory = Remembrance(at(folder), look_every_s=0.05, **more)
    opened.append(memory)
    return memory


def test_before_it_is_asked_nothing_is_made_on_the_disk(tmp_path, opened):
    memory = remembrance(opened, tmp_path / "memory")
    assert (memory.people(), memory.state) == ((), "off")
    memory.close()
    assert not (tmp_path / "memory").exists()


def test_what_is_kept_is_known_at_once_and_written_soon(tmp_path, opened):
    memory = remembrance(opened, tmp_path)
    memory.open()
    memory.keep(ADA)
    assert memory.people() == (ADA,)
    assert memory.wait_until_written(PATIENCE_S)
    memory.forget(ADA.id)
    assert memory.people() == ()
    assert memory.wait_until_written(PATIENCE_S)
    assert at(tmp_path)().people() == ()


def test_what_another_process_forgets_the_robot_forgets(tmp_path, opened):
    at(tmp_path)().keep(ADA)
    memory = remembrance(opened, tmp_path)
    memory.open()
    assert memory.wait_until_written(PATIENCE_S)
    assert memory.people() == (ADA,)
    at(tmp_path)().forget(ADA.id)
    assert memory.wait_for_look(PATIENCE_S)
    assert memory.wait_for_look(PATIENCE_S)
    assert memory.people() == ()


def test_a_locked_file_is_lost_for_now_and_written_later(tmp_path, opened):
    at(tmp_path)().keep(ADA)
    memory = remembrance(opened, tmp_path)
    memory.open()
    assert memory.wait_until_written(PATIENCE_S)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    memory.keep(BOB)
    assert memory.wait_for_look(PATIENCE_S)
    assert memory.wait_for_look(PATIENCE_S)
    assert memory.state == "lost"
    assert "another process holds it" in memory.fault
    assert BOB in memory.people(), "it goes on"
    other.execute("ROLLBACK")
    other.close()
    assert memory.wait_until_written(PATIENCE_S)
    assert at(tmp_path)().people() == (ADA, BOB)


def test_a_corrupt_file_costs_the_memory_and_nothing_else(tmp_path, opened):
    at(tmp_path)()
    (tmp_path / FILE).write_bytes(b"no database" * 500)
    memory = remembrance(opened, tmp_path)
    memory.open()
    assert memory.wait_for_look(PATIENCE_S)
    assert memory.state == "lost"
    assert memory.people() == ()


def test_it_mends_itself_when_the_file_can_be_opened_again(tmp_path, opened):
    broken = threading.Event()
    broken.set()

    def build():
        if broken.is_set():
            raise MemoryFailed("the disk is not there yet")
        return at(tmp_path)()

    memory = Remembrance(build, look_every_s=0.05)
    opened.append(memory)
    memory.open()
    memory.keep(ADA)
    assert memory.wait_for_look(PATIENCE_S)
    assert (memory.state, memory.fault) == ("lost", "the disk is not there yet")
    broken.clear()
    assert memory.wait_until_written(PATIENCE_S)
    assert at(tmp_path)().people() == (ADA,)
