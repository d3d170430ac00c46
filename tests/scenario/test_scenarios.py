"""Each file in tests/scenarios is a short visit: what comes in, and what the robot must have felt, done and said."""

import pytest

from robot.consent import RUNGS
from robot.mind.statechart import BEHAVIOURS
from robot.scenario.play import Played, play
from robot.scenario.script import Scenario
from robot.scenario.verdict import judge
from tests.scenario.visits import FILES, Visits


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def visit(request: pytest.FixtureRequest, visits: Visits) -> tuple[Scenario, Played]:
    found: tuple[Scenario, Played] = visits.play(request.param)
    return found


def test_what_must_happen_does_and_what_must_not_does_not(visit: tuple[Scenario, Played]) -> None:
    scenario, played = visit
    failed = [f"{finding.text}; saw: {finding.saw}" for finding in judge(scenario, played) if not finding.held]
    assert not failed, "\n".join([scenario.about, *failed, story(played)])


def test_every_because_names_a_message_that_came_before(visit: tuple[Scenario, Played]) -> None:
    _, played = visit
    reason_ids = {reason.id for reason in played.reasons}
    known = played.percept_ids | {mood.id for mood in played.moods} | reason_ids
    for message in (*played.reasons, *played.moods, *played.intents):
        assert set(message.because) <= known, message


def test_every_reason_can_be_explained_to_its_end(visit: tuple[Scenario, Played]) -> None:
    _, played = visit
    forgot_s = last_step_down_s(played)
    for reason in (reason for reason in played.reasons if reason.t_s >= forgot_s):
        chain = played.mind.reasons.explain(reason.id)
        assert chain[0] == reason.text
        assert not any("no longer remember" in line for line in chain)


def test_the_same_visit_gives_the_same_messages(visits: Visits) -> None:
    for scenario, played in map(visits.play, FILES[::4]):
        again = play(scenario)
        assert again.intents == played.intents
        assert again.moods == played.moods
        assert again.reasons == played.reasons


def test_all_scenarios_together_reach_every_state(visits: Visits) -> None:
    assert {moment.state for _, played in map(visits.play, FILES) for moment in played.moments} == BEHAVIOURS


def last_step_down_s(played: Played) -> float:
    """When it last was to forget what it had noted: from then on chains begin anew."""
    steps = zip(played.moments, played.moments[1:], strict=False)
    return max(
        (after.t_s for before, after in steps if RUNGS.index(after.rung) < RUNGS.index(before.rung)),
        default=float("-inf"),
    )


def story(played: Played) -> str:
    """What happened, for a failing test."""
    return "\n".join(f"{reason.t_s:7.2f} {reason.kind:10} {reason.text}" for reason in played.reasons)
