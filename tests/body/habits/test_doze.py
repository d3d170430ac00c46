import itertools
import random

import pytest

from hardware.ports import JointAngles
from robot.body.habit import HabitContext
from robot.body.habits.doze import DROWSY_AFTER_S, HEAVY_AFTER_S, LID_DEG, NECK_DEG, NOD_DEG, NOD_EVERY_S, NOD_S, Doze

TICK_S = 0.02
ALONE = HabitContext(liveliness=0.5, state="alone")


def dozed(seconds, context=ALONE, doze=None):
    doze = doze if doze is not None else Doze(random.Random(4))
    return [doze.offsets(tick * TICK_S, context) for tick in range(round(seconds / TICK_S))]


def test_at_first_it_is_wide_awake():
    assert set(dozed(DROWSY_AFTER_S)) == {JointAngles()}


def test_then_its_lids_grow_heavy_and_never_lighter():
    lids = [angles.lid_left_deg for angles in dozed(HEAVY_AFTER_S + 20.0)]
    assert all(after <= before for before, after in itertools.pairwise(lids))
    assert lids[-1] == LID_DEG
    assert all(angles.lid_left_deg == angles.lid_right_deg for angles in dozed(HEAVY_AFTER_S))


def test_it_nods_and_starts_up_again():
    necks = [angles.neck_tilt_deg for angles in dozed(HEAVY_AFTER_S + 300.0)][round(HEAVY_AFTER_S / TICK_S) :]
    starts = sum(after - before > 0.5 * -NOD_DEG for before, after in itertools.pairwise(necks))
    assert 300.0 / (NOD_EVERY_S[1] + NOD_S) - 2 <= starts <= 300.0 / NOD_EVERY_S[0]
    assert min(necks) >= NECK_DEG + NOD_DEG - 1e-9
    assert max(necks) == pytest.approx(NECK_DEG)


@pytest.mark.parametrize("state", ["noticing", "attending", "asleep"])
def test_whoever_comes_wakes_it_at_once_and_then_it_takes_as_long_again(state):
    doze = Doze(random.Random(4))
    assert dozed(HEAVY_AFTER_S, ALONE, doze)[-1].lid_left_deg < -10.0
    assert doze.offsets(HEAVY_AFTER_S, HabitContext(liveliness=0.5, state=state)) == JointAngles()
    later = [doze.offsets(HEAVY_AFTER_S + 0.02 + tick * TICK_S, ALONE) for tick in range(round(30.0 / TICK_S))]
    assert set(later) == {JointAngles()}


def test_in_company_it_never_dozes():
    assert set(dozed(300.0, HabitContext(liveliness=1.0, state="attending"))) == {JointAngles()}
