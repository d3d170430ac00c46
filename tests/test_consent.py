"""The ladder of consent: down at once and always, up only by a person's act, never beyond the place."""

import pytest

from robot.config import RobotSettings
from robot.consent import DELIBERATE, RUNGS, Ladder, lowered
from robot.messages import By, Consent, Request, Rung


def ask(value: str, by: By = "page") -> Request:
    return Request("q0", 1.0, "consent", value, by)


@pytest.mark.parametrize("by", ["voice", "gesture", "page", "command", "board", "fleet"])
@pytest.mark.parametrize("rung", ["off", "presence", "feelings"])
def test_anybody_may_step_down_in_any_way(rung: Rung, by: By) -> None:
    ladder = Ladder(RobotSettings(consent="remember"))
    (answer,) = ladder.follow(2.0, [ask(rung, by)])
    assert answer == Consent(2.0, rung, "remember", "remember", "q0", "")
    assert ladder.rung == rung


@pytest.mark.parametrize("by", ["voice", "gesture", "page", "command", "board", "fleet"])
def test_a_step_up_needs_an_act_of_a_person(by: By) -> None:
    ladder = Ladder(RobotSettings(consent="presence"))
    (answer,) = ladder.follow(2.0, [ask("feelings", by)])
    may = by in DELIBERATE
    assert (ladder.rung, answer.refused) == (("feelings", "") if may else ("presence", "person"))


@pytest.mark.parametrize("place", ["workplace", "school"])
def test_no_step_reaches_beyond_the_place(place: str) -> None:
    ladder = Ladder(RobotSettings(consent="remember", place=place))  # type: ignore[arg-type]
    assert (ladder.rung, ladder.ceiling) == ("presence", "presence")
    (answer,) = ladder.follow(1.0, [ask("feelings")])
    assert (answer.rung, answer.refused) == ("presence", "place")
    ladder.follow(1.0, [ask("off")])
    (answer,) = ladder.follow(1.0, [ask("remember")])
    assert (answer.rung, answer.refused) == ("presence", "place")
    assert not ladder.allowed.expression
    assert not ladder.allowed.tone


def test_each_rung_allows_what_policy_says_of_it() -> None:
    ladder = Ladder(RobotSettings())
    allowed = {}
    for rung in RUNGS:
        ladder.follow(0.0, [ask(rung)])
        allowed[rung] = ladder.allowed
    assert not allowed["off"].camera
    assert allowed["presence"].camera
    assert not allowed["presence"].expression
    assert allowed["feelings"].expression
    assert not allowed["feelings"].memory
    assert allowed["remember"].memory


def test_every_request_gets_an_answer_and_other_signals_none() -> None:
    ladder = Ladder(RobotSettings())
    answers = ladder.follow(0.0, [Request("q1", 0.0, "why"), ask("feelings"), ask("nonsense")])
    assert [(answer.rung, answer.before) for answer in answers] == [("feelings", "feelings")] * 2
    assert not lowered(answers)


def test_a_step_down_is_told_from_a_step_up() -> None:
    ladder = Ladder(RobotSettings())
    assert lowered(ladder.follow(0.0, [ask("off")]))
    assert not lowered(ladder.follow(0.0, [ask("remember")]))
    assert lowered(ladder.follow(0.0, [ask("feelings")]))
