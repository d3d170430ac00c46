"""Nod, shake, tilt and lean, told from how the head is held; ordinary movement is none of them."""

import math
import random

import numpy as np
import pytest

from robot.senses.sight.head_gestures import HeadGestures, Held

RATE_HZ = 10.0


def watched(pan=None, tilt=None, roll=None, lean=None, seconds: float = 4.0, noise_deg: float = 0.5) -> list[str]:
    """The gestures of a head whose angles are functions of time, seen ten times a second with some noise."""
    rng, head, found = random.Random(5), HeadGestures(track=3), []
    for index in range(round(seconds * RATE_HZ)):
        t_s = index / RATE_HZ
        angles = [(0.0 if of is None else of(t_s)) + rng.gauss(0, noise_deg) for of in (pan, tilt, roll)]
        held = Held(*angles, 1.0 if lean is None else lean(t_s), quality=0.9)
        found += head.step(t_s, held)
    assert all(gesture.track == 3 and 0.5 <= gesture.confidence <= 1 for gesture in found)
    return [gesture.kind for gesture in found]


def burst(size_deg: float, rate_hz: float, times: float = 2.0, at_s: float = 1.0):
    """To and fro so many times, at rest before and after."""

    def angle(t_s: float) -> float:
        inside = 0.0 <= t_s - at_s < times / rate_hz
        return size_deg * math.sin(2 * math.pi * rate_hz * (t_s - at_s)) if inside else 0.0

    return angle


@pytest.mark.parametrize("rate_hz", [1.0, 1.5, 2.0, 2.6])
def test_a_nod_is_a_nod_at_any_usual_pace(rate_hz):
    assert watched(tilt=burst(7.0, rate_hz)) == ["nod"]


@pytest.mark.parametrize("rate_hz", [1.0, 1.5, 2.0, 2.6])
def test_a_shake_is_a_shake_at_any_usual_pace(rate_hz):
    assert watched(pan=burst(10.0, rate_hz)) == ["shake"]


def test_a_long_nod_is_told_once_a_while_and_not_with_every_swing():
    assert 1 <= watched(tilt=burst(7.0, 2.0, times=8.0), seconds=6.0).count("nod") <= 4


def test_a_look_down_and_up_is_no_nod():
    assert watched(tilt=lambda t_s: -20.0 if 1.0 < t_s < 2.0 else 0.0) == []


def test_a_slow_look_around_is_no_shake():
    assert watched(pan=lambda t_s: 25.0 * math.sin(2 * math.pi * 0.25 * t_s), seconds=12.0) == []


def test_a_quick_look_down_between_two_bobs_of_talk_is_no_nod():
    looks = ((1.0, 0.0), (1.2, 4.0), (1.6, -14.0), (2.0, 3.0), (2.3, -1.0))
    times, angles = zip(*looks, strict=True)
    assert watched(tilt=lambda t_s: float(np.interp(t_s, times, angles)), noise_deg=0.2) == []


@pytest.mark.parametrize(("aside_deg", "told"), [(15.0, ["nod"]), (35.0, [])])
def test_who_faces_somebody_else_nods_to_them(aside_deg, told):
    assert watched(pan=lambda _: aside_deg, tilt=burst(7.0, 1.5)) == told


def test_the_points_of_a_head_turned_far_aside_may_jump_and_that_is_no_shake():
    assert watched(pan=lambda t_s: -29.0 + 5.0 * (-1) ** int(t_s / 0.2)) == []


def test_a_head_that_circles_says_neither_yes_nor_no():
    assert (
        watched(pan=burst(8.0, 1.5, times=9.0, at_s=0.0), tilt=lambda t_s: 8.0 * math.cos(2 * math.pi * 1.5 * t_s))
        == []
    )


def test_a_head_held_askew_tilts_once_until_it_was_level_again():
    tilted = [(1.0, 2.5), (4.0, 5.5)]
    assert watched(roll=lambda t_s: 20.0 if any(a < t_s < b for a, b in tilted) else 0.0, seconds=7.0) == ["tilt"] * 2
    assert watched(roll=lambda t_s: 20.0 if 1.0 < t_s < 1.2 else 0.0) == []


def test_leaning_in_and_away():
    assert watched(lean=lambda t_s: 1.3 if 1.0 < t_s < 2.0 else 1.0) == ["lean_in"]
    assert watched(lean=lambda t_s: 0.75 if 1.0 < t_s < 2.0 else 1.0) == ["lean_away"]
