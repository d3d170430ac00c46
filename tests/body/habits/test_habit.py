import random
from math import isfinite

import pytest

from hardware.ports import JointAngles
from robot.body.catalogue import names
from robot.body.habit import HabitContext, build_habits
from robot.body.joints import values_deg
from robot.config import MotionSettings
from robot.errors import ConfigError

TICK_S = 0.02
HABITS = names("robot.body.habits")


def play(name, context, seconds, seed=1):
    (habit,) = build_habits((name,), random.Random(seed))
    return [habit.offsets(tick * TICK_S, context) for tick in range(round(seconds / TICK_S))]


@pytest.mark.parametrize("name", HABITS)
def test_reduced_motion_stills_every_habit(name):
    assert set(play(name, HabitContext(liveliness=0.0), 60.0)) == {JointAngles()}


@pytest.mark.parametrize("name", HABITS)
def test_a_lively_robot_alone_shows_every_habit(name):
    assert len(set(play(name, HabitContext(liveliness=1.0, state="alone"), 120.0))) > 1


@pytest.mark.parametrize("name", HABITS)
def test_the_same_seed_gives_the_same_habit_and_another_seed_another(name):
    lively = HabitContext(liveliness=1.0, state="alone")
    assert play(name, lively, 120.0, seed=3) == play(name, lively, 120.0, seed=3)
    assert play(name, lively, 120.0, seed=3) != play(name, lively, 120.0, seed=4)


@pytest.mark.parametrize("name", HABITS)
def test_every_offset_is_a_number(name):
    context = HabitContext(liveliness=1.0, arousal=1.0, speaking=True, gaze_pan_deg=float("nan"))
    assert all(isfinite(value) for angles in play(name, context, 20.0) for value in values_deg(angles))


def test_one_habit_more_does_not_change_the_ones_before():
    context = HabitContext(liveliness=1.0)
    alone = build_habits(("blink",), random.Random(5))[0]
    together = build_habits(("blink", "breathe", "glance"), random.Random(5))[0]
    for tick in range(3000):
        assert alone.offsets(tick * TICK_S, context) == together.offsets(tick * TICK_S, context)


def test_the_default_habits_are_all_there():
    assert len(build_habits(MotionSettings().habits, random.Random(1))) == len(HABITS) == 5


def test_an_unknown_habit_is_refused():
    with pytest.raises(ConfigError, match="'shrug'"):
        build_habits(("shrug",), random.Random(1))
