import json

import pytest

from robot.cli.main import main


def test_the_same_trace_is_one_line_and_exit_0(scene_report, tmp_path, capsys):
    copy = tmp_path / "again.jsonl"
    assert main(["replay", str(scene_report), "--report", str(copy)]) == 0
    assert "the same trace, byte for byte" in capsys.readouterr().out
    assert copy.read_bytes() == scene_report.read_bytes()


def test_another_seed_is_compared_and_written(scene_report, tmp_path, capsys):
    copy = tmp_path / "other.jsonl"
    assert main(["replay", str(scene_report), "--seed", "7", "--report", str(copy)]) == 0
    assert "replayed 24.0 s" in capsys.readouterr().out
    assert json.loads(copy.read_bytes().splitlines()[0])["seed"] == 7
    assert main(["replay", str(copy)]) == 0
    assert "the same trace" in capsys.readouterr().out


def test_a_difference_nobody_asked_for_is_exit_1_and_says_what_a_person_would_notice(scene_report, tmp_path, capsys):
    path = tmp_path / "tampered.jsonl"
    path.write_bytes(scene_report.read_bytes().replace(b'"light":"warm"', b'"light":"calm"'))
    assert main(["replay", str(path)]) == 1
    out = capsys.readouterr().out
    assert "- light  calm" in out
    assert "+ light  warm" in out
    assert main(["replay", str(path), "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["identical"] is False
    assert {event["what"] for event in result["gained"]} == {"warm"}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda content: content[:-40], "cut off"),
        (lambda content: content.replace(b'"BodyPose"', b'"BodyPoem"', 1), "damaged"),
        (lambda content: content.replace(b'"version":"', b'"version":"9', 1), "update this robot"),
        (lambda content: b"\x00\x01" + content, "no report of a run"),
        (lambda content: b"", "no report of a run"),
    ],
)
def test_what_is_no_whole_report_is_one_line_and_exit_2(scene_report, tmp_path, capsys, spoil, words):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(spoil(scene_report.read_bytes()))
    copy = tmp_path / "again.jsonl"
    assert main(["replay", str(path), "--report", str(copy)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"rapport: {path}")
    assert words in line
    assert not copy.exists(), "nothing half-written stays behind"


def test_wrong_options_are_one_line_and_exit_2(scene_report, tmp_path, capsys):
    assert main(["replay", str(tmp_path / "absent.jsonl")]) == 2
    assert main(["replay", str(scene_report), "--persona", "nobody"]) == 2
    assert main(["replay", str(scene_report), "--report", str(scene_report)]) == 2
    first, second, third = capsys.readouterr().err.splitlines()
    assert "absent.jsonl" in first
    assert "nobody" in second
    assert "that is the report being replayed" in third
    assert scene_report.stat().st_size > 100_000
