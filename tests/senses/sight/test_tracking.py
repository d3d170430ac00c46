"""A face keeps its number while it stays in view, and gives it to no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.senses.sight.blazeface import Detection
from robot.senses.sight.tracking import KEEP_S, Tracker

LOOK_S = 1 / 15


def face(x: float, y: float = 0.5, side: float = 0.2) -> Detection:
    """A face whose box has this middle and side."""
    return Detection((x - side / 2, y - side / 2, side, side), 0.9, ((x, y),) * 6)


def numbers(tracker: Tracker, t_s: float, *faces: Detection) -> list[int]:
    return [track.number for track in tracker.update(t_s, faces)]


def test_each_new_face_gets_the_next_number():
    assert numbers(Tracker(), 0.0, face(0.2), face(0.8)) == [1, 2]


def test_tracks_come_in_the_order_of_the_faces_and_hold_them():
    tracker = Tracker()
    left, right = face(0.2), face(0.8)
    tracker.update(0.0, [left, right])

    tracks = tracker.update(LOOK_S, [right, left])

    assert [track.number for track in tracks] == [2, 1]
    assert [track.detection for track in tracks] == [right, left]


def test_a_face_that_walks_through_the_picture_keeps_its_number():
    tracker = Tracker()

    seen = {number for look in range(40) for number in numbers(tracker, look * LOOK_S, face(0.1 + 0.02 * look))}

    assert seen == {1}


def test_a_face_that_comes_nearer_keeps_its_number():
    tracker = Tracker()

    seen = {
        number for look in range(40) for number in numbers(tracker, look * LOOK_S, face(0.5, side=0.08 * 1.05**look))
    }

    assert seen == {1}


@pytest.mark.parametrize("hidden_s", [0.1, 0.3, 0.5])
def test_a_face_hidden_for_half_a_second_is_the_same_when_it_comes_back(hidden_s):
    tracker = Tracker()
    for look in range(5):
        assert numbers(tracker, look * LOOK_S, face(0.5)) == [1]

    assert numbers(tracker, 4 * LOOK_S + hidden_s / 2) == []
    assert numbers(tracker, 4 * LOOK_S + hidden_s, face(0.53)) == [1]


def test_a_walking_face_hidden_for_a_moment_is_awaited_where_it_should_come_out():
    tracker = Tracker()
    looks = list(range(30))
    walk = {look: 0.1 + 0.025 * look for look in looks}  # 0.375 widths a second: a brisk pass two metres away
    hidden = range(12, 19)

    seen = set()
    for look in looks:
        faces = [] if look in hidden else [face(walk[look])]
        seen.update(numbers(tracker, look * LOOK_S, *faces))

    assert seen == {1}


def test_a_face_that_stops_while_hidden_is_still_itself():
    tracker = Tracker()
    for look in range(10):
        tracker.update(look * LOOK_S, [face(0.2 + 0.02 * look)])

    assert numbers(tracker, 9 * LOOK_S + 0.4, face(0.39)) == [1]


def test_after_a_while_a_face_is_a_new_one():
    tracker = Tracker()
    tracker.update(0.0, [face(0.5)])

    assert numbers(tracker, KEEP_S + 0.1, face(0.5)) == [2]
    assert tracker.waiting == 1


def test_a_face_somewhere_else_is_a_new_one():
    tracker = Tracker()
    tracker.update(0.0, [face(0.1)])

    assert numbers(tracker, LOOK_S, face(0.9)) == [2]


def test_a_face_of_quite_another_size_is_a_new_one():
    tracker = Tracker()
    tracker.update(0.0, [face(0.5, side=0.4)])

    assert numbers(tracker, LOOK_S, face(0.5, side=0.1)) == [2]


@pytest.mark.parametrize("apart", [0.0, 0.05])
def test_two_faces_that_cross_keep_their_numbers(apart):
    tracker = Tracker()

    for look in range(41):
        right, left = face(0.2 + 0.015 * look, 0.5 - apart), face(0.8 - 0.015 * look, 0.5 + apart)
        tracks = tracker.update(look * LOOK_S, [right, left])
        if look == 20:
            continue  # in the very middle nobody could tell
        assert [track.number for track in tracks] == [1, 2], look


def test_two_faces_that_cross_one_behind_the_other_keep_their_numbers():
    tracker = Tracker()

    for look in range(41):
        front, behind = face(0.2 + 0.015 * look, side=0.2), face(0.8 - 0.015 * look, side=0.17)
        hidden = abs(front.box[0] - behind.box[0]) < 0.12
        tracks = tracker.update(look * LOOK_S, [front] if hidden else [front, behind])
        assert [track.number for track in tracks] == ([1] if hidden else [1, 2]), look


def test_a_moving_camera_widens_the_search():
    still, moving = Tracker(), Tracker()
    for tracker in (still, moving):
        tracker.update(0.0, [face(0.3)])

    assert [track.number for track in still.update(LOOK_S, [face(0.58)])] == [2]
    assert [track.number for track in moving.update(LOOK_S, [face(0.58)], reach_factor=2.0)] == [1]


def test_a_clock_set_back_forgets_and_does_not_fail():
    tracker = Tracker()
    tracker.update(100.0, [face(0.5)])

    assert numbers(tracker, 3.0, face(0.5)) == [2]
    assert numbers(tracker, 3.0, face(0.5)) == [2]


places = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.02, 0.8))


@given(st.lists(st.tuples(st.floats(0, 2), st.lists(places, max_size=8)), max_size=25))
def test_whatever_comes_every_face_has_one_number_of_its_own_and_nothing_piles_up(looks):
    tracker, t_s, ever = Tracker(), 0.0, 0
    for step_s, faces in looks:
        t_s += step_s
        given_out = numbers(tracker, t_s, *(face(*place) for place in faces))

        assert len(given_out) == len(set(given_out)) == len(faces)
        assert all(number >= 1 for number in given_out)
        new = [number for number in given_out if number > ever]
        assert sorted(new) == list(range(ever + 1, ever + 1 + len(new)))
        ever += len(new)
        assert tracker.waiting <= 8 * len(looks)
    assert numbers(tracker, t_s + KEEP_S + 1) == []
    assert tracker.waiting == 0
