"""What the tone model is shown of a clip, in training and when it is measured."""

import numpy as np
import pytest

from robot.senses.hearing.logmel import LogMel, StreamingLogMel, normalise
from tools.train import voice_augment, voice_features, voice_noise
from tools.train.voice_augment import VoiceChanges
from tools.train.voice_features import FLOOR, FRAMES, PARAMETERS

RNG = np.random.default_rng
LEVELS = ("mean_log", "log_mean")


def sound(seconds: float, level: float = 0.1) -> np.ndarray:
    return RNG(round(seconds * 10)).normal(0, level, round(16_000 * seconds)).astype(np.float32)


@pytest.mark.parametrize(("seconds", "windows"), [(0.4, 1), (2.6, 1), (2.9, 1), (3.2, 2), (4.2, 4)])
def test_a_clip_is_judged_every_half_second_and_at_its_end(seconds, windows):
    pool = voice_features.gather([sound(seconds)])
    found, clips = voice_features.judged_windows(pool, [0])
    assert found.shape == (windows, FRAMES, PARAMETERS.bands)
    assert clips.tolist() == [0] * windows
    last = pool.of(0)[-FRAMES:]
    assert np.corrcoef(found[-1, -len(last) :].ravel(), last.ravel())[0, 1] > 0.9


def test_the_frames_of_training_are_those_that_the_robot_makes_from_a_stream():
    clip = sound(1.0)
    stream = StreamingLogMel(PARAMETERS)
    live = np.concatenate([stream.push(clip[i : i + 512]) for i in range(0, len(clip), 512)])
    np.testing.assert_allclose(voice_features.gather([clip]).of(0), live, atol=0.02)


def test_a_short_clip_stands_at_the_end_of_its_window():
    found, _ = voice_features.judged_windows(voice_features.gather([sound(0.5)]), [0])
    assert np.all(found[0, :100] == -1.0)
    assert np.all(found[0, -10:].mean(axis=1) > -0.5)


def test_means_belong_to_their_clips():
    means = voice_features.mean_by(np.array([[1.0], [3.0], [7.0]]), np.array([0, 0, 1]), 2)
    assert means.tolist() == [[2.0], [7.0]]


@pytest.mark.parametrize("level", LEVELS)
def test_many_windows_are_normalised_as_one_is(level):
    frames = RNG(0).normal(-8, 3, (3, FRAMES, PARAMETERS.bands)).astype(np.float32)
    together = normalise(frames, level)
    np.testing.assert_allclose(together, np.stack([normalise(window, level) for window in frames]), atol=1e-6)


def test_a_telephone_changes_what_is_shown_of_its_own_band_little():
    clip = sound(2.7)
    whole, narrow = (voice_features.gather([samples]).of(0)[:FRAMES] for samples in (clip, voice_noise.telephone(clip)))
    hertz = voice_augment.band_hertz()
    inside = (hertz > 400) & (hertz < 3_000)
    apart = {level: np.abs(normalise(whole, level) - normalise(narrow, level))[:, inside].mean() for level in LEVELS}
    assert apart["log_mean"] < 0.15
    assert apart["log_mean"] < apart["mean_log"] / 2


@pytest.mark.parametrize("gain_db", [-20.0, -10.0, 10.0])
def test_gain_does_not_change_what_the_network_is_shown(gain_db):
    clip = sound(2.7, 0.05)
    mel = LogMel(PARAMETERS)
    plain, changed = mel.frames(clip), mel.frames(clip * np.float32(10 ** (gain_db / 20)))
    np.testing.assert_allclose(voice_features.shown(changed), voice_features.shown(plain), atol=0.01)


@pytest.fixture(scope="module")
def pool():
    return voice_features.gather([sound(0.3), sound(1.5), sound(4.0)])


def test_changed_windows_are_those_of_the_seed_and_differ_by_draw(pool):
    noises = voice_features.gather([voice_noise.fan(32_000, RNG(1))])
    rows = np.array([0, 1, 2, 2])
    changed = voice_augment.changed(pool, rows, noises, RNG(3), VoiceChanges())
    first, ratios = changed.windows, changed.ratios
    again = voice_augment.changed(pool, rows, noises, RNG(3), VoiceChanges()).windows
    np.testing.assert_array_equal(first, again)
    assert first.shape == (4, FRAMES, PARAMETERS.bands)
    assert first.dtype == np.float32
    assert np.abs(first).max() <= 1.0
    assert not np.array_equal(first[2], first[3])
    assert np.all((ratios == np.inf) | ((ratios >= 3) & (ratios <= 30)))


