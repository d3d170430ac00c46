from dataclasses import replace
from itertools import pairwise
from math import atan, degrees, radians, tan

import pytest

from robot.messages import Box, SeenFace
from robot.mind.attention import CAMERA_FIELD_OF_VIEW_DEG, NOBODY, Attention, Focus, gaze_deg
from tests.mind.percepts import face, sighting

FRAME_S = 1 / 15
HALF_WIDTH = tan(radians(CAMERA_FIELD_OF_VIEW_DEG) / 2)


class Onlooker:
    """Shows pictures to an attention at 15 frames a second."""

    def __init__(self) -> None:
        self.attention = Attention()
        self.t_s = 0.0
        self.count = 0
        self.tracks: list[int | None] = []

    def show(self, duration_s: float, *faces: SeenFace) -> Focus:
        focus = self.attention.step(self.t_s, None)
        for _ in range(max(1, round(duration_s / FRAME_S))):
            self.count += 1
            self.t_s += FRAME_S
            focus = self.attention.step(self.t_s, sighting(self.count, self.t_s, *faces))
            self.tracks.append(focus.face.track if focus.face else None)
        return focus


def switches(tracks: list[int | None]) -> int:
    seen = [track for track in tracks if track is not None]
    return sum(before != after for before, after in pairwise(seen))


def test_nobody_in_view_is_nobody() -> None:
    focus = Onlooker().show(1.0)
    assert (focus.visit, focus.face, focus.faces, focus.looked) == (0, None, 0, True)
    assert (focus.pan_deg, focus.tilt_deg) == (0.0, 0.0)


def test_without_a_new_picture_there_is_no_face_but_the_gaze_stays() -> None:
    onlooker = Onlooker()
    there = onlooker.show(0.5, face(x=0.2))
    later = onlooker.attention.step(onlooker.t_s + 0.02, None)
    assert (later.face, later.looked, later.visit) == (None, False, there.visit)
    assert later.pan_deg == there.pan_deg
    assert onlooker.attention.step(onlooker.t_s + 0.04, None) is later


def test_the_largest_face_is_attended_first() -> None:
    focus = Onlooker().show(FRAME_S, face(size=0.2, x=0.2, track=1), face(size=0.4, x=0.7, track=2))
    assert focus.face is not None
    assert focus.face.track == 2
    assert focus.faces == 2


def test_a_slightly_larger_newcomer_does_not_take_over() -> None:
    onlooker = Onlooker()
    onlooker.show(1.0, face(size=0.3, x=0.25, track=1))
    focus = onlooker.show(5.0, face(size=0.3, x=0.25, track=1), face(size=0.36, x=0.75, track=2))
    assert focus.face is not None
    assert focus.face.track == 1
    assert focus.visit == 1


def test_a_clearly_nearer_newcomer_takes_over_after_a_while() -> None:
    onlooker = Onlooker()
    onlooker.show(1.0, face(size=0.2, x=0.25, track=1))
    pair = (face(size=0.2, x=0.25, track=1), face(size=0.4, x=0.75, track=2))
    before = onlooker.show(0.5, *pair)
    after = onlooker.show(0.5, *pair)
    assert before.face is not None
    assert after.face is not None
    assert (before.face.track, after.face.track) == (1, 2)
    assert after.visit == before.visit + 1


def test_faces_that_change_size_all_the_time_cause_no_ping_pong() -> None:
    onlooker = Onlooker()
    for turn in range(40):
        one, two = (0.2, 0.3) if turn % 2 else (0.3, 0.2)
        onlooker.show(0.3, face(size=one, x=0.25, track=1), face(size=two, x=0.75, track=2))
    assert switches(onlooker.tracks) == 0


def test_a_face_missing_for_a_blink_is_waited_for() -> None:
    onlooker = Onlooker()
    small, large = face(size=0.25, x=0.2, track=2), face(size=0.3, x=0.7, track=1)
    onlooker.show(1.0, large, small)
    assert onlooker.show(0.3, small).face is None
    focus = onlooker.show(0.2, large, small)
    assert focus.face is not None
    assert focus.face.track == 1
    assert focus.visit == 1


def test_a_face_that_stays_away_yields_to_the_other() -> None:
    onlooker = Onlooker()
    small, large = face(size=0.25, x=0.2, track=2), face(size=0.3, x=0.7, track=1)
    onlooker.show(1.0, large, small)
    focus = onlooker.show(1.0, small)
    assert focus.face is not None
    assert focus.face.track == 2
    assert focus.visit == 2


def test_a_new_track_in_the_same_place_is_the_same_visit() -> None:
    onlooker = Onlooker()
    onlooker.show(1.0, face(x=0.4, track=1))
    onlooker.show(0.6)
    focus = onlooker.show(0.2, face(x=0.45, track=9))
    assert focus.face is not None
    assert (focus.face.track, focus.visit) == (9, 1)


@pytest.mark.parametrize("newcomer", [face(x=0.9, track=9), face(x=0.4, size=0.1, track=9)])
def test_a_new_track_elsewhere_or_of_another_size_is_somebody_else(newcomer: SeenFace) -> None:
    onlooker = Onlooker()
    onlooker.show(1.0, face(x=0.4, track=1))
    onlooker.show(0.6)
    assert onlooker.show(1.0, newcomer).visit == 2


@pytest.mark.parametrize("track", [1, 9])
def test_whoever_comes_after_a_long_absence_is_a_new_visit(track: int) -> None:
    onlooker = Onlooker()
    onlooker.show(1.0, face(track=1))
    onlooker.show(2.5)
    assert onlooker.show(0.2, face(track=track)).visit == 2


def test_the_middle_of_the_picture_is_straight_ahead() -> None:
    assert gaze_deg(Box(0.4, 0.4, 0.2, 0.2), 640, 480, HALF_WIDTH) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("x", "y", "pan_deg", "tilt_deg"),
    [
        (0.0, 0.5, 31.0, 0.0),
        (1.0, 0.5, -31.0, 0.0),
        (0.5, 0.0, 0.0, degrees(atan(HALF_WIDTH * 0.75))),
        (0.5, 1.0, 0.0, -degrees(atan(HALF_WIDTH * 0.75))),
        (-3.0, 0.5, 31.0, 0.0),
    ],
)
def test_the_edges_of_the_picture_are_the_edges_of_the_view(
    x: float, y: float, pan_deg: float, tilt_deg: float
) -> None:
    pan, tilt = gaze_deg(Box(x - 0.1, y - 0.1, 0.2, 0.2), 640, 480, HALF_WIDTH)
    assert pan == pytest.approx(pan_deg, abs=0.01)
    assert tilt == pytest.approx(tilt_deg, abs=0.01)


def test_memory_of_tracks_does_not_grow() -> None:
    onlooker = Onlooker()
    for number in range(300):
        onlooker.show(FRAME_S, face(track=number, x=0.1 + 0.8 * (number % 7) / 7))
    onlooker.show(3.0)
    assert onlooker.attention._first_seen_s == {}
    assert onlooker.attention._last_seen_s == {}


def test_a_voice_is_that_of_the_one_whose_lips_move() -> None:
    two = replace(NOBODY, visit=1, faces=2, people=(4, 5), person=4)
    assert two.voice_share == 0.5
    assert replace(two, talkers=(4,)).voice_share == 1.0
    assert replace(two, talkers=(5,)).voice_share < 0.2
    assert replace(two, talkers=(4, 5)).voice_share == 0.5
    assert replace(two, people=(4,), talkers=()).voice_share == 1.0
