import io

import pytest

from hardware.clock import SteppedClock
from robot.care.logbook import BURST_LINES, LINES_PER_S, LONGEST_LINE, MOST_BYTES, FileLines, JournalLines, Logbook
from robot.errors import ConfigError


def book():
    clock, lines = SteppedClock(), []
    return clock, lines, Logbook(lambda *line: lines.append(line), clock)


def test_a_line_is_one_line_whatever_is_in_it():
    _, lines, log = book()
    log.note("warning", "camera lost:\nno picture" + "!" * 1000)
    [(severity, line)] = lines
    assert severity == "warning"
    assert "\n" not in line
    assert len(line) <= LONGEST_LINE + 4


def test_f55_a_storm_of_lines_is_cut_and_what_was_left_out_is_counted_and_said():
    clock, lines, log = book()
    for _ in range(100_000):
        log.note("error", "the bus does not answer")
        clock.wait_s(1e-5)
    assert len(lines) == BURST_LINES
    assert log.left_out == 100_000 - BURST_LINES
    clock.wait_s(60.0)
    log.note("info", "calm again")
    assert lines[-2:] == [
        ("warning", f"{100_000 - BURST_LINES} lines were left out: there were too many"),
        ("info", "calm again"),
    ]


def test_f55_a_week_of_storm_stays_within_the_rate():
    clock, lines, log = book()
    hours = 24 * 7
    for _ in range(hours * 6):
        for _ in range(200):
            log.note("warning", "noise")
        clock.wait_s(600.0)
    assert len(lines) <= 2 * (BURST_LINES + hours * 3600 * LINES_PER_S)


def test_f55_a_log_file_is_turned_over_and_never_fills_the_disk(tmp_path):
    file = FileLines(tmp_path / "rapport.log")
    for count in range(9_000):
        file.write("warning", f"line {count} " + "x" * 400)
    file.close()
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert sum(sizes) <= 3 * MOST_BYTES
    assert "line 8999" in (tmp_path / "rapport.log").read_text(encoding="utf-8")


def test_f55_a_full_disk_costs_lines_and_nothing_else():
    file = FileLines("/dev/full")
    for _ in range(3):
        file.write("error", "no room for this")
    file.close()


def test_a_log_that_cannot_be_opened_is_one_clear_line(tmp_path):
    with pytest.raises(ConfigError, match=r"--log .*cannot be written"):
        FileLines(tmp_path / "no" / "folder" / "rapport.log")


def test_the_journal_learns_the_severity_and_a_closed_stream_harms_nobody():
    out = io.StringIO()
    JournalLines(out).write("error", "camera: given up")
    assert out.getvalue() == "<3>camera: given up\n"
    out.close()
    JournalLines(out).write("info", "nobody listens")
