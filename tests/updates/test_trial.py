"""The gate: a candidate is kept only when it has proved itself, and dropped as soon as it has failed."""

import pytest

from hardware.clock import SteppedClock
from robot.updates.trial import Gate, Trial


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def trial(clock: SteppedClock) -> Trial:
    return Trial(budget_ms=20, gate=Gate(), clock=clock)


def answers(trial: Trial, clock: SteppedClock, count: int, took_ms: float = 10, **how: bool) -> None:
    for _ in range(count):
        clock.wait_s(1)
        trial.answered(took_ms, **how)


def test_ten_minutes_of_good_answers_are_enough(trial: Trial, clock: SteppedClock):
    answers(trial, clock, 599)
    assert trial.verdict().decision == "going"
    answers(trial, clock, 1)
    assert trial.verdict().decision == "keep"


def test_time_alone_proves_nothing(trial: Trial, clock: SteppedClock):
    answers(trial, clock, 99)
    clock.wait_s(86_400)
    assert trial.verdict().decision == "going"
    answers(trial, clock, 1)
    assert trial.verdict().decision == "keep"


def test_f37_more_than_one_answer_in_a_hundred_that_fails_is_too_much(trial: Trial, clock: SteppedClock):
    answers(trial, clock, 200)
    trial.failed()
    trial.failed()
    assert trial.verdict().decision == "going"
    trial.failed()
    assert trial.verdict() == trial.verdict()
    assert (trial.verdict().decision, trial.verdict().reason) == ("drop", "3 of 203 answers failed")


def test_one_failure_among_the_first_few_answers_does_not_decide(trial: Trial, clock: SteppedClock):
    answers(trial, clock, 3)
    trial.failed()
    assert trial.verdict().decision == "going"


def test_f38_a_model_five_times_too_slow_is_dropped(trial: Trial, clock: SteppedClock):
    answers(trial, clock, 25, took_ms=100)
    assert trial.verdict().decision == "drop"
    assert "takes 100 ms" in trial.verdict().reason


def test_f38_a_few_slow_answers_do_not_decide(trial: Trial, clock: SteppedClock):
    answers(trial, clock, 580)
    answers(trial, clock, 20, took_ms=500)
    assert trial.verdict().decision == "keep"


def test_f51_time_in_which_the_machine_is_throttled_is_not_held_against_the_model(trial: Trial, clock: SteppedClock):
    answers(trial, clock, 600, took_ms=100, throttled=True)
    assert trial.verdict().decision == "keep"


def test_f39_a_death_of_its_process_decides_at_any_time(trial: Trial, clock: SteppedClock):
    answers(trial, clock, 300)
    trial.died()
    assert trial.verdict().decision == "drop"
