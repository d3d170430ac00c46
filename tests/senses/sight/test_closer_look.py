"""Gaze, head and hands are read in the pause after a frame, at their own rates, and only while somebody is there."""

import numpy as np
import pytest

from hardware.ports import Frame
from robot.config import SightSettings
from robot.errors import InferenceError
from robot.messages import Intensities
from robot.senses.sight.blazeface import Detection
from robot.senses.sight.closer_look import CloserLook
from robot.senses.sight.hands import Hand
from robot.senses.sight.landmarks import Marks
from robot.senses.sight.sight import Sight

FRAME_S = 1 / 15
FACE = Detection((0.3, 0.3, 0.3, 0.4), 0.9, ((0.4, 0.4), (0.5, 0.4), (0.45, 0.5), (0.45, 0.6), (0.3, 0.4), (0.6, 0.4)))
OTHER = Detection((0.7, 0.3, 0.2, 0.3), 0.9, ((0.75, 0.4), (0.85, 0.4), (0.8, 0.5), (0.8, 0.6), (0.7, 0.4), (0.9, 0.4)))


class Faces:
    def __init__(self, *found: Detection) -> None:
        self.found = found

    def find(self, pixels):
        return self.found


class Points:
    """Points of a plain, facing head; counts how often it was asked."""

    def __init__(self, presence: float = 0.99, fail: bool = False) -> None:
        self.asked = 0
        self.presence, self.fail = presence, fail

    def read(self, pixels, face):
        self.asked += 1
        if self.fail:
            raise InferenceError("NaN")
        points = np.random.default_rng(1).normal(0, 1, (478, 3)).astype(np.float32)
        for number, place in {
            33: (80, 100, 0),
            133: (120, 100, 0),
            362: (160, 100, 0),
            263: (200, 100, 0),
            468: (100, 97.5, 0),
            473: (180, 97.5, 0),
            10: (140, 20, 0),
            152: (140, 240, 0),
            234: (50, 130, 60),
            454: (230, 130, 60),
            127: (55, 110, 60),
            356: (225, 110, 60),
            132: (60, 170, 60),
            361: (220, 170, 60),
            151: (140, 50, 0),
            199: (140, 220, 0),
            9: (140, 70, 0),
            164: (140, 160, 0),
            13: (140, 180, 0),
            14: (140, 182, 0),
            **dict.fromkeys((160, 159, 158), (100, 95, 0)),
            **dict.fromkeys((144, 145, 153), (100, 107, 0)),
            **dict.fromkeys((385, 386, 387), (180, 95, 0)),
            **dict.fromkeys((380, 374, 373), (180, 107, 0)),
        }.items():
            points[number] = place
        return Marks(points, self.presence)


class Shapes:
    def read(self, marks):
        return Intensities(0.8, 0.1, 0.0, 0.0)


class Hands:
    def __init__(self, hand: Hand | None = None) -> None:
        self.asked = 0
        self.hand = hand

    def find(self, pixels, small):
        self.asked += 1
        self.searched = pixels if small is None else small
        return self.hand


def sight_with(points=None, shapes=None, hands=None, faces: tuple[Detection, ...] = (FACE,), now_s=lambda: 0.0):
    settings = SightSettings(attention_per_s=10.0, hands_per_s=5.0)
    return Sight(Faces(*faces), None, settings, closer=CloserLook(points, shapes, hands, settings, now_s))


def shown(sight: Sight, frames: int, first: int = 0, spare_s: float = 0.06):
    """So many frames, each with its pause; gives the last sighting."""
    pixels = np.random.default_rng(4).integers(0, 256, (480, 640, 3)).astype(np.uint8)
    sighting = None
    for seq in range(first, first + frames):
        sighting = sight.see(Frame(seq, seq * FRAME_S, pixels), None)
        sight.look_closer(spare_s)
    return sighting


def test_what_is_found_stands_in_the_next_sighting():
    sight = sight_with(Points())
    assert shown(sight, 1).faces[0].regard is None
    regard = shown(sight, 1, first=1).faces[0].regard
    assert regard is not None
    assert regard.t_s == 0.0
    assert regard.looking
    assert not regard.eyes_closed


