"""The clips that attention is measured on do what they say; the tools say when there is no data."""

import math
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from hardware.virtual.media import read_picture
from robot.config import InferenceSettings
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.head_pose import head_pose
from robot.senses.sight.landmarks import FaceLandmarks
from robot.simulator.sample_scene import SAMPLE_FOLDER
from tools.benchmark import attention, second_opinion
from tools.benchmark.attention_score import ordinary_signs_of_angles
from tools.benchmark.motions import RATE_HZ, Burst, nodding, ordinary
from tools.benchmark.turning import Pose, TurningHead


def test_a_turned_photograph_is_read_as_turned_that_way():
    settings = InferenceSettings()
    detector, landmarks = FaceDetector.open(settings, 0.6), FaceLandmarks.open(settings)
    portrait = read_picture(SAMPLE_FOLDER / "portrait.jpg")
    head = TurningHead(portrait, detector.find(portrait)[0])

    def read(pose: Pose):
        pixels = head.shown(pose)
        return head_pose(landmarks.read(pixels, detector.find(pixels)[0]).points)

    level = read(Pose())
    assert read(Pose(pan_deg=15)).pan_deg - level.pan_deg == pytest.approx(15, abs=7)
    assert read(Pose(pan_deg=-15)).pan_deg - level.pan_deg == pytest.approx(-15, abs=7)
    assert read(Pose(tilt_deg=10)).tilt_deg - level.tilt_deg == pytest.approx(10, abs=6)
    assert read(Pose(roll_deg=12)).roll_deg - level.roll_deg == pytest.approx(12, abs=4)


def test_an_unmoved_head_is_the_photograph():
    portrait = read_picture(SAMPLE_FOLDER / "portrait.jpg")
    (face, *_) = FaceDetector.open(InferenceSettings(), 0.6).find(portrait)
    shown = TurningHead(portrait, face).shown(Pose())
    assert np.abs(shown.astype(int) - portrait.astype(int)).mean() < 3


def test_a_burst_goes_to_and_fro_so_often_and_rests_before_and_after():
    burst = Burst(8.0, 2.0, 2.5, at_s=1.0)
    angles = [burst.at(index / 100) for index in range(400)]
    assert angles[:100] == [0.0] * 100
    assert angles[240:] == [0.0] * 160
    assert 7.5 < max(angles) <= 8.0
    assert sum(a * b < 0 for a, b in pairwise(angles)) == 4


def test_an_ordinary_hour_holds_no_nod_and_is_the_same_each_time():
    poses = [pose for _, pose in ordinary(Random(3), 60.0)]
    assert len(poses) == 60 * RATE_HZ
    assert poses == [pose for _, pose in ordinary(Random(3), 60.0)]
    assert max(abs(pose.pan_deg) for pose in poses) > 8, "they look around"
    assert all(math.isfinite(pose.tilt_deg) and abs(pose.tilt_deg) < 40 for pose in poses)
    assert nodding(Random(1))(0.5) == nodding(Random(1))(0.5)


@pytest.mark.parametrize("tool", [attention, second_opinion])
def test_without_data_it_says_so(tool, tmp_path, capsys):
    assert tool.main(["--data", str(tmp_path / "none")]) == 2
    assert "data absent" in capsys.readouterr().err


def test_the_page_says_which_bar_is_missed():
    good = (1.0, 0.9, 1.0, 49)
    results = attention.Results(
        {"looks": (0.8, 0.7, 0.9, 49)},
        dict.fromkeys(("nods read as a nod", "shakes read as a shake"), good),
        60.0,
        {"nod": 2},
        10.0,
        {"nod": 3},
        (1, 2, 0, 3),
        [("fist", "fist", 0.9), ("victory", "", 0.0)],
    )
    text = attention.page(results)
    assert "80.0 % of what was shown: the bar of 90 % is MISSED" in text
    assert "False nods and shakes in clips: 2 in 1 hours: the bar of one an hour is MISSED" in text
    assert "False nods and shakes in angles: 3 in 10 hours: the bar of one an hour is kept" in text
    assert "1 of 2 pictures are read rightly" in text


def test_ordinary_movement_is_hardly_ever_taken_for_an_answer():
    found = ordinary_signs_of_angles(1800.0, attention.NOISE_DEG)
    assert found.count("nod") + found.count("shake") <= 1
