import json
from pathlib import Path

import pytest

from robot.config import Config
from robot.errors import RapportError
from robot.messages import OwnMotion
from robot.report import Report, Run

RUN = Run(version="0.1.0", seed=3, camera="none", microphone="none", body="virtual", models={}, config=Config())


def test_each_message_is_one_json_line_that_names_its_kind(tmp_path):
    path = tmp_path / "run.jsonl"
    with Report(path) as report:
        report.write(RUN)
        report.write(OwnMotion(t_s=0.5, servo_speed=0.25, speaking=True))
    first, second = map(json.loads, path.read_text().splitlines())
    assert (first["type"], first["seed"]) == ("Run", 3)
    assert second.items() >= {"type": "OwnMotion", "t_s": 0.5, "servo_speed": 0.25, "speaking": True}.items()


def test_the_name_appears_only_when_the_report_is_whole(tmp_path):
    path = tmp_path / "run.jsonl"
    report = Report(path)
    report.write(RUN)
    assert not path.exists()
    report.close()
    report.close()
    assert [p.name for p in tmp_path.iterdir()] == ["run.jsonl"]


def test_what_was_written_is_kept_when_the_run_breaks_off(tmp_path):
    path = tmp_path / "run.jsonl"
    with pytest.raises(KeyboardInterrupt), Report(path) as report:
        report.write(RUN)
        raise KeyboardInterrupt
    assert len(path.read_text().splitlines()) == 1


def test_an_earlier_report_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_text("old")
    report = Report(path)
    assert path.read_text() == "old"
    report.close()
    assert path.read_text() == ""


def test_a_folder_that_does_not_exist_is_one_clear_line(tmp_path):
    with pytest.raises(RapportError, match=r"cannot write the report.*--report"):
        Report(tmp_path / "absent" / "run.jsonl")


def test_a_full_disk_is_one_clear_line(tmp_path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    (tmp_path / "run.jsonl.part").symlink_to(full)
    report = Report(tmp_path / "run.jsonl")
    with pytest.raises(RapportError, match="free some space"):
        for _ in range(10_000):
            report.write(RUN)
