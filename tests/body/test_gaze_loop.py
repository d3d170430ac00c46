"""The gaze as a closed loop: a camera on the head, late frames, real attention, real motion and the servos' limiter."""

import random
from collections import deque
from math import cos, radians, sin, tan

import pytest

from hardware.ports import JOINTS
from hardware.virtual.body import VirtualLights, VirtualServos
from robot.body.body import Body
from robot.body.steady_gaze import CLEAR_DEG
from robot.config import Config, MotionSettings
from robot.heading import Heading
from robot.messages import Box, FaceQuality, Health, OwnMotion, SeenFace, Sighting
from robot.mind.attention import CAMERA_FIELD_OF_VIEW_DEG, Attention
from robot.mind.mind import Mind
from robot.mind.reasons import Reasons

TICK_S = 0.02
FRAME_EVERY_TICKS = 3
DELAY_TICKS = 5  # 100 ms
HALF_WIDTH = tan(radians(CAMERA_FIELD_OF_VIEW_DEG) / 2)
WITHOUT_EYES = frozenset(JOINTS) - {"eyes_pan", "eyes_tilt"}
CENTRED_DEG = 1.0


def seen(frame, t_s, face_pan_deg, neck_pan_deg, neck_tilt_deg):
    """What a pinhole camera that points where the neck does sees of a small face at eye level, `face_pan_deg` left."""
    away, tilt = radians(face_pan_deg - neck_pan_deg), radians(neck_tilt_deg)
    left, ahead = tan(away), 1.0
    depth, up = ahead * cos(tilt), -ahead * sin(tilt)
    x = 0.5 - left / depth / HALF_WIDTH / 2
    y = 0.5 - up / depth / (HALF_WIDTH * 0.75) / 2
    face = SeenFace(1, Box(x - 0.05, y - 0.05, 0.1, 0.1), 0.9, ((x, y), (x, y)), 0.0, FaceQuality(1, 1, 1, 1))
    return Sighting(f"s{frame}", t_s, frame, 640, 480, 0.5, (face,))


class Head:
    """A simulated head that carries its camera, and is `lag_ticks` behind what its servos are told.

    `heeds` false leaves the head's pose out, as a control.
    """

    def __init__(self, intend, joints=frozenset(JOINTS), liveliness=0.0, heeds=True, valence=0.0, lag_ticks=0):
        self.body = Body(
            VirtualServos(),
            VirtualLights(5),
            None,
            MotionSettings(liveliness=liveliness),
            random.Random(1),
            joints=joints,
        )
        self.eyes = "eyes_pan" in joints
        self.attention, self.heading, self.heeds = Attention(), Heading(), heeds
        self.intend, self.liveliness, self.valence = intend, liveliness, valence
        self.tick, self.looks = 0, 0
        self.on_the_way = []
        self.necks = deque([(0.0, 0.0)], maxlen=1 + lag_ticks)
        self.own = OwnMotion(0.0, 0.0, False)
        self.gaze_deg = (0.0, 0.0)

    def run(self, seconds, face_pan_deg=None):
        """Where the head looked in every tick, as (pan, tilt); the face, if any, is at `face_pan_deg`."""
        return [self.step(face_pan_deg) for _ in range(round(seconds / TICK_S))]

    def step(self, face_pan_deg):
        t_s = self.tick * TICK_S
        while self.on_the_way and self.on_the_way[0][0] <= self.tick:
            sighting = self.on_the_way.pop(0)[1]
            focus = self.attention.step(t_s, self.heading.placed(sighting) if self.heeds else sighting)
            if (focus.pan_deg, focus.tilt_deg) != self.gaze_deg:
                self.gaze_deg, self.looks = (focus.pan_deg, focus.tilt_deg), self.looks + 1
        intent = self.intend(
            gaze_pan_deg=self.gaze_deg[0],
            gaze_tilt_deg=self.gaze_deg[1],
            liveliness=self.liveliness,
            valence=self.valence,
        )
        self.own, pose = self.body.step(t_s, intent, None, camera_on=True)
        self.heading.add(self.own)
        self.necks.append((self.own.neck_pan_deg, self.own.neck_tilt_deg))
        if face_pan_deg is not None and self.tick % FRAME_EVERY_TICKS == 0:
            shot = seen(self.tick, t_s, face_pan_deg, *self.necks[0])
            self.on_the_way.append((self.tick + DELAY_TICKS, shot))
        self.tick += 1
        angles = pose.angles_deg
        eyes = (angles["eyes_pan"], angles["eyes_tilt"]) if self.eyes else (0.0, 0.0)
        return angles["neck_pan"] + eyes[0], angles["neck_tilt"] + eyes[1]


