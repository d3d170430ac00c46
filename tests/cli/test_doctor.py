"""`rapport doctor` from the command line, on the drawn body."""

import json

import pytest

from robot.cli.main import main


def test_json_and_a_report_to_hand_on(capsys, tmp_path):
    path = tmp_path / "doctor.md"
    code = main(["doctor", "models", "memory", "accelerator", "--json", "--report", str(path)])
    findings = json.loads(capsys.readouterr().out)
    assert [each["check"] for each in findings] == ["models", "memory", "accelerator"]
    assert code in (0, 1)
    assert "| models | ok |" in path.read_text()


def test_the_drawn_body_and_the_sample_scene_are_examined_in_real_time(capsys):
    assert main(["doctor", "camera", "microphone", "servos", "lights", "speaker", "--still"]) == 0
    said = capsys.readouterr().out
    assert "pictures a second" in said
    assert "dBFS" in said
    assert said.count("--still") == 3


def test_a_picture_in_a_file_stands_for_a_camera(capsys, tmp_path):
    missing = tmp_path / "none.jpg"
    assert main(["doctor", "camera", "--camera", f"file:{missing}"]) == 2
    assert "none.jpg" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["teeth"], "no check called 'teeth'"), (["--body", "pi", "--board", "odd", "power"], "no board called 'odd'")],
)
def test_what_is_asked_wrongly_is_answered_in_one_line(capsys, arguments, says):
    assert main(["doctor", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_without_consent_no_sense_is_opened(capsys):
    assert main(["doctor", "camera", "microphone", "--consent", "off"]) == 0
    assert capsys.readouterr().out.count("not asked for") == 2


def test_a_report_that_cannot_be_written_is_named(capsys, tmp_path):
    assert main(["doctor", "memory", "--report", str(tmp_path / "no" / "such" / "folder.md")]) == 2
    assert "choose another --report" in capsys.readouterr().err
