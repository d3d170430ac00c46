import json

import pytest

from robot.cli.main import main

PORTRAIT = "file:robot/simulator/sample/portrait.jpg"


@pytest.fixture
def state(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "rapport" / "trace.jsonl"


def test_a_report_answers_in_plain_words(scene_report, capsys):
    assert main(["why", "--report", str(scene_report), "--last", "100"]) == 0
    out = capsys.readouterr().out
    assert "  I share your joy because you seem happy" in out
    assert "I saw a face that looked happy" in out


def test_json_holds_the_same_chains(scene_report, capsys):
    assert main(["why", "--report", str(scene_report), "--last", "2", "--json"]) == 0
    decisions = json.loads(capsys.readouterr().out)
    assert len(decisions) == 2
    assert {"id", "t_s", "kind", "text", "by", "because"} == set(decisions[0]["reasons"][0])


def run(*options):
    return main(["run", "--camera", PORTRAIT, "--duration", "1.5", "--quiet", *options])


def test_a_live_run_leaves_a_trace_that_can_be_asked_and_forgotten(state, capsys):
    assert run() == 0
    assert state.exists()
    assert main(["why"]) == 0
    assert "because" in capsys.readouterr().out
    assert main(["why", "--forget"]) == 0
    assert not state.exists()
    assert main(["why"]) == 2
    assert "no robot has left a trace" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--consent", "presence"], ["--place", "school"]])
def test_where_feelings_may_not_be_read_no_trace_stays(state, options):
    state.parent.mkdir()
    state.write_text("an earlier run's trace")
    assert run(*options) == 0
    assert not state.exists()


def test_a_run_at_full_pace_leaves_no_trace(state):
    assert run("--pace", "max") == 0
    assert not state.exists()


def test_bad_input_is_one_clear_line(tmp_path, scene_report, capsys):
    assert main(["why", "--report", str(tmp_path / "absent.jsonl")]) == 2
    assert main(["why", "--report", str(scene_report), "--last", "0"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "absent.jsonl" in first
    assert "--last 0" in second
