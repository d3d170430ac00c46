"""The recipe for scenarios must be true: its example plays, and it names every key that there is."""

import re
from pathlib import Path

import pytest

from robot.scenario.play import play
from robot.scenario.script import (
    KNOWN,
    AskCue,
    Expect,
    FaceCue,
    HealthCue,
    HeardCue,
    Never,
    Scenario,
    SignCue,
    VoiceCue,
    read_scenario,
)
from robot.scenario.verdict import judge

RECIPE = Path(__file__).parents[2] / "docs" / "recipes" / "write_a_scenario.md"
TEXT = RECIPE.read_text(encoding="utf-8")


def test_the_example_is_a_scenario_that_holds(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "example.toml"
    path.write_text(example, encoding="utf-8")
    scenario = read_scenario(path)
    assert all(finding.held for finding in judge(scenario, play(scenario)))


@pytest.mark.parametrize("table", [Scenario, FaceCue, VoiceCue, HealthCue, AskCue, HeardCue, SignCue, Expect, Never])
def test_every_key_is_explained(table):
    shown = set(re.findall(r"`\[*(\w+)", TEXT)) | set(re.findall(r"`(\w+)", TEXT))
    assert set(table.__struct_fields__) - {"robot"} <= shown


def test_every_state_and_faculty_is_named():
    for kind in ("state", "mood", "faculty"):
        assert all(f"`{name}`" in TEXT for name in KNOWN[kind]), kind
