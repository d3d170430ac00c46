"""What a person is told of looks that fail: nothing for a day where it is the network, everything else at once."""

from collections.abc import Callable
from pathlib import Path

from robot.errors import NetworkFailed, RepositoryStale, UpdateRefused
from robot.updates.disk import RealDisk
from robot.updates.last_look import NAME, note_last_look, read_last_look

NOW_S = 1_795_000_000
HOUR_S = 3600


def at(now_s: int) -> Callable[[], float]:
    """A clock on the wall that says so."""
    return lambda: float(now_s)


def trouble(root: Path, now_s: float) -> str:
    look = read_last_look(RealDisk(), root)
    assert look is not None
    return look.trouble(lambda: now_s)


def test_f64_what_the_network_does_is_shown_only_after_a_day_of_it(tmp_path: Path):
    for hour in range(0, 30, 3):
        note_last_look(RealDisk(), tmp_path, at(NOW_S + hour * HOUR_S), NetworkFailed("old beside new"))
        shown = trouble(tmp_path, NOW_S + hour * HOUR_S)
        assert shown == ("" if hour < 24 else "old beside new")


def test_f64_one_look_that_works_begins_the_day_anew(tmp_path: Path):
    note_last_look(RealDisk(), tmp_path, at(NOW_S), NetworkFailed("cut"))
    note_last_look(RealDisk(), tmp_path, at(NOW_S + 20 * HOUR_S), None)
    assert trouble(tmp_path, NOW_S + 20 * HOUR_S) == ""
    note_last_look(RealDisk(), tmp_path, at(NOW_S + 30 * HOUR_S), NetworkFailed("cut"))
    assert trouble(tmp_path, NOW_S + 30 * HOUR_S) == ""


def test_what_is_not_the_networks_fault_is_shown_at_once(tmp_path: Path):
    for error in (RepositoryStale("expired"), UpdateRefused("security: altered")):
        note_last_look(RealDisk(), tmp_path, at(NOW_S), error)
        assert trouble(tmp_path, NOW_S) == str(error)


def test_a_note_that_is_damaged_or_cannot_be_written_costs_only_the_note(tmp_path: Path):
    assert read_last_look(RealDisk(), tmp_path) is None
    (tmp_path / NAME).write_bytes(b"{")
    assert read_last_look(RealDisk(), tmp_path) is None
    note_last_look(RealDisk(), tmp_path / "nowhere", at(NOW_S), None)
    note_last_look(RealDisk(), tmp_path, at(NOW_S), None)
    assert trouble(tmp_path, NOW_S) == ""
