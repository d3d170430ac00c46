"""Every store survives kill -9 and a full disk, and there is none that is not tested for it."""

import itertools
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.errors import BoardError
from robot.errors import RapportError
from tests.faults.small_disk import mounted
from tests.faults.stores import STORES, prepare

ROOT = Path(__file__).parents[2]
KILLS = 5


def write_without_end(store, folder, pipe):
    """In a process of its own: write one content after the other, and tell of each that is written."""
    try:
        for value in itertools.cycle((1, 0)):
            store.write(folder, value)
            os.write(pipe, str(value).encode())
    finally:
        os._exit(1)


@pytest.mark.parametrize("name", STORES)
def test_killed_at_any_moment_it_is_whole(name, tmp_path):
    store, folder = STORES[name], prepare(tmp_path)
    store.write(folder, 0)
    for kill in range(KILLS):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            write_without_end(store, folder, writer)
        os.close(writer)
        told = [os.read(reader, 1) for _ in range(3 + 2 * kill)]
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        assert b"" not in told, "it wrote until it was killed"
        assert store.read(folder) in (0, 1, 2)
        assert store.write(folder, 1) == ""
        assert store.read(folder) in (1, 2), "and it goes on as if nothing had been"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 kB."""
    with mounted(tmp_path / "small", "size=256k") as folder:
        yield folder


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return ballast
    raise AssertionError("the disk took everything")


@pytest.mark.parametrize("name", STORES)
def test_on_a_full_disk_what_was_there_stays_and_it_says_so(name, small_disk):
    store, folder = STORES[name], prepare(small_disk)
    store.write(folder, 0)
    ballast = fill(small_disk)
    for _ in range(3):
        try:
            said = store.write(folder, 1)
        except (RapportError, BoardError, OSError) as error:
            said = str(error)
        assert bool(said) or not store.says
        assert not any(path.suffix == ".part" and path.stat().st_size for path in folder.iterdir())
    assert store.read(folder) in (0, 2)
    ballast.unlink()
    assert store.write(folder, 1) == ""
    assert store.read(folder) in (1, 2)


WRITERS = {
    "hardware/whole_file.py": "what most stores above are written with",
    "robot/memory/vault.py": "memory",
    "robot/memory/key.py": "overwrites the key that is to be destroyed: tests/memory/test_vault.py",
    "robot/report.py": "report",
    "robot/care/logbook.py": "log",
    "robot/cli/doctor.py": "a page for a person, who is told when it cannot be written",
    "robot/senses/hearing/words/grammar.py": "the phrases of commands, for as long as they are read",
    "robot/updates/disk.py": "what an update leaves: faults 1 to 64",
    "robot/updates/company.py": "locks, with nothing in them",
    "robot/updates/repository/keys.py": "the keys of a publisher: fault 63",
    "robot/updates/repository/simulation/story.py": "a made-up repository",
}
"""Every module that writes a file, and where it is tested or why it need not be."""

WRITES = re.compile(
    r"""write_text|write_bytes|O_CREAT|sqlite3\.connect|RotatingFileHandler|NamedTemporaryFile|mkstemp|shutil\.copyfile"""
    r"""|(?<!fd)open\((?:[^()]*, )?["'](?:[wax]b?\+?|r\+b?|rb\+)["']"""
)


def test_nothing_writes_a_file_that_is_not_in_this_list():
    modules = [*(ROOT / "robot").rglob("*.py"), *(ROOT / "hardware").rglob("*.py")]
    assert {str(path.relative_to(ROOT)) for path in modules if WRITES.search(path.read_text())} == WRITERS.keys()
