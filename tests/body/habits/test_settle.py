import itertools
import random

import pytest

from robot.body.habit import HabitContext
from robot.body.habits.settle import BUSY_S, GAP_S, NECK_PAN_DEG, NECK_TILT_DEG, Settle

TICK_S = 0.02


def shifts(seconds, context_at, seed=4):
    """When the lean changed, with each new lean."""
    settle, found, before = Settle(random.Random(seed)), [], None
    for tick in range(round(seconds / TICK_S)):
        lean = settle.offsets(tick * TICK_S, context_at(tick * TICK_S))
        if before is not None and lean != before:
            found.append((tick * TICK_S, lean))
        before = lean
    return found


def test_it_shifts_now_and_then_and_stays_so():
    found = shifts(1800.0, lambda t_s: HabitContext(liveliness=1.0))
    assert 1800.0 / GAP_S[1] <= len(found) <= 1800.0 / GAP_S[0]
    for (one_s, _), (other_s, _) in itertools.pairwise(found):
        assert GAP_S[0] - TICK_S <= other_s - one_s <= GAP_S[1] + TICK_S


@pytest.mark.parametrize("liveliness", [0.3, 1.0])
def test_the_shift_is_small_and_to_both_sides(liveliness):
    leans = [lean for _, lean in shifts(3600.0, lambda t_s: HabitContext(liveliness=liveliness))]
    assert min(lean.neck_pan_deg for lean in leans) < 0 < max(lean.neck_pan_deg for lean in leans)
    assert all(abs(lean.neck_pan_deg) <= liveliness * NECK_PAN_DEG for lean in leans)
    assert all(abs(lean.neck_tilt_deg) <= liveliness * NECK_TILT_DEG for lean in leans)
    assert all(lean.lid_left_deg == lean.eyes_pan_deg == lean.jaw_deg == 0.0 for lean in leans)


def test_it_does_not_fidget_while_it_speaks_nor_just_after():
    def talking(t_s):
        return HabitContext(liveliness=1.0, speaking=t_s % 100.0 < 60.0)

    found = shifts(3600.0, talking)
    assert len(found) > 10
    assert all(t_s % 100.0 >= 60.0 + BUSY_S - 2 * TICK_S for t_s, _ in found)
