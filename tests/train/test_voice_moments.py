"""What is to be said of each moment of a clip: along what tells its corpus's tones apart, and nothing of silence."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")

from tools.train import voice_augment, voice_features, voice_moments, voice_teacher
from tools.train.voice_data import CORPORA, Clip
from tools.train.voice_features import FRAMES, PARAMETERS
from tools.train.voice_labels import TONES
from tools.train.voice_moments import STEPS
from tools.train.voice_subjects import COLUMNS

SAD = CORPORA.index("emodb") * len(TONES) + TONES.index("sad")


def clips() -> list[Clip]:
    return [
        Clip(f"{tone}{i}", "emodb", f"s{i}", "F", "de", "speech", tone, "none", 1.0, 1.0)
        for tone in ("happy", "sad")
        for i in range(12)
    ]


def answers(mine):
    """Frames in which the first number tells the tones apart, and the second, which varies most, tells nothing."""
    rng = np.random.default_rng(0)
    found = {}
    for clip in mine:
        frames = rng.normal(0, 1, (150, 6)) * [1, 20, 1, 1, 1, 1]
        frames[:, 0] += 3.0 * (clip.tone == "sad")
        found[clip.file] = frames
    return found


def places(first: float = 0.0) -> np.ndarray:
    return (first + np.arange(FRAMES, dtype=float))[None]


def test_a_moment_lies_along_what_tells_the_tones_apart():
    mine = clips()
    said = voice_moments.moments(mine, voice_teacher.gathered(answers(mine)))
    rows = np.arange(len(mine))
    lessons = said.lessons(rows, np.repeat(places(), len(mine), axis=0))
    assert lessons.shape == (len(mine), STEPS, COLUMNS)
    sad = np.array([clip.tone == "sad" for clip in mine])
    each = lessons[:, :, SAD].mean(axis=1)
    assert each[sad].min() > each[~sad].max() + 0.5


def test_all_directions_have_the_same_spread_and_those_of_other_corpora_say_nothing():
    mine = clips()
    said = voice_moments.moments(mine, voice_teacher.gathered(answers(mine)))
    known = ~np.isnan(said.values).any(axis=0)
    assert known.sum() == 2
    assert said.values[:, known].astype(float).std(axis=0) == pytest.approx(1.0, abs=0.1)


def test_nothing_is_said_of_silence_of_a_clip_not_heard_or_without_a_teacher():
    mine = clips()
    heard = answers(mine)
    del heard[mine[3].file]
    said = voice_moments.moments(mine, voice_teacher.gathered(heard))
    assert np.isnan(said.lessons(np.array([3]), places())).all()
    half = places(-FRAMES / 2)
    half[half < 0] = np.nan
    lessons = said.lessons(np.array([2]), half)[0, :, SAD]
    assert np.isnan(lessons[: STEPS // 2]).all()
    assert not np.isnan(lessons[STEPS // 2 :]).any()
    assert voice_moments.moments(mine, voice_teacher.NOTHING) is None


def test_a_changed_window_says_which_frame_of_the_clip_each_of_its_frames_shows():
    sound = np.random.default_rng(1).normal(0, 0.1, 32_000).astype(np.float32)
    sound *= np.linspace(0.01, 1, len(sound), dtype=np.float32)
    pool = voice_features.gather([sound])
    window, shown = voice_augment.drawn(pool, np.array([0]), np.random.default_rng(2), np.array([1.25]))
    inside = ~np.isnan(shown[0])
    assert np.diff(shown[0][inside]) == pytest.approx(1.25)
    nearest = pool.of(0)[np.rint(shown[0][inside]).astype(int)]
    assert np.abs(window[0][inside] - nearest).mean() < 0.6
    assert (window[0][~inside] == np.float32(np.log(PARAMETERS.floor))).all()
