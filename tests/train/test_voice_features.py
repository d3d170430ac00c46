"""What the tone model is shown of a clip."""

import numpy as np
import pytest

from robot.senses.hearing.logmel import LogMel
from tools.train import voice_features
from tools.train.voice_features import FRAMES


def sound(seconds: float) -> np.ndarray:
    rng = np.random.default_rng(round(seconds * 10))
    return (rng.normal(0, 3000, round(16_000 * seconds))).astype(np.int16)


@pytest.mark.parametrize(("seconds", "windows"), [(0.4, 1), (2.0, 1), (2.4, 1), (2.5, 2), (4.1, 5)])
def test_a_clip_is_judged_every_half_second(seconds, windows):
    found, clips = voice_features.clip_windows((sound(seconds),))
    assert found.shape == (windows, 1, FRAMES, LogMel().parameters.bands)
    assert clips.tolist() == [0] * windows


def test_windows_belong_to_their_clips_and_are_those_of_the_runtime():
    clips = (sound(3.0), sound(0.5))
    found, whose = voice_features.clip_windows(clips)
    assert whose.tolist() == [0, 0, 0, 1]
    second = voice_features.features(clips[0][8000:40_000].astype(np.float32) / 32_768.0, LogMel())
    np.testing.assert_allclose(found[1, 0], second, atol=2e-3)


def test_a_short_clip_stands_at_the_end_of_its_window():
    found, _ = voice_features.clip_windows((sound(0.5),))
    assert np.all(found[0, 0, :147] == -1.0)
    assert np.all(found[0, 0, -10:].mean(axis=1) > -0.5)
