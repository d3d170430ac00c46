"""A shape held is a sign, a glimpse is none; a hand that goes to and fro waves and does not say stop."""

import math

import numpy as np

from robot.messages import Box, FaceQuality, SeenFace
from robot.senses.sight.hand_gestures import HandGestures, hand_box
from robot.senses.sight.hands import Hand

SIZE_PX = (640, 480)
STEP_S = 0.2


def hand(
    x: float = 200.0, y: float = 200.0, shape: str = "open_palm", sure: float = 0.8, turn_deg: float = 0.0
) -> Hand:
    """An upright hand 60 px from wrist to knuckle, its middle near (x, y)."""
    points = np.zeros((21, 3), np.float32)
    turn = math.radians(turn_deg)
    for index in range(21):
        along = 60.0 * (index % 5) / 2
        points[index, :2] = x + along * math.sin(turn), y - along * math.cos(turn)
    points[9, :2] = x + 60 * math.sin(turn), y - 60 * math.cos(turn)
    return Hand(points, 0.98, 0.9, shape, sure)


def face(track: int, x: float) -> SeenFace:
    box = Box(x - 0.08, 0.2, 0.16, 0.2)
    return SeenFace(track, box, 0.9, ((x - 0.03, 0.27), (x + 0.03, 0.27)), 0.0, FaceQuality(1, 1, 1, 1))


def told(hands: list[Hand | None], faces: tuple[SeenFace, ...] = ()) -> list[str]:
    watch = HandGestures()
    return [
        gesture.kind for index, seen in enumerate(hands) for gesture in watch.step(index * STEP_S, seen, SIZE_PX, faces)
    ]


def test_a_palm_held_up_is_told_once_while_it_is_held():
    assert told([hand()] * 10) == ["open_palm"]


def test_one_look_at_a_shape_is_no_sign():
    assert told([hand(), None, hand(shape="thumb_up"), None, hand(shape="victory"), None]) == []


def test_an_unsure_shape_is_no_sign():
    assert told([hand(shape="thumb_up", sure=0.4)] * 5) == []


def test_a_fist_and_a_finger_take_longer_than_a_thumb():
    assert told([hand(shape="thumb_up")] * 2) == ["thumb_up"]
    assert told([hand(shape="fist")] * 2) == []
    assert told([hand(shape="fist")] * 3) == ["fist"]


def test_lowered_and_raised_again_it_is_a_new_sign():
    assert told([*[hand()] * 3, *[None] * 5, *[hand()] * 3]) == ["open_palm", "open_palm"]


def test_a_palm_with_its_fingers_down_or_aside_does_not_say_stop():
    assert told([hand(turn_deg=180.0)] * 5) == []
    assert told([hand(turn_deg=90.0)] * 5) == []


def test_a_hand_that_goes_to_and_fro_waves_and_does_not_say_stop():
    swaying = [hand(x=250.0 + 70.0 * math.sin(2 * math.pi * 0.9 * index * STEP_S)) for index in range(14)]
    kinds = told(swaying)
    assert "wave" in kinds
    assert "open_palm" not in kinds


def test_a_hand_that_is_raised_does_not_wave():
    assert told([hand(y=400.0 - 60.0 * index, shape="none") for index in range(6)]) == []


def test_a_sign_belongs_to_the_nearest_face_and_to_nobody_if_all_are_far():
    watch = HandGestures()
    faces = (face(1, 0.8), face(2, 0.3))
    watch.step(0.0, hand(), SIZE_PX, faces)
    (gesture,) = watch.step(STEP_S, hand(), SIZE_PX, faces)
    assert gesture.track == 2

    watch = HandGestures()
    tiny = SeenFace(4, Box(0.95, 0.9, 0.02, 0.03), 0.9, ((0.95, 0.9), (0.96, 0.9)), 0.0, FaceQuality(1, 1, 1, 1))
    watch.step(0.0, hand(), SIZE_PX, (tiny,))
    (gesture,) = watch.step(STEP_S, hand(), SIZE_PX, (tiny,))
    assert gesture.track is None


def test_the_box_is_relative_to_the_picture():
    box = hand_box(hand(), SIZE_PX)
    assert 0 < box.x < 1
    assert 0 < box.height < 0.5
