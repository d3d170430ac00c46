"""docs/reference/never.md must be true: every promise names tests and scenarios that exist."""

import re
from pathlib import Path

import msgspec
import pytest

from robot.mind.persona import PERSONAS
from robot.scenario.verdict import judge

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "reference" / "never.md").read_text(encoding="utf-8")
PROMISES = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| it never")]


SCENARIOS = sorted(set(re.findall(r"`(tests/scenarios/[^`]+)`", TEXT)))
SHIPPED = sorted(path.stem for path in PERSONAS.glob("*.toml"))

OF_THE_COMPANION = {"tests/scenarios/camera_lost_asleep.toml", "tests/scenarios/distress_comes_back.toml"}
"""What these forbid rests on the companion's own times: when it falls asleep, and when it offers to fetch somebody."""


def test_every_promise_names_a_test_that_is_there():
    assert len(PROMISES) > 20
    for promise in PROMISES:
        shown = re.findall(r"`(tests/[^`]+)`", promise)
        assert shown, promise
        missing = [name for name in shown if not (ROOT / name).is_file()]
        assert missing == [], promise


def test_a_scenario_that_shows_a_promise_forbids_something_or_asks_for_it_throughout():
    for name in SCENARIOS:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert re.search(r"\[\[never\]\]|throughout = true|at_most", text), name


@pytest.mark.parametrize("persona", SHIPPED)
def test_no_persona_that_ships_breaks_a_promise(persona, visits):
    for name in (name for name in SCENARIOS if name not in OF_THE_COMPANION or persona == "companion"):
        scenario, played = visits.play(ROOT / name, persona)
        forbidding = msgspec.structs.replace(scenario, expect=())
        broken = [finding for finding in judge(forbidding, played) if not finding.held]
        assert broken == [], name
