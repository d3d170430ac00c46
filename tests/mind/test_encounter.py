"""The contract of delays, measured on every scenario and with every persona, and the measuring itself."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.config import Config, RobotSettings
from robot.mind.encounter import LIMITS, Delays, Encounters, Tick
from robot.mind.mind import Mind
from robot.mind.persona import PERSONAS
from robot.mind.reasons import Reasons
from tests.mind.percepts import face, health, hearing, sighting
from tests.scenario.visits import FILES, Visits

SHIPPED = sorted(file.stem for file in PERSONAS.glob("*.toml"))


@pytest.fixture(scope="module")
def delays(visits: Visits) -> list[tuple[str, str, Delays]]:
    """Persona, scenario and every encounter in it: with the scenario's own persona and with one more."""
    found = []
    for number, file in enumerate(FILES):
        for persona in (None, SHIPPED[number % len(SHIPPED)]):  # all four take too long
            scenario, played = visits.play(file, persona)
            found += [(scenario.robot.persona, file.stem, encounter) for encounter in played.mind.encounters.all]
    return found


@pytest.mark.parametrize("kind", sorted(LIMITS))
def test_the_contract_is_kept_at_p95_in_every_encounter(kind: str, delays: list[tuple[str, str, Delays]]) -> None:
    measured = 0
    for persona, file, encounter in delays:
        p95_s = encounter.quantile_s(kind, 0.95)
        if p95_s is not None:
            measured += 1
            assert p95_s <= LIMITS[kind] + 1e-6, (persona, file, encounter.of)
    assert measured >= 3, "a contract that nothing called on says nothing"


def test_quantiles_are_nearest_rank() -> None:
    encounter = Delays(0.0)
    encounter.of["glance"] = [0.3, 0.1, 0.2]
    assert encounter.quantile_s("glance", 0.5) == 0.2
    assert encounter.quantile_s("glance", 0.95) == 0.3
    assert encounter.quantile_s("answer", 0.95) is None


def test_a_late_delay_is_said_to_be_late() -> None:
    encounter = Delays(0.0, 10.0)
    encounter.of["answer"] = [1.5]
    assert "I answered a pause after 1.50 s (p95 1.50 s, once, more than 1 s)" in encounter.text()
    encounter.of["answer"] = [0.5, 0.7]
    assert "(p95 0.70 s, 2 times)" in encounter.text()
    assert "nothing called" in Delays(0.0, 1.0).text()


class Watch:
    """Feeds ticks of a tenth of a second."""

    def __init__(self) -> None:
        self.reasons = Reasons()
        self.encounters = Encounters(self.reasons)
        self.t_s = 0.0

    def go(
        self,
        count: int,
        state: str = "attending",
        cue: str | None = None,
        began_s: float | None = None,
        waits: bool = False,
        sounded: bool = False,
    ) -> None:
        for _ in range(count):
            self.t_s += 0.1
            self.encounters.step(self.t_s, Tick(state, "r0", cue, (), began_s, waits, 0.5, sounded))

    def end(self) -> Delays:
        self.go(1, state="alone")
        return self.encounters.over[-1]


def test_an_expression_is_timed_from_the_cue_to_the_state_that_answers_it() -> None:
    watch = Watch()
    watch.go(5)
    watch.go(4, cue="happy")
    watch.go(5, state="sharing_joy", cue="happy")
    assert watch.end().of["expression"] == [pytest.approx(0.4)]


def test_a_cue_that_nobody_answers_counts_against_the_contract_unless_it_was_fleeting() -> None:
    watch = Watch()
    watch.go(20, cue="sad")
    watch.go(3, cue="happy")
    watch.go(5)
    (missed_s,) = watch.end().of["expression"]
    assert missed_s == pytest.approx(2.0)


def test_silence_counts_until_the_person_gives_up() -> None:
    watch = Watch()
    watch.go(10, began_s=0.1, waits=True)
    watch.go(1, began_s=0.1, waits=True, sounded=True)
    watch.go(30, began_s=0.1, waits=True)
    watch.go(1, began_s=0.1, waits=False)
    found = watch.end()
    assert found.of["answer"] == [pytest.approx(1.5)]
    assert found.of["silence"] == [pytest.approx(1.5), pytest.approx(3.1)]


def test_an_answer_at_once_is_measured_too() -> None:
    watch = Watch()
    watch.go(3)
    watch.go(1, began_s=0.4, waits=False, sounded=True)
    assert watch.end().of["answer"] == [pytest.approx(0.5)]


def test_the_summary_is_a_reason_in_the_trace_once_an_encounter() -> None:
    watch = Watch()
    watch.go(20)
    watch.go(20, state="alone")
    told = [reason for reason in watch.reasons.drain() if reason.kind == "encounter"]
    assert len(told) == 1
    assert told[0].text.startswith("We met for 2.0 s")
    assert told[0].because == ("r0",)


def test_encounters_kept_are_bounded() -> None:
    watch = Watch()
    for _ in range(200):
        watch.go(1)
        watch.go(1, state="alone")
    assert len(watch.encounters.over) == 50


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.floats(0.2, 4.0), st.floats(0.2, 6.0)), min_size=2, max_size=4),
    st.sampled_from(SHIPPED),
    st.sampled_from(["neutral", "happiness", "sadness"]),
)
def test_however_somebody_talks_they_are_answered_in_time(
    turns: list[tuple[float, float]], persona: str, expression: str
) -> None:
    mind = Mind(Config(robot=RobotSettings(persona=persona)), Reasons(), Random(1))
    tick = 0
    talk = [(s, on) for turn in turns for s, on in zip(turn, (True, False), strict=True)]
    for duration_s, speaking in [(2.0, False), *talk]:
        for _ in range(round(duration_s * 50)):
            tick += 1
            t_s = tick / 50
            seen = sighting(tick, t_s, face(expression)) if tick % 3 == 0 else None
            hops = [hearing(tick, t_s, speaking=speaking)] if tick % 5 == 0 else []
            mind.step(t_s, seen, hops, health())
    (encounter,) = mind.encounters.all
    for kind in ("answer", "silence"):
        assert all(delay_s <= LIMITS[kind] + 1e-6 for delay_s in encounter.of[kind]), encounter.of