def test_without_changes_a_window_is_a_stretch_of_the_clip(pool):
    window = voice_augment.drawn(pool, np.array([2]), RNG(0), np.ones(1))[0][0]
    frames = pool.of(2)
    nearest = min(np.abs(frames[i : i + FRAMES] - window).max() for i in range(len(frames) - FRAMES + 1))
    # A window may begin between two frames.
    assert nearest < 8.0
    short = voice_augment.drawn(pool, np.array([0]), RNG(0), np.ones(1))[0][0]
    assert 10 <= int((short.mean(axis=1) > FLOOR + 1).sum()) <= len(pool.of(0))


def test_noise_lies_as_far_below_the_speech_as_it_says(pool):
    quiet = VoiceChanges(noise_share=0.0, room_share=0.0, tilt_share=0.0, telephone_share=0.0, gain_db=(0.0, 0.0))
    loud = VoiceChanges(
        noise_share=1.0, room_share=0.0, tilt_share=0.0, telephone_share=0.0, gain_db=(0.0, 0.0),
        signal_to_noise_db=(3.0, 3.0),
    )  # fmt: skip
    noises = voice_features.gather([voice_noise.fan(32_000, RNG(1))])
    rows = np.full(8, 0)
    clean = voice_augment.changed(pool, rows, noises, RNG(4), quiet).windows
    changed = voice_augment.changed(pool, rows, noises, RNG(4), loud)
    noisy = changed.windows
    assert np.all(changed.ratios == 3.0)
    # The silence around a short clip is filled.
    assert noisy[:, :20].mean() > clean[:, :20].mean() + 0.3


def test_a_telephone_made_of_frames_is_heard_as_one_made_of_the_sound(pool):
    line = VoiceChanges(
        speed=(1.0, 1.0), tract=(1.0, 1.0), noise_share=0.0, room_share=0.0, tilt_share=0.0, telephone_share=1.0,
        gain_db=(0.0, 0.0), stopped_db=(60.0, 60.0), coding_db=(44.0, 44.0),
    )  # fmt: skip
    falling = np.exp(-np.arange(40) / 4.0)
    voice = np.convolve(sound(2.7), falling, "same").astype(np.float32)
    clean, narrow = (voice_features.gather([samples]) for samples in (voice, voice_noise.telephone(voice)))
    made = voice_augment.changed(clean, np.array([0]), voice_features.gather([]), RNG(1), line).windows[0]
    asked = voice_features.judged_windows(narrow, [0])[0][0]
    assert np.abs(made.mean(axis=0) - asked.mean(axis=0)).mean() < 0.1


@pytest.mark.parametrize("ratio_db", [-5.0, 0.0, 20.0])
def test_mixing_keeps_the_asked_distance_of_speech_and_noise(ratio_db):
    speech, noise = sound(1.0), RNG(5).normal(0, 3, 16_000).astype(np.float32)
    added = voice_noise.mix(speech, noise, ratio_db) - speech
    assert 10 * np.log10(np.mean(speech**2) / np.mean(added**2)) == pytest.approx(ratio_db, abs=0.1)


def test_silent_noise_leaves_speech_as_it_is():
    np.testing.assert_array_equal(voice_noise.mix(sound(0.2), np.zeros(3200, np.float32), 10.0), sound(0.2))


@pytest.mark.parametrize("make", [voice_noise.servo_whine, voice_noise.fan])
def test_made_up_noises_are_finite_and_differ_by_draw(make):
    rng = RNG(7)
    first, second = make(8000, rng), make(8000, rng)
    assert first.shape == (8000,)
    assert np.isfinite(first).all()
    assert not np.array_equal(first, second)


def test_a_telephone_lets_its_band_through_alone():
    narrow = voice_noise.telephone(sound(1.0))
    power = np.abs(np.fft.rfft(narrow)) ** 2
    hertz = np.fft.rfftfreq(len(narrow), 1 / 16_000)
    inside = (hertz >= 300) & (hertz <= 3_400)
    assert power[inside].sum() > 50 * power[~inside].sum()
    assert not np.any(np.isnan(voice_noise.telephone(np.zeros(400, np.float32))))
