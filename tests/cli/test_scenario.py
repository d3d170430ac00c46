import json
from pathlib import Path

from PIL import Image

from robot.cli.main import main

SMILE = "tests/scenarios/smile.toml"
WRONG = """about = "A smile is met with calm."
duration_s = 3.0
[[face]]
from_s = 0.5
to_s = 3.0
expression = "happiness"
[[expect]]
state = "calming"
between = [0.0, 3.0]
"""


def test_what_held_is_one_line_and_exit_0(capsys):
    assert main(["scenario", SMILE]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("held") and "smile" in line  # noqa: PT018


def test_what_failed_is_told_with_what_was_there_and_exit_1(tmp_path, capsys):
    path = tmp_path / "wrong.toml"
    path.write_text(WRONG)
    assert main(["scenario", SMILE, str(path)]) == 1
    out = capsys.readouterr().out
    assert "must be calming at some moment from 0 to 3 s" in out
    assert "saw: alone from 0 s" in out
    assert "1 of 2 scenarios held" in out


def test_json_holds_every_finding_and_word(capsys):
    assert main(["scenario", SMILE, "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["ok"]
    assert all(finding["held"] for finding in result["findings"])
    assert result["words"][0]["says"]


def test_one_chart_is_a_file_and_several_are_a_folder(tmp_path, capsys):
    assert main(["scenario", SMILE, "--chart", str(tmp_path / "smile.png")]) == 0
    assert Image.open(tmp_path / "smile.png").format == "PNG"
    assert main(["scenario", SMILE, "tests/scenarios/flicker.toml", "--chart", str(tmp_path / "charts")]) == 0
    assert sorted(path.name for path in (tmp_path / "charts").iterdir()) == ["flicker.png", "smile.png"]
    assert main(["scenario", SMILE, "tests/scenarios/flicker.toml", "--chart", str(tmp_path / "two.png")]) == 2
    assert "name a folder" in capsys.readouterr().err


def test_bad_files_and_bad_places_are_one_line_and_exit_2(tmp_path, capsys):
    (tmp_path / "typo.toml").write_text(WRONG.replace("expression", "expresion"))
    assert main(["scenario", str(tmp_path / "typo.toml")]) == 2
    assert "line 6: 'expresion' is not a key" in capsys.readouterr().err
    assert main(["scenario", str(tmp_path / "absent.toml")]) == 2
    assert "no such file" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["scenario", SMILE, "--chart", str(tmp_path / "file" / "smile.png")]) == 2
    assert "cannot write the chart" in capsys.readouterr().err
    assert Path("smile.png").exists() is False
