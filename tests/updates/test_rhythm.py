"""When robots look: spread out, at most once an hour each, and seldom where a server is in trouble."""

import random
from itertools import pairwise

import pytest

from robot.updates.rhythm import HOUR_S, Rhythm, Schedule

ROBOTS = 1000
DAY_S = 24 * HOUR_S


def looks_of_a_day(seed: int, works: bool) -> list[float]:
    """When one robot that starts at 0 looks on its first day."""
    schedule = Schedule(Rhythm(), random.Random(seed))
    t_s = schedule.first_s(None)
    looks = []
    while t_s < DAY_S:
        looks.append(t_s)
        t_s += schedule.next_s(works)
    return looks


def test_f13_a_thousand_robots_that_get_power_together_do_not_ask_together():
    firsts = sorted(looks_of_a_day(seed, works=True)[0] for seed in range(ROBOTS))
    busiest = max(sum(1 for first in firsts if begin <= first < begin + 10) for begin in range(600))
    assert firsts[-1] <= 600
    assert busiest < 40


def test_f13_no_robot_asks_more_than_once_an_hour_whatever_the_server_says():
    for seed in range(200):
        for works in (True, False):
            looks = looks_of_a_day(seed, works)
            assert all(later - earlier >= HOUR_S for earlier, later in pairwise(looks))


def test_f13_a_server_in_trouble_is_asked_ever_more_seldom_and_by_nobody_at_the_same_time():
    days = [looks_of_a_day(seed, works=False) for seed in range(ROBOTS)]
    assert all(len(looks) <= 5 for looks in days)
    last = sorted(looks[-1] for looks in days)
    busiest = max(sum(1 for look in last if begin <= look < begin + 60) for begin in range(0, 86_400, 60))
    assert busiest < 40


def test_a_good_day_has_a_look_every_six_hours_or_so():
    assert {len(looks_of_a_day(seed, works=True)) for seed in range(200)} <= {4, 5}


def test_after_one_that_works_the_waits_are_short_again():
    schedule = Schedule(Rhythm(), random.Random(1))
    for _ in range(6):
        schedule.next_s(worked=False)
    schedule.next_s(worked=True)
    assert schedule.next_s(worked=False) <= 1.5 * HOUR_S


@pytest.mark.parametrize(("since_s", "least_s"), [(0.0, HOUR_S), (1800.0, 1800.0), (3600.0, 0.0), (-5.0, 0.0)])
def test_f13_a_service_that_is_started_again_and_again_looks_no_more_often(since_s: float, least_s: float):
    waits = [Schedule(Rhythm(), random.Random(seed)).first_s(since_s) for seed in range(50)]
    assert min(waits) >= least_s
    assert max(waits) <= least_s + 600
