import subprocess
import sys
from collections import deque
from pathlib import Path

import pytest
from statemachine.exceptions import TransitionNotAllowed

from robot.consent import RUNGS
from robot.mind.decision import ANSWER_EVENTS, ANSWERS, DOES
from robot.mind.faculties import EVENTS, FAULTS, HEALTHY, MENDED, PASSING, REGIONS, SAYS
from robot.mind.mood_labels import LOOKS
from robot.mind.persona import Manners
from robot.mind.reactions.consent import EVENTS as RUNG_EVENTS
from robot.mind.reactions.consent import SAYS as RUNG_SAYS
from robot.mind.statechart import BEHAVIOURS, ENGAGED, CompanionChart, active_behaviour, active_faculties, active_rung

REPOSITORY = Path(__file__).resolve().parents[2]


def at(path: tuple[str, ...]) -> CompanionChart:
    chart = CompanionChart()
    for event in path:
        chart.send(event)
    return chart


def test_it_starts_alone_with_all_faculties() -> None:
    chart = CompanionChart()
    assert active_behaviour(chart) == "alone"
    assert active_faculties(chart) == HEALTHY


def ways_between() -> dict[str, set[str]]:
    """From each behaviour state, the states that one event leads to; found by running the chart, not by reading it."""
    ways: dict[str, set[str]] = {}
    waiting: deque[tuple[str, ...]] = deque([()])
    degrading = set(EVENTS.values())
    while waiting:
        path = waiting.popleft()
        chart = at(path)
        state = active_behaviour(chart)
        if state in ways:
            continue
        onward = [(*path, str(event)) for event in chart.allowed_events if str(event) not in degrading]
        ways[state] = {active_behaviour(at(further)) for further in onward}
        waiting.extend(onward)
    return ways


def test_every_behaviour_can_be_reached() -> None:
    assert set(ways_between()) == BEHAVIOURS


def test_from_every_behaviour_there_is_a_way_back_to_being_alone() -> None:
    ways = ways_between()
    home = {"alone"}
    while more := {state for state, onward in ways.items() if onward & home} - home:
        home |= more
    assert home == BEHAVIOURS


@pytest.mark.parametrize("state", sorted(ENGAGED))
def test_each_answer_event_leads_to_its_state_and_stays_engaged(state: str) -> None:
    chart = at(("notice", "engage", ANSWER_EVENTS[state]))
    assert active_behaviour(chart) == state
    assert "engaged" in chart.configuration_values


@pytest.mark.parametrize("event", ["leave", "calm", "come_back", "miss"])
def test_an_event_that_no_state_allows_is_refused(event: str) -> None:
    with pytest.raises(TransitionNotAllowed):
        CompanionChart().send(event)


def test_degraded_regions_do_not_touch_the_conversation() -> None:
    chart = at(("notice", "engage", "share_joy"))
    for event in ("go_blind", "go_deaf", "stop_reading", "go_limp", "lose_voice", "degrade"):
        chart.send(event)
    assert active_behaviour(chart) == "sharing_joy"
    assert active_faculties(chart) == FAULTS | set(PASSING.values())


@pytest.mark.parametrize("region", REGIONS, ids=min)
def test_every_faculty_leads_to_every_other_in_its_region(region: frozenset[str]) -> None:
    start = next(iter(region & HEALTHY))
    for before in region - {start}:
        for after in region - {before}:
            chart = at((EVENTS[before], EVENTS[after]))
            assert after in active_faculties(chart)
            assert before not in active_faculties(chart)


@pytest.mark.parametrize("after", RUNGS)
@pytest.mark.parametrize("before", RUNGS)
def test_every_rung_leads_to_every_other(before: str, after: str) -> None:
    chart = CompanionChart()
    for rung in (before, after):
        if active_rung(chart) != rung:
            chart.send(RUNG_EVENTS[rung])
    assert active_rung(chart) == after
    assert active_behaviour(chart) == "alone"


def test_the_tables_speak_of_exactly_the_states_there_are() -> None:
    faculties = frozenset().union(*REGIONS)
    assert set(DOES) == BEHAVIOURS == set(Manners.__struct_fields__)
    assert set(ANSWER_EVENTS) == ENGAGED == set(ANSWERS.values())
    assert set(ANSWERS) == set(LOOKS)
    assert set(EVENTS) == set(SAYS) == faculties
    assert set(MENDED) == FAULTS
    assert set(RUNG_EVENTS) == set(RUNG_SAYS) == set(RUNGS)
    assert faculties >= FAULTS | HEALTHY


def test_the_diagram_in_the_documents_is_fresh() -> None:
    drawn = subprocess.run(
        [sys.executable, "tools/diagram.py", "--check"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert drawn.returncode == 0, drawn.stderr


def test_the_diagram_shows_every_state_and_event() -> None:
    text = (REPOSITORY / "docs" / "reference" / "behaviour.md").read_text(encoding="utf-8")
    for name in [*BEHAVIOURS, *SAYS, *(event.id for event in CompanionChart.events)]:
        assert name in text, name
