"""Each file in tests/scenarios is a short visit: what comes in, and what the robot must have felt, done and said."""

from pathlib import Path
from typing import Any

import pytest

from robot.mind.statechart import BEHAVIOURS
from tests.mind.scenario import Played, load, play

FILES = sorted((Path(__file__).parent.parent / "scenarios").glob("*.toml"))
KINDS = ("state", "mood", "light", "look", "faculty", "says", "chirp", "why")


@pytest.fixture(scope="module", params=FILES, ids=[file.stem for file in FILES])
def visit(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Played]:
    scenario = load(request.param)
    return scenario, play(scenario)


def clauses(table: dict[str, Any]) -> list[tuple[str, str]]:
    found = [(kind, table[kind]) for kind in KINDS if kind in table]
    assert found, f"an expectation that expects nothing: {table}"
    return found


def test_what_is_expected_happens(visit: tuple[dict[str, Any], Played]) -> None:
    scenario, played = visit
    for table in scenario.get("expect", []):
        for kind, value in clauses(table):
            shown = played.shown(kind, value, table["between"])
            held = all(shown) if table.get("throughout") else any(shown)
            assert shown, f"no moment in {table['between']}: {table}"
            assert held, f"{scenario['about']} - {kind} {value!r} in {table['between']}\n{story(played)}"


def test_what_must_never_happen_does_not(visit: tuple[dict[str, Any], Played]) -> None:
    scenario, played = visit
    for table in scenario.get("never", []):
        for kind, value in clauses(table):
            shown = played.shown(kind, value, table["between"])
            assert shown, f"no moment in {table['between']}: {table}"
            assert not any(shown), f"{scenario['about']} - {kind} {value!r}\n{story(played)}"


def test_every_because_names_a_message_that_came_before(visit: tuple[dict[str, Any], Played]) -> None:
    _, played = visit
    reason_ids = {reason.id for reason in played.reasons}
    known = played.percept_ids | {mood.id for mood in played.moods} | reason_ids
    for message in (*played.reasons, *played.moods, *played.intents):
        assert set(message.because) <= known, message


def test_every_reason_can_be_explained_to_its_end(visit: tuple[dict[str, Any], Played]) -> None:
    _, played = visit
    for reason in played.reasons:
        chain = played.mind.reasons.explain(reason.id)
        assert chain[0] == reason.text
        assert not any("no longer remember" in line for line in chain)


def test_the_same_visit_gives_the_same_messages(visit: tuple[dict[str, Any], Played]) -> None:
    scenario, played = visit
    again = play(scenario)
    assert again.intents == played.intents
    assert again.moods == played.moods
    assert again.reasons == played.reasons


def test_all_scenarios_together_reach_every_state() -> None:
    states = {state for file in FILES for moment in play(load(file)).moments for state in moment.holds["state"]}
    assert states == BEHAVIOURS


def story(played: Played) -> str:
    """What happened, for a failing test."""
    return "\n".join(f"{reason.t_s:7.2f} {reason.kind:10} {reason.text}" for reason in played.reasons)
