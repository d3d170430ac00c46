import json
import select
import subprocess
import sys
import threading

import pytest

from robot.cli.main import main

PORTRAIT = "file:robot/simulator/sample/portrait.jpg"


@pytest.fixture
def state(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
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


@pytest.fixture
def living(state):
    """A robot that runs in a process of its own and has something to tell."""
    command = [sys.executable, "-u", "-m", "robot", "run", "--camera", PORTRAIT, "--duration", "90"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    deadline = threading.Timer(80.0, process.kill)
    deadline.start()
    while not state.exists() and process.poll() is None:
        select.select([process.stdout], [], [], 0.1)
    yield process
    deadline.cancel()
    process.kill()
    process.wait()


def test_a_running_robot_can_be_asked_and_what_it_noted_goes_with_it(living, state, capsys):
    assert main(["why"]) == 0
    assert "because" in capsys.readouterr().out
    living.terminate()
    assert living.wait(timeout=60) == 0
    assert not state.exists()
    assert main(["why"]) == 2
    assert "no robot that reads feelings runs here now" in capsys.readouterr().err


def test_what_was_noted_can_be_forgotten_at_once(state, capsys):
    state.parent.mkdir()
    state.write_text("a killed run's trace")
    assert main(["why", "--forget"]) == 0
    assert not state.exists()
    assert main(["why", "--forget"]) == 0
    assert "nothing to forget" in capsys.readouterr().out


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
