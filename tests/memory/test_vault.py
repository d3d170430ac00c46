"""People on disk: sealed, with an end, forgotten for good, and whole whatever happens."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap

import msgspec
import pytest

from robot.errors import MemoryFailed
from robot.memory.key import KEY_FILE
from robot.memory.vault import FILE, Vault, forget_all
from robot.mind.acquaintance import Acquaintance

ADA = Acquaintance(
    id="ada-4f1c9e",
    name="Ada Lovelace",
    greeting="Moin, {name}!",
    preferences={"music": "quiet piano"},
    code_word="blue heron",
    token="token-4711",
    face_rest={"neutral": 0.8, "sadness": 0.2},
)
BOB = Acquaintance(id="bob-77d012", name="Bob", language="de")


class Day:
    """A calendar that a test turns."""

    def __init__(self):
        self.now = 20_000

    def __call__(self):
        return self.now


@pytest.fixture
def day():
    return Day()


@pytest.fixture
def vault(tmp_path, day):
    opened = Vault(tmp_path / "memory", day, keep_days=30)
    yield opened
    opened.close()


def everything(folder):
    """Every byte of every file in the folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def words_of(person):
    """What of a person could stand on a disk, in the usual encodings."""
    texts = [person.name, *person.name.split(), "Moin", "quiet piano", "blue heron", "token-4711", "sadness"]
    return [text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le", "utf-16-be")]


def test_who_is_kept_is_there_when_it_is_opened_again(vault, tmp_path, day):
    vault.keep(ADA)
    vault.keep(BOB)
    vault.close()
    again = Vault(tmp_path / "memory", day, 30)
    assert again.people() == (ADA, BOB)
    again.close()


def test_nothing_of_anybody_can_be_read_on_the_disk(vault):
    vault.keep(ADA)
    disk = everything(vault.folder)
    assert [word for word in words_of(ADA) if word in disk] == []


def test_how_long_a_record_is_does_not_tell_how_long_the_name_is(vault):
    vault.keep(ADA)
    vault.keep(BOB)
    rows = sqlite3.connect(vault.folder / FILE).execute("SELECT length(sealed) FROM people").fetchall()
    assert len(set(rows)) == 1


def test_only_its_owner_can_read_file_and_key(vault):
    vault.keep(ADA)
    assert [(vault.folder / name).stat().st_mode & 0o777 for name in (FILE, KEY_FILE)] == [0o600, 0o600]
    assert vault.folder.stat().st_mode & 0o077 == 0


def sealed_of(vault, person):
    (sealed,) = (
        sqlite3.connect(vault.folder / FILE).execute("SELECT sealed FROM people WHERE id = ?", (person.id,)).fetchone()
    )
    return sealed


def traces(disk, sealed):
    """Any sixteen bytes of a sealed record that are left."""
    return [at for at in range(0, len(sealed) - 16, 16) if sealed[at : at + 16] in disk]


def test_after_forgetting_the_disk_holds_not_even_the_sealed_record(vault):
    for number in range(40):  # enough that pages split, move and are freed
        vault.keep(Acquaintance(id=f"p{number}", name=f"Person {number}"))
    vault.keep(ADA)
    old = sealed_of(vault, ADA)
    vault.keep(msgspec.structs.replace(ADA, greeting="Hello"))
    new = sealed_of(vault, ADA)
    assert traces(everything(vault.folder), new), "the search finds what is there"
    assert vault.forget(ADA.id)
    disk = everything(vault.folder)
    assert traces(disk, old) == traces(disk, new) == []
    assert ADA.id.encode() not in disk
    assert sorted(path.name for path in vault.folder.iterdir()) == [KEY_FILE, FILE], "no journal is left"
    assert len(vault.people()) == 40


def test_forgetting_nobody_changes_nothing(vault):
    vault.keep(BOB)
    assert vault.forget("ada-4f1c9e") is False
    assert vault.people() == (BOB,)


def test_forgetting_all_takes_the_key_too(vault, tmp_path, day):
    vault.keep(ADA)
    key = (vault.folder / KEY_FILE).read_bytes()
    vault.close()
    assert forget_all(vault.folder) is True
    assert everything(vault.folder) == b""
    assert forget_all(vault.folder) is False
    anew = Vault(tmp_path / "memory", day, 30)
    assert anew.people() == ()
    assert (anew.folder / KEY_FILE).read_bytes() != key
    anew.close()


def test_who_was_not_here_for_long_is_forgotten(vault, day):
    vault.keep(ADA)
    day.now += 20
    vault.keep(BOB)
    day.now += 11
    sealed = sealed_of(vault, ADA)
    assert vault.people() == (BOB,)
    assert traces(everything(vault.folder), sealed) == []


def test_each_meeting_begins_the_time_anew(vault, day):
    for _ in range(4):
        vault.keep(ADA)
        day.now += 25
    assert vault.people() == (ADA,)


def test_a_record_that_was_changed_or_swapped_is_damaged_and_the_others_are_not(vault):
    vault.keep(ADA)
    vault.keep(BOB)
    database = sqlite3.connect(vault.folder / FILE)
    with database:
        database.execute("UPDATE people SET sealed = ? WHERE id = ?", (sealed_of(vault, BOB), ADA.id))
    assert vault.people() == (BOB,)
    assert vault.damaged == 1


@pytest.mark.parametrize(
    "rubbish",
    [b"this is no database at all, but it is long enough to be one" * 20, b"SQLite format 3\x00" + b"\xff" * 4000],
)
def test_a_file_that_is_no_database_is_left_as_it_is_and_said_in_one_line(vault, tmp_path, day, rubbish):
    vault.keep(ADA)
    vault.close()
    path = vault.folder / FILE
    path.write_bytes(rubbish)
    with pytest.raises(MemoryFailed, match="forget --all") as error:
        Vault(tmp_path / "memory", day, 30).people()
    assert "\n" not in str(error.value)
    assert path.read_bytes() == rubbish


def test_a_lost_key_a_strangers_key_and_an_open_key_are_said(vault, tmp_path, day):
    vault.keep(ADA)
    vault.close()
    key = vault.folder / KEY_FILE
    good = key.read_bytes()
    key.chmod(0o644)
    with pytest.raises(MemoryFailed, match="chmod 600"):
        Vault(tmp_path / "memory", day, 30)
    key.chmod(0o600)
    key.write_bytes(b"short")
    with pytest.raises(MemoryFailed, match="not a key"):
        Vault(tmp_path / "memory", day, 30)
    key.write_bytes(bytes(32))
    stranger = Vault(tmp_path / "memory", day, 30)
    assert (stranger.people(), stranger.damaged) == ((), 1)
    stranger.close()
    key.unlink()
    with pytest.raises(MemoryFailed, match="the key is gone"):
        Vault(tmp_path / "memory", day, 30)
    key.write_bytes(good)
    key.chmod(0o600)
    back = Vault(tmp_path / "memory", day, 30)
    assert back.people() == (ADA,)
    back.close()


def test_a_locked_database_is_a_fault_and_not_the_end(vault):
    vault.keep(ADA)
    other = sqlite3.connect(vault.folder / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(MemoryFailed, match="another process holds it"):
        vault.keep(BOB)
    other.execute("ROLLBACK")
    vault.keep(BOB)
    assert vault.people() == (ADA, BOB)
    other.close()


def test_a_full_disk_is_a_fault_and_what_was_there_stays(vault):
    vault.keep(ADA)
    pages = vault._database.execute("PRAGMA page_count").fetchone()[0]
    vault._database.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own "disk is full"
    with pytest.raises(MemoryFailed, match="full"):
        for number in range(20):
            vault.keep(Acquaintance(id=f"p{number}", name="x" * 40))
    assert ADA in vault.people()


def test_a_disk_that_takes_no_more_bytes_is_a_fault_too(tmp_path):
    """The kernel says no, in a process of its own: no file may grow beyond 12 kB."""
    program = f"""
        import resource, signal
        from pathlib import Path
        from robot.errors import MemoryFailed
        from robot.memory.vault import Vault
        from robot.mind.acquaintance import Acquaintance
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        vault = Vault(Path({str(tmp_path / "memory")!r}), lambda: 1, 30)
        vault.keep(Acquaintance(id="a", name="Ada"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_288, 12_288))
        try:
            for number in range(50):
                vault.keep(Acquaintance(id=str(number), name="Bob"))
        except MemoryFailed as error:
            print(error)
        print([person.name for person in vault.people()].count("Ada"))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True)
    fault, ada = done.stdout.splitlines()
    assert "full" in fault or "I/O" in fault
    assert ada == "1"


def test_killed_at_any_moment_it_holds_the_old_or_the_new(tmp_path, day):
    """A process writes and forgets without end and is killed, again and again."""
    program = f"""
        from pathlib import Path
        from robot.memory.vault import Vault
        from robot.mind.acquaintance import Acquaintance
        vault = Vault(Path({str(tmp_path / "memory")!r}), lambda: 20_000, 30)
        number = 0
        while True:
            vault.keep(Acquaintance(id="a", name=f"Ada {{number}}"))
            vault.keep(Acquaintance(id="b", name="Bob"))
            print(number, flush=True)
            vault.forget("b")
            number += 1
    """
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        written = [int(process.stdout.readline()) for _ in range(5)]
        os.kill(process.pid, signal.SIGKILL)
        written += [int(line) for line in process.stdout.read().split() if line.isdigit()]
        process.wait()
        vault = Vault(tmp_path / "memory", day, 30)
        (ada, *others) = vault.people()
        assert int(ada.name.removeprefix("Ada ")) >= written[-1] - 1
        assert [person.name for person in others] in ([], ["Bob"])
        assert vault.damaged == 0
        vault.close()
