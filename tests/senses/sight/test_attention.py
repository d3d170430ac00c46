"""Looking or away with hysteresis, shut eyes, talk, leaning: over a second or two of one head's points."""

import pytest

from robot.messages import Intensities, Regard
from robot.senses.sight.attention import BLINK_S, FAR_DEG, LOOKS_TO_CHANGE, NEAR_DEG, OPEN, SHUT, Attending
from tests.senses.sight.heads import Head

LOOK_S = 0.1
SIDE_PX = 120.0
BETWEEN_DEG = (NEAR_DEG[0] + FAR_DEG[0]) / 2
AWAY = Head(pan_deg=40.0)


class Person:
    """One face, looked at ten times a second."""

    def __init__(self) -> None:
        self.attending = Attending(track=1)
        self.t_s = 0.0

    def holds(self, head: Head, seconds: float, side_px: float = SIDE_PX) -> Regard:
        """Hold the head so; gives how it is read in the end."""
        for _ in range(max(1, round(seconds / LOOK_S))):
            self.t_s += LOOK_S
            regard, _ = self.attending.step(self.t_s, head.marks(), side_px, None)
        return regard


def after(*held: tuple[Head, float]) -> Regard:
    """A head that is held one way after the other, and how it is read in the end."""
    person = Person()
    return [person.holds(head, seconds) for head, seconds in held][-1]


def test_a_head_and_eyes_turned_to_the_robot_look_at_it():
    regard = after((Head(), 1.0))
    assert regard.looking
    assert (regard.gaze_pan_deg, regard.gaze_tilt_deg) == pytest.approx((0.0, 0.0), abs=0.2)


@pytest.mark.parametrize(
    "head",
    [
        Head(pan_deg=40.0),
        Head(pan_deg=-40.0),
        Head(tilt_deg=-30.0),
        Head(eyes_pan_deg=28.0),
        Head(pan_deg=10.0, eyes_pan_deg=20.0),
    ],
)
def test_a_head_or_eyes_turned_away_do_not(head):
    assert not after((Head(), 1.0), (head, 1.0)).looking


@pytest.mark.parametrize("head", [Head(pan_deg=20.0, eyes_pan_deg=-25.0), Head(roll_deg=25.0)])
def test_eyes_that_come_back_from_a_turned_head_and_a_tilted_head_look(head):
    assert after((head, 1.0)).looking


@pytest.mark.parametrize("before", [Head(), AWAY])
def test_between_the_bounds_it_stays_what_it_was(before):
    regard = after((before, 1.0), (Head(pan_deg=BETWEEN_DEG), 2.0))
    assert regard.looking is (before is not AWAY)
    assert regard.gaze_pan_deg == pytest.approx(BETWEEN_DEG, abs=0.5)


def test_one_stray_look_changes_nothing_and_a_gaze_at_the_edge_does_not_flicker():
    assert LOOKS_TO_CHANGE >= 2
    assert after((Head(), 1.0), (AWAY, LOOK_S)).looking
    person, seen = Person(), []
    person.holds(Head(), 1.0)
    for index in range(40):
        jitter_deg = 2.0 if index % 2 else -2.0
        seen.append(person.holds(Head(pan_deg=NEAR_DEG[0] + jitter_deg), LOOK_S).looking)
    assert all(seen)


def test_it_is_surer_the_further_inside_or_outside():
    assert after((Head(), 1.0)).sure > after((Head(), 1.0), (Head(pan_deg=10.0), 1.0)).sure
    assert after((AWAY, 1.0)).sure > after((Head(pan_deg=-14.0), 1.0)).sure


def test_a_blink_is_no_look_away_and_shut_eyes_are():
    assert BLINK_S < 1.0
    shut = Head(lids=0.04)
    blink = after((Head(), 1.0), (shut, 0.3))
    assert (blink.eyes_closed, blink.looking) == (True, True)
    asleep = after((Head(), 1.0), (shut, 1.5))
    assert (asleep.eyes_closed, asleep.looking) == (True, False)
    awake = after((Head(), 1.0), (shut, 1.5), (Head(), 0.3))
    assert (awake.eyes_closed, awake.looking) == (False, True)


def test_lids_have_two_bounds_and_behind_them_the_gaze_stays_where_it_was():
    halfway = Head(lids=(SHUT + OPEN) / 2)
    assert not after((Head(), 1.0), (halfway, 0.5)).eyes_closed
    assert after((Head(lids=0.05), 1.0), (halfway, 0.5)).eyes_closed
    seen = after((Head(eyes_pan_deg=8.0), 1.0), (Head(eyes_pan_deg=-35.0, lids=0.05), 0.3))
    assert seen.gaze_pan_deg == pytest.approx(8.0, abs=0.5)


def test_lips_that_go_to_and_fro_talk_and_one_yawn_does_not():
    person = Person()
    person.holds(Head(), 0.5)
    talks = [person.holds(Head(lips=lips), 0.2).talking for lips in (0.05, 0.01, 0.06, 0.0, 0.05, 0.01)]
    assert talks[-1]
    assert person.holds(Head(), 0.3).talking, "a pause between two words is no end"
    assert not person.holds(Head(), 2.0).talking
    assert not after((Head(), 0.5), (Head(lips=0.3), 1.0), (Head(), 0.3)).talking


def test_the_mouth_is_as_open_as_it_is():
    assert after((Head(lips=0.2), 0.3)).mouth == pytest.approx(0.2, abs=0.01)


def test_leaning_is_told_to_the_usual_size_and_turning_is_no_lean():
    assert after((Head(), 4.0), (Head(size=1.3), 0.3)).lean == pytest.approx(1.3, abs=0.03)
    assert after((Head(), 4.0), (Head(size=0.8), 0.3)).lean == pytest.approx(0.8, abs=0.03)
    assert after((Head(), 4.0), (Head(pan_deg=35.0, tilt_deg=10.0), 0.3)).lean == pytest.approx(1.0, abs=0.03)
    assert after((Head(), 4.0), (Head(size=1.3), 40.0)).lean == pytest.approx(1.0, abs=0.03), "it becomes the usual one"


@pytest.mark.parametrize(
    ("worse", "side_px"),
    [(Head(), 30.0), (Head(presence=0.6), SIDE_PX), (Head(pan_deg=55.0), SIDE_PX)],
)
def test_a_small_doubtful_or_turned_face_is_told_less_well(worse, side_px):
    person = Person()
    good = person.holds(Head(), 0.5).quality
    assert person.holds(worse, 0.5, side_px).quality < 0.6 * good


def test_gestures_of_the_head_come_with_its_number_and_quality():
    person, told = Person(), []
    person.holds(Head(), 1.0)
    for tilt_deg in (-9.0, 9.0, -9.0, 9.0, -9.0, 0.0):
        for _ in range(2):
            person.t_s += LOOK_S
            _, gestures = person.attending.step(person.t_s, Head(tilt_deg=tilt_deg).marks(), SIDE_PX, None)
            told += gestures
    assert [(one.kind, one.track) for one in told] == [("nod", 1)]
    assert told[0].quality == pytest.approx(person.attending.last.quality, abs=0.1)


def test_intensities_are_passed_on_as_they_are():
    felt = Intensities(0.8, 0.1, 0.2, 0.3)
    regard, _ = Attending(1).step(0.0, Head().marks(), SIDE_PX, felt)
    assert regard.intensities == felt
