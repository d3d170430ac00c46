"""Log-mel frames: the same however the sound arrives, blind to loudness, and right about pitch."""

import numpy as np
import pytest

from robot.senses.hearing.logmel import (
    LogMel,
    LogMelParameters,
    StreamingLogMel,
    hertz_to_mel,
    mel_filters,
    mel_to_hertz,
    normalise,
)


def tone(hertz: float, seconds: float = 1.0, level: float = 0.1) -> np.ndarray:
    time = np.arange(round(16_000 * seconds)) / 16_000
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def noise(samples: int, seed: int = 0) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)


def band_centre_hz(band: int) -> float:
    ends = hertz_to_mel(np.array([60.0, 7600.0]))
    return float(mel_to_hertz(np.linspace(ends[0], ends[1], 42))[band + 1])


def slow_frames(samples: np.ndarray) -> np.ndarray:
    """The definition, one window and one band at a time."""
    parameters = LogMelParameters()
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    filters = mel_filters(parameters)
    rows = []
    for start in range(0, len(samples) - 400 + 1, 160):
        padded = np.zeros(512)
        padded[:400] = samples[start : start + 400] * hann
        power = np.abs(np.fft.fft(padded)[:257]) ** 2
        rows.append([np.log(max(float(power @ filters[:, band]), parameters.floor)) for band in range(40)])
    return np.array(rows)


def test_frames_follow_the_definition():
    samples = noise(2000)
    np.testing.assert_allclose(LogMel().frames(samples), slow_frames(samples), atol=1e-3)


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (32_000, 198)])
def test_only_whole_windows_give_frames(samples, frames):
    found = LogMel().frames(noise(samples))
    assert found.shape == (frames, 40)
    assert found.dtype == np.float32
    assert LogMelParameters().frames_in(samples) == frames


@pytest.mark.parametrize("frames", [1, 2, 198])
def test_samples_for_is_the_fewest_that_hold_the_frames(frames):
    parameters = LogMelParameters()
    enough = parameters.samples_for(frames)
    assert parameters.frames_in(enough) == frames
    assert parameters.frames_in(enough - 1) == frames - 1


@pytest.mark.parametrize("hertz", [200.0, 440.0, 1000.0, 2500.0, 6000.0])
def test_a_tone_is_loudest_in_the_band_nearest_to_it(hertz):
    loudest = LogMel().frames(tone(hertz)).mean(axis=0).argmax()
    nearest = np.argmin([abs(band_centre_hz(band) - hertz) for band in range(40)])
    assert abs(int(loudest) - int(nearest)) <= 1


def test_ten_times_the_amplitude_is_a_hundred_times_the_power():
    mel = LogMel()
    np.testing.assert_allclose(mel.frames(noise(4000) * 10) - mel.frames(noise(4000)), np.log(100.0), atol=1e-3)


def test_digital_silence_is_the_floor_and_finite():
    assert np.all(LogMel().frames(np.zeros(1000, np.float32)) == np.float32(np.log(np.float32(1e-9))))


def test_sound_of_two_channels_is_refused():
    with pytest.raises(ValueError, match="mono"):
        LogMel().frames(np.zeros((1000, 2), np.float32))


@pytest.mark.parametrize(
    "wrong",
    [
        {"window_ms": 25.01},
        {"hop_ms": 0.0},
        {"window_ms": 40.0},
        {"low_hz": 8000.0},
        {"high_hz": 9000.0},
        {"bands": 0},
        {"floor": 0.0},
    ],
)
def test_parameters_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        LogMelParameters(**wrong)


@pytest.mark.parametrize("block", [1, 7, 160, 161, 399, 400, 512, 1600, 5000])
def test_streaming_gives_the_frames_of_the_whole(block):
    samples = noise(5000, seed=block)
    stream = StreamingLogMel()
    parts = [stream.push(samples[start : start + block]) for start in range(0, len(samples), block)]
    np.testing.assert_allclose(np.concatenate(parts), LogMel().frames(samples), atol=1e-4)


def test_streaming_with_blocks_of_random_sizes_gives_the_frames_of_the_whole():
    rng, samples = np.random.default_rng(3), noise(40_000)
    cuts = np.sort(rng.integers(0, len(samples), 60))
    stream = StreamingLogMel()
    parts = [stream.push(part) for part in np.split(samples, cuts)]
    np.testing.assert_allclose(np.concatenate(parts), LogMel().frames(samples), atol=1e-4)


def test_streaming_forgets_its_tail_when_sound_was_lost():
    stream = StreamingLogMel()
    stream.push(noise(399))
    stream.reset()
    assert len(stream.push(noise(1))) == 0
    assert len(stream.push(noise(399))) == 1


@pytest.mark.parametrize("gain", [0.05, 0.5, 3.0])
def test_normalised_frames_do_not_know_the_loudness(gain):
    mel, samples = LogMel(), noise(32_000)
    np.testing.assert_allclose(normalise(mel.frames(samples * gain)), normalise(mel.frames(samples)), atol=1e-3)


def test_normalised_frames_lie_within_minus_one_and_one():
    half_silent = np.concatenate([np.zeros(16_000, np.float32), tone(300), noise(8000)])
    found = normalise(LogMel().frames(half_silent))
    assert found.dtype == np.float32
    assert found.min() == -1.0
    assert found.max() <= 1.0


def test_normalised_frames_keep_what_is_louder_than_what():
    swelling = noise(32_000) * np.linspace(0.1, 1.0, 32_000, dtype=np.float32)
    levels = normalise(LogMel().frames(swelling)).mean(axis=1)
    assert np.all(np.diff(levels.reshape(-1, 18).mean(axis=1)) > 0)


def test_an_empty_or_silent_window_can_be_normalised():
    assert normalise(np.empty((0, 40), np.float32)).shape == (0, 40)
    silent = normalise(LogMel().frames(np.zeros(32_000, np.float32)))
    assert np.all(np.isfinite(silent))


def test_normalising_leaves_its_argument_alone():
    frames = LogMel().frames(noise(3000))
    kept = frames.copy()
    normalise(frames)
    np.testing.assert_array_equal(frames, kept)


def test_filters_overlap_so_that_no_frequency_is_lost():
    filters = mel_filters(LogMelParameters())
    hertz = np.arange(257) * 31.25
    inside = (hertz > band_centre_hz(0)) & (hertz < band_centre_hz(39))
    np.testing.assert_allclose(filters[inside].sum(axis=1), 1.0, atol=1e-5)
    assert np.all(filters[(hertz < 60) | (hertz > 7600)] == 0)
