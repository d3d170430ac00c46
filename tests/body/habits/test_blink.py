import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.body.habit import HabitContext
from robot.body.habits.blink import EVENT_WINDOW_S, SHORTEST_GAP_S, SHUT_S, Blink

TICK_S = 0.02
HOUR_S = 3600.0


def blinks_s(context_at, seconds, seed=1):
    """When each blink began."""
    blink, shut, starts_s = Blink(random.Random(seed)), False, []
    for tick in range(round(seconds / TICK_S)):
        t_s = tick * TICK_S
        closing = blink.offsets(t_s, context_at(t_s)).lid_left_deg < 0
        if closing and not shut:
            starts_s.append(t_s)
        shut = closing
    return starts_s


@pytest.mark.parametrize("liveliness", [0.05, 0.36, 1.0])
def test_at_rest_it_blinks_8_to_21_times_a_minute_over_an_hour(liveliness):
    context = HabitContext(liveliness=liveliness)
    assert 8 <= len(blinks_s(lambda t_s: context, HOUR_S)) / 60 <= 21


@pytest.mark.parametrize("liveliness", [0.05, 0.36, 1.0])
def test_talking_it_blinks_10_to_32_times_a_minute_over_an_hour(liveliness):
    context = HabitContext(liveliness=liveliness, speaking=True)
    assert 10 <= len(blinks_s(lambda t_s: context, HOUR_S)) / 60 <= 32


def test_talk_in_short_turns_stays_inside_both_ranges_over_an_hour():
    def turns(t_s):
        return HabitContext(liveliness=1.0, speaking=t_s % 4.0 < 2.0, gaze_pan_deg=20.0 * (t_s % 3.0 < 1.5))

    assert 10 <= len(blinks_s(turns, HOUR_S)) / 60 <= 32


def test_talking_blinks_more_than_resting():
    resting, talking = HabitContext(liveliness=1.0), HabitContext(liveliness=1.0, speaking=True)
    assert len(blinks_s(lambda t_s: talking, 600.0)) > 1.2 * len(blinks_s(lambda t_s: resting, 600.0))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.booleans(), min_size=1, max_size=50))
def test_whatever_happens_no_minute_has_more_than_32_and_blinks_keep_apart(seed, flips):
    def nervous(t_s):
        place = int(t_s * 5) % len(flips)
        return HabitContext(liveliness=1.0, speaking=flips[place], gaze_pan_deg=30.0 * flips[-1 - place])

    starts_s = blinks_s(nervous, 150.0, seed)
    for start_s in starts_s:
        assert sum(start_s <= other_s < start_s + 60.0 for other_s in starts_s) <= 32
    gaps_s = [b - a for a, b in itertools.pairwise(starts_s)]
    assert all(gap_s >= SHORTEST_GAP_S - 0.021 for gap_s in gaps_s)


@pytest.mark.parametrize("change", ["speech starts", "gaze shifts"])
def test_most_changes_bring_a_blink_at_once(change):
    hits = 0
    for seed in range(200):
        changed = {"speech starts": {"speaking": True}, "gaze shifts": {"gaze_pan_deg": 20.0}}[change]
        before, after = HabitContext(liveliness=1.0), HabitContext(liveliness=1.0, **changed)
        starts_s = blinks_s(lambda t_s, a=after, b=before: a if t_s >= 1.0 else b, 1.0 + EVENT_WINDOW_S + TICK_S, seed)
        hits += any(start_s >= 1.0 for start_s in starts_s)
    assert 0.6 < hits / 200 < 0.95


def test_a_small_sway_of_the_gaze_is_no_event():
    still = blinks_s(lambda t_s: HabitContext(liveliness=1.0), 300.0, seed=7)
    swaying = blinks_s(lambda t_s: HabitContext(liveliness=1.0, gaze_pan_deg=5.0 * (int(t_s) % 2)), 300.0, seed=7)
    assert swaying == still


def test_both_lids_shut_together_and_only_for_a_moment():
    blink, context = Blink(random.Random(1)), HabitContext(liveliness=1.0)
    offsets = [blink.offsets(tick * TICK_S, context) for tick in range(3000)]
    assert all(offset.lid_left_deg == offset.lid_right_deg for offset in offsets)
    runs, shut_ticks = [], 0
    for offset in offsets:
        if offset.lid_left_deg < 0:
            shut_ticks += 1
        elif shut_ticks:
            runs.append(shut_ticks)
            shut_ticks = 0
    assert runs
    assert all(abs(run * TICK_S - SHUT_S) <= TICK_S for run in runs)
