import random

from robot.body.habit import HabitContext
from robot.body.habits.glance import AWAY_S, LOOK_S, PAN_DEG, Glance

TICK_S = 0.02


def spans(seconds, context):
    """(aside or not, how long) one after the other."""
    glance, found = Glance(random.Random(4)), []
    for tick in range(round(seconds / TICK_S)):
        aside = glance.offsets(tick * TICK_S, context).eyes_pan_deg != 0.0
        if found and found[-1][0] == aside:
            found[-1][1] += TICK_S
        else:
            found.append([aside, TICK_S])
    return found[:-1]


def test_it_looks_as_long_as_people_like_and_away_for_a_moment():
    found = spans(600.0, HabitContext(liveliness=1.0))
    assert len(found) > 100
    for aside, span_s in found:
        shortest_s, longest_s = AWAY_S if aside else LOOK_S
        assert shortest_s - 2 * TICK_S <= span_s <= longest_s + 2 * TICK_S


def test_only_the_eyes_move_and_not_far():
    glance, context = Glance(random.Random(4)), HabitContext(liveliness=0.5)
    for tick in range(3000):
        offset = glance.offsets(tick * TICK_S, context)
        assert abs(offset.eyes_pan_deg) <= 0.5 * PAN_DEG[1]
        assert offset.neck_pan_deg == offset.neck_tilt_deg == offset.lid_left_deg == 0.0


def test_it_glances_to_both_sides():
    glance, context = Glance(random.Random(4)), HabitContext(liveliness=1.0)
    pans = {glance.offsets(tick * TICK_S, context).eyes_pan_deg for tick in range(6000)}
    assert min(pans) < 0 < max(pans)


def test_something_new_to_look_at_ends_the_glance():
    glance, tick = Glance(random.Random(4)), 0
    while glance.offsets(tick * TICK_S, HabitContext(liveliness=1.0)).eyes_pan_deg == 0.0:
        tick += 1
    moved = HabitContext(liveliness=1.0, gaze_pan_deg=25.0)
    for later in range(round(LOOK_S[0] / TICK_S)):
        assert glance.offsets((tick + 1 + later) * TICK_S, moved).eyes_pan_deg == 0.0
