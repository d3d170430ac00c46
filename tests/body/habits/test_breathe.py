import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.body.habit import HabitContext
from robot.body.habits.breathe import NECK_DEG, Breathe, breaths_per_min

TICK_S = 0.02


def breaths(arousal, seconds):
    breathe, context = Breathe(random.Random(2)), HabitContext(liveliness=1.0, arousal=arousal)
    tilt = [breathe.offsets(tick * TICK_S, context).neck_tilt_deg for tick in range(round(seconds / TICK_S))]
    return sum(a < 0.0 <= b for a, b in itertools.pairwise(tilt))


@pytest.mark.parametrize(("arousal", "expected"), [(-1.0, 9.0), (0.0, 10.5), (1.0, 12.0)])
def test_it_breathes_9_to_12_times_a_minute_by_arousal(arousal, expected):
    assert breaths(arousal, 1200.0) / 20 == pytest.approx(expected, abs=0.1)


@settings(deadline=None)
@given(st.floats(allow_nan=False))
def test_no_arousal_leaves_9_to_12(arousal):
    assert 9.0 <= breaths_per_min(arousal) <= 12.0


def test_a_change_of_pace_does_not_jump():
    breathe, before = Breathe(random.Random(3)), None
    for tick in range(3000):
        context = HabitContext(liveliness=1.0, arousal=1.0 if (tick // 50) % 2 else -1.0)
        tilt_deg = breathe.offsets(tick * TICK_S, context).neck_tilt_deg
        assert abs(tilt_deg) <= NECK_DEG
        if before is not None:
            assert abs(tilt_deg - before) < 0.06
        before = tilt_deg


def test_liveliness_makes_it_deeper():
    def deepest(liveliness):
        breathe = Breathe(random.Random(1))
        context = HabitContext(liveliness=liveliness)
        return max(breathe.offsets(tick * TICK_S, context).neck_tilt_deg for tick in range(600))

    assert deepest(0.3) == pytest.approx(0.3 * deepest(1.0))
