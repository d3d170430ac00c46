"""The history is a chain: nothing can be changed, removed or cut off without its showing."""

from pathlib import Path

import pytest

from robot.updates import history as history_module
from robot.updates.disk import RealDisk
from robot.updates.history import History
from robot.updates.store import Store
from tests.updates.bundles import MODEL, put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    history = History(tmp_path, RealDisk())
    for number in range(5):
        history.add("check", 100 + number)
    return tmp_path


def fault_in(folder: Path, remembered: History) -> str:
    return History(folder, RealDisk()).fault(remembered.lines, remembered.head)


def test_a_whole_chain_has_no_fault(folder: Path):
    assert fault_in(folder, History(folder, RealDisk())) == ""
    assert [event.n for event in History(folder, RealDisk()).events()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("line", range(5))
def test_a_changed_line_shows(folder: Path, line: int):
    remembered = History(folder, RealDisk())
    lines = (folder / "history.jsonl").read_bytes().split(b"\n")
    lines[line] = lines[line].replace(b'"check"', b'"other"')
    (folder / "history.jsonl").write_bytes(b"\n".join(lines))
    assert fault_in(folder, remembered)


@pytest.mark.parametrize("line", range(1, 5))
def test_a_removed_line_shows(folder: Path, line: int):
    remembered = History(folder, RealDisk())
    lines = (folder / "history.jsonl").read_bytes().split(b"\n")
    del lines[line]
    (folder / "history.jsonl").write_bytes(b"\n".join(lines))
    assert fault_in(folder, remembered)


def test_an_end_that_was_cut_off_shows_in_a_store(store: Store):
    store.try_set(MODEL, put(store, "1.1.0"))
    store.keep(MODEL)
    assert store.history_fault() == ""
    path = store.root / "history.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert "which the state remembers" in store.history_fault()


@pytest.mark.parametrize("cut", [1, 2, 30, 60])
def test_a_torn_last_line_is_no_event_and_the_chain_goes_on(folder: Path, cut: int):
    path = folder / "history.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    history = History(folder, RealDisk())
    assert history.lines == 4
    history.add("check", 200)
    assert fault_in(folder, history) == ""
    assert History(folder, RealDisk()).lines == 5


def test_a_refusal_that_repeats_is_written_once_an_hour(tmp_path: Path):
    history = History(tmp_path, RealDisk())
    for minute in range(0, 180, 10):
        history.add("refused", minute * 60, reason="bad signature")
    assert history.lines == 3


def test_it_never_grows_beyond_two_files_and_the_chain_goes_through_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(history_module, "FULL_BYTES", 2000)
    history = History(tmp_path, RealDisk())
    for number in range(100):
        history.add("check", number)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2 * 2300
    assert fault_in(tmp_path, history) == ""
    assert History(tmp_path, RealDisk()).lines == 100
