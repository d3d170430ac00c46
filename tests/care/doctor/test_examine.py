"""All checks together: one a file, one finding a fault, and a report that gives nobody away."""

import getpass
import json
import socket
from pathlib import Path

import pytest

from hardware.errors import DeviceError
from robot.care.doctor import checks
from robot.care.doctor.examine import ORDER, check_names, examine
from robot.care.doctor.finding import Finding, exit_code
from robot.care.doctor.paper import as_json, lines_of, report, scrubbed, summary
from robot.errors import ConfigError
from tests.care.doctor.patient import patient


def test_every_file_of_the_folder_is_a_check_and_is_run():
    files = {path.stem for path in Path(checks.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(check_names()) == files
    assert set(ORDER) <= files
    assert {finding.check for finding in examine(patient())} == files


def test_a_robot_that_is_well_has_no_fault():
    found = list(examine(patient(), [name for name in check_names() if name not in {"buses", "speaker", "disk"}]))
    assert exit_code(found) == 0, [each for each in found if each.severity in {"warning", "fault"}]


def test_only_the_named_checks_are_run_and_an_unknown_one_is_answered_with_those_that_there_are():
    assert {each.check for each in examine(patient(), ["memory", "models"])} == {"memory", "models"}
    with pytest.raises(ConfigError, match=r"no check called 'teeth'; there is .*camera"):
        list(examine(patient(), ["teeth"]))


def test_a_check_that_fails_is_a_finding_and_the_others_go_on(monkeypatch):
    def broken(subject):
        raise DeviceError("the thermometer melted; let it cool")
        yield

    monkeypatch.setattr("robot.care.doctor.checks.temperature.examine", broken)
    found = list(examine(patient(), ["temperature", "memory"]))
    assert [each.check for each in found] == ["temperature", "memory"]
    assert (found[0].severity, "melted" in found[0].what) == ("fault", True)


@pytest.mark.parametrize(
    ("severities", "code"), [([], 0), (["ok", "note"], 0), (["ok", "warning"], 1), (["warning", "fault", "ok"], 2)]
)
def test_the_exit_code_is_that_of_the_worst(severities, code):
    assert exit_code([Finding("x", severity, "what") for severity in severities]) == code


FOUND = [
    Finding("camera", "fault", "no picture", "check its cable", {"rate_hz": 0.0}),
    Finding("disk", "ok", "plenty"),
    Finding("power", "warning", "weak", "a stronger one"),
    Finding("clock", "warning", "forgets", "a battery"),
]


def test_findings_read_well_in_a_terminal_and_as_json():
    assert lines_of(FOUND[0]) == ["FAULT    camera       no picture", " " * 21 + " -> check its cable"]
    assert lines_of(FOUND[1]) == ["ok       disk         plenty"]
    assert summary(FOUND) == "1 fault, 2 warnings, 1 ok"
    first = json.loads(as_json(FOUND))[0]
    assert first.pop("measured") == {"rate_hz": 0.0}
    assert first == {"check": "camera", "severity": "fault", "what": "no picture", "fix": "check its cable"}


def test_a_report_to_hand_on_names_nobody():
    home, host, user = str(Path.home()), socket.gethostname(), getpass.getuser()
    told = Finding(
        "disk",
        "fault",
        f"{home}/models on {host} of {user} at 192.168.1.17, dc:a6:32:01:02:03, serial 10000000abcdef12",
        f"mend {home}",
    )
    text = report([told])
    for secret in (home + "/", host, "192.168.1.17", "dc:a6:32", "10000000abcdef12"):
        assert secret not in text
    assert "~/models on <this computer>" in text


def test_scrubbing_leaves_words_that_only_look_alike():
    assert scrubbed("the rooted root of groot", [("root", "<user>")]) == "the rooted <user> of groot"
    assert scrubbed("a decade of facade", [("", "x"), ("a", "y")]) == "a decade of facade"
