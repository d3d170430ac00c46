import msgspec
import pytest

from robot.scenario.play import play
from robot.scenario.script import Expect, Never, read_scenario
from robot.scenario.verdict import judge


@pytest.fixture(scope="module")
def smile(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenario") / "smile.toml"
    path.write_text(
        'about = "A smile."\nduration_s = 5.0\n'
        '[[face]]\nfrom_s = 0.5\nto_s = 5.0\nexpression = "happiness"\nx = 0.8\n'
        '[[expect]]\nstate = "sharing_joy"\nbetween = [0.0, 5.0]\n'
    )
    scenario = read_scenario(path)
    return scenario, play(scenario)


def verdict(smile, *clauses):
    scenario, played = smile
    expect = tuple(clause for clause in clauses if isinstance(clause, Expect))
    never = tuple(clause for clause in clauses if isinstance(clause, Never))
    return judge(msgspec.structs.replace(scenario, expect=expect, never=never), played)


ALL = (0.0, 5.0)
LATE = (2.5, 4.9)


@pytest.mark.parametrize(
    ("clause", "held"),
    [
        (Expect(state="sharing_joy", between=ALL), True),
        (Expect(state="sharing_joy", between=ALL, throughout=True), False),
        (Expect(state="sharing_joy", between=LATE, throughout=True), True),
        (Expect(state="calming", between=ALL), False),
        (Expect(state="sharing_joy", between=ALL, at_most=1), True),
        (Expect(state="sharing_joy", between=ALL, at_least=2), False),
        (Expect(says="hello", between=ALL, at_least=1, at_most=1), True),
        (Expect(says="anything", between=ALL, at_least=2), True),
        (Expect(says="anything", between=ALL, at_most=1), False),
        (Expect(says="hello", between=ALL, at_most=0), False),
        (Expect(why="because you seem happy", between=ALL), True),
        (Expect(why="because you seem cross", between=ALL), False),
        (Expect(faculty="hearing", between=ALL, throughout=True), True),
        (Expect(gaze="right", between=LATE, throughout=True), True),
        (Expect(gaze="left", between=ALL), False),
        (Never(state="calming", between=ALL), True),
        (Never(state="sharing_joy", between=ALL), False),
        (Never(chirp="anything", between=ALL), False),
        (Never(mood="angry", between=ALL), True),
        (Never(state="calming", between=(4.995, 4.999)), False),
    ],
)
def test_a_demand_holds_or_not(smile, clause, held):
    (finding,) = verdict(smile, clause)
    assert finding.held is held, finding


def test_what_failed_says_what_was_there_instead(smile):
    state, words = verdict(smile, Expect(state="calming", between=ALL), Expect(says="comforting", between=ALL))
    assert state.text == "must be calming at some moment from 0 to 5 s"
    assert state.saw.startswith("alone from 0 s, noticing from 0.")
    assert "hello at " in words.saw


def test_every_kind_of_a_table_is_judged_by_itself(smile):
    findings = verdict(smile, Expect(state="sharing_joy", mood="angry", between=LATE))
    assert [(finding.kind, finding.held) for finding in findings] == [("state", True), ("mood", False)]