def test_faces_and_hands_have_rates_of_their_own():
    points, hands = Points(), Hands()
    shown(sight_with(points, hands=hands), 150)
    assert 95 <= points.asked <= 101
    assert 48 <= hands.asked <= 51


def test_in_an_empty_room_nothing_is_read():
    points, hands = Points(), Hands()
    shown(sight_with(points, hands=hands, faces=()), 60)
    assert (points.asked, hands.asked) == (0, 0)


def test_hands_are_looked_for_a_little_longer_than_the_face_is_there():
    hands = Hands()
    sight = sight_with(hands=hands)
    shown(sight, 2)
    sight._detector.found = ()
    shown(sight, 150, first=2)
    assert 8 <= hands.asked <= 12


def test_without_time_to_spare_nothing_is_read_and_it_is_counted():
    clock = iter(float(tick) for tick in range(10_000))
    points = Points()
    sight = sight_with(points, now_s=lambda: 0.02 * next(clock))
    shown(sight, 1)
    shown(sight, 60, first=1, spare_s=-0.01)
    assert points.asked == 1
    assert sight.closer.skipped > 20


def test_only_the_largest_faces_are_read():
    points = Points()
    sighting = shown(sight_with(points, faces=(FACE, OTHER, Detection((0, 0, 0.1, 0.1), 0.9, FACE.points))), 2)
    assert [face.regard is not None for face in sighting.faces] == [True, True, False]


def test_intensities_are_there_only_with_their_network():
    assert shown(sight_with(Points()), 2).faces[0].regard.intensities is None
    assert shown(sight_with(Points(), Shapes()), 2).faces[0].regard.intensities.smile == 0.8


def test_a_patch_without_a_face_says_nothing():
    assert shown(sight_with(Points(presence=0.2)), 3).faces[0].regard is None


def test_a_network_that_fails_is_counted_and_the_face_is_still_seen():
    sight = sight_with(Points(fail=True))
    assert len(shown(sight, 3).faces) == 1
    assert sight.closer.faults == 2


def test_a_hand_and_its_sign_are_passed_on_and_go():
    points = np.zeros((21, 3), np.float32)
    points[:, 0], points[:, 1] = 200.0, np.linspace(300, 200, 21)
    hands = Hands(Hand(points, 0.99, 0.97, "thumb_up", 0.9))
    sight = sight_with(hands=hands)
    sighting = shown(sight, 8)
    assert [(hand.shape, hand.right) for hand in sighting.hands] == [("thumb_up", True)]
    assert [gesture.kind for gesture in sighting.gestures] == ["thumb_up"]

    hands.hand = None
    sighting = shown(sight, 15, first=8)
    assert (sighting.hands, sighting.gestures) == ((), ())


def test_hands_are_searched_in_the_small_picture_of_a_camera_that_has_one():
    hands = Hands()
    sight = sight_with(hands=hands)
    whole, small = np.full((960, 1280, 3), 90, np.uint8), np.full((240, 320, 3), 90, np.uint8)
    sight.see(Frame(0, 0.0, whole, small), None)
    sight.look_closer(1.0)
    assert hands.searched is small


def test_a_frame_is_looked_at_closer_once():
    points = Points()
    sight = sight_with(points)
    shown(sight, 1)
    sight.look_closer(1.0)
    assert points.asked == 1


@pytest.mark.parametrize("passed_s", [3.0, -5.0])
def test_somebody_gone_for_long_or_a_clock_set_back_is_forgotten(passed_s):
    sight = sight_with(Points())
    shown(sight, 3)
    closer = sight.closer
    assert closer.regard(1, 2 * FRAME_S) is not None
    assert closer.regard(1, 2 * FRAME_S + passed_s) is None
    closer.look(Frame(3, 2 * FRAME_S + passed_s, np.zeros((480, 640, 3), np.uint8)), (), 1.0)
    assert closer._people == {}