def centred_after_s(path, face_deg):
    """When the gaze has come within a degree of the face for good."""
    away = [tick for tick, pan_deg in enumerate(path) if abs(pan_deg - face_deg) > CENTRED_DEG]
    return (away[-1] + 1) * TICK_S if away else 0.0


@pytest.mark.parametrize("joints", [frozenset(JOINTS), WITHOUT_EYES], ids=["eyes and neck", "neck alone"])
@pytest.mark.parametrize("face_deg", [20.0, -20.0, 10.0])
@pytest.mark.parametrize("phase", range(FRAME_EVERY_TICKS))
@pytest.mark.parametrize("lag_ticks", [0, 1, 2])
def test_with_a_late_camera_on_the_head_a_face_is_centred_soon_and_hardly_overshot(
    intend, joints, face_deg, phase, lag_ticks
):
    head = Head(intend, joints, lag_ticks=lag_ticks)
    head.run(2.0 + phase * TICK_S)  # the servos' slow first second is over
    path = [pan_deg for pan_deg, _ in head.run(3.0, face_deg)]
    assert centred_after_s(path, face_deg) <= 0.6
    assert max(pan_deg * (1 if face_deg > 0 else -1) for pan_deg in path) <= abs(face_deg) + 1.0
    assert abs(path[-1] - face_deg) < 0.5


def test_without_the_heads_pose_the_same_head_never_settles(intend):
    head = Head(intend, WITHOUT_EYES, heeds=False)
    head.run(2.0)
    path = [pan_deg for pan_deg, _ in head.run(3.0, 20.0)]
    assert centred_after_s(path, 20.0) > 0.6


def test_a_face_that_stands_still_is_one_place_however_the_head_moves(intend):
    head = Head(intend)
    head.run(2.0)
    head.run(3.0, 20.0)
    looks = head.looks
    targets = set()
    for _ in range(100):
        head.step(20.0)
        targets.add(round(head.gaze_deg[0]))
    assert targets == {20}
    assert head.looks - looks < 40


def test_a_breathing_smiling_head_keeps_its_eyes_on_the_face(intend):
    """Habits and posture move the neck; the eyes make up for it."""
    head = Head(intend, liveliness=0.5, valence=0.8)
    head.body = Body(
        VirtualServos(), VirtualLights(5), None, MotionSettings(liveliness=1.0, habits=("breathe",)), random.Random(1)
    )
    head.run(3.0, 0.0)
    path = head.run(12.0, 0.0)
    assert max(abs(pan_deg) for pan_deg, _ in path) < 0.5
    assert max(abs(tilt_deg) for _, tilt_deg in path) < 0.5


def test_a_walker_is_followed(intend):
    head = Head(intend)
    head.run(2.0)
    worst = 0.0
    for tick in range(300):
        face_deg = -25.0 + 10.0 * tick * TICK_S  # ten degrees a second: one metre a second at five metres
        pan_deg, _ = head.step(face_deg)
        if tick > 50:
            worst = max(worst, abs(pan_deg - face_deg))
    assert worst < CLEAR_DEG + 1.0


def test_the_measure_of_centring_sees_an_overshoot():
    assert centred_after_s([0.0, 19.5, 22.0, 20.0], 20.0) == pytest.approx(3 * TICK_S)


@pytest.mark.parametrize("joints", [frozenset(JOINTS), WITHOUT_EYES], ids=["eyes and neck", "neck alone"])
def test_so_does_the_whole_mind_when_somebody_comes_into_view(joints):
    """Attention, mood and behaviour decide when to look; habits are off, for a glance aside is no miss."""
    config = Config(motion=MotionSettings(liveliness=0.0))
    mind = Mind(config, Reasons(), random.Random(1))
    body = Body(VirtualServos(), VirtualLights(5), None, config.motion, random.Random(1), joints=joints)
    heading, on_the_way, path, intent = Heading(), [], [], None
    for tick in range(250):
        t_s = tick * TICK_S
        sighting = on_the_way.pop(0)[1] if on_the_way and on_the_way[0][0] <= tick else None
        _, news = mind.step(t_s, heading.placed(sighting) if sighting else None, (), Health(t_s=0.0, parts={}))
        intent = news if news is not None else intent
        own, pose = body.step(t_s, intent, None, camera_on=True)
        heading.add(own)
        if tick >= 100 and tick % FRAME_EVERY_TICKS == 0:
            on_the_way.append((tick + DELAY_TICKS, seen(tick, t_s, 20.0, own.neck_pan_deg, own.neck_tilt_deg)))
        eyes_deg = pose.angles_deg["eyes_pan"] if "eyes_pan" in joints else 0.0
        path.append(pose.angles_deg["neck_pan"] + eyes_deg)
    assert centred_after_s(path[100:], 20.0) <= 0.6
    assert max(path) <= 21.0
