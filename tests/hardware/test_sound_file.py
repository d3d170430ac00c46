"""A sound file is a microphone: 32 ms blocks of 16 kHz mono, by the clock."""

import random
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hardware.clock import SteppedClock
from hardware.errors import MediaError
from hardware.ports import SAMPLE_RATE_HZ
from hardware.virtual.sound_file import BLOCK_SAMPLES, MAX_WAITING_BLOCKS, SoundFileMicrophone, read_sound_file


def sine(hz, duration_s, rate_hz):
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(round(duration_s * rate_hz)) / rate_hz)


def peak_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * SAMPLE_RATE_HZ / len(samples)


def play(microphone, clock, step_s=0.02, ticks=100000):
    sounds = []
    for _ in range(ticks):
        if microphone.finished:
            break
        while (sound := microphone.read(0.0)) is not None:
            sounds.append(sound)
        clock.wait_s(step_s)
    return sounds


@pytest.mark.parametrize(
    ("name", "subtype", "rate_hz"),
    [
        ("a.wav", "PCM_16", 16_000),
        ("a.wav", "FLOAT", 44_100),
        ("a.flac", "PCM_24", 48_000),
        ("a.ogg", "VORBIS", 22_050),
        ("a.opus", "OPUS", 48_000),
        ("a.mp3", "MPEG_LAYER_III", 44_100),
        ("a.wav", "ULAW", 8_000),
    ],
)
def test_every_format_and_rate_gives_the_same_tone(tmp_path, name, subtype, rate_hz):
    path = tmp_path / name
    container = {"opus": "OGG"}.get(path.suffix[1:])
    soundfile.write(path, sine(440.0, 1.0, rate_hz), rate_hz, subtype=subtype, format=container)
    sound = read_sound_file(path)
    assert sound.samples.dtype == np.float32
    assert sound.duration_s == pytest.approx(1.0, abs=0.1)
    middle = sound.samples[4000:12000]
    assert peak_hz(middle) == pytest.approx(440.0, abs=3)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.06)


def test_sixteen_kilohertz_mono_comes_through_unchanged(tmp_path):
    path = tmp_path / "a.wav"
    samples = np.random.default_rng(3).uniform(-1, 1, 5000).astype(np.float32)
    soundfile.write(path, samples, SAMPLE_RATE_HZ, subtype="FLOAT")
    clock = SteppedClock()
    sounds = play(SoundFileMicrophone(path, clock), clock)
    heard = np.concatenate([sound.samples for sound in sounds])
    np.testing.assert_array_equal(heard[:5000], samples)
    assert not heard[5000:].any()
    assert {len(sound.samples) for sound in sounds} == {BLOCK_SAMPLES}


def test_blocks_are_due_when_their_last_sample_was_recorded(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(16_000), SAMPLE_RATE_HZ)
    clock = SteppedClock(50.0)
    microphone = SoundFileMicrophone(path, clock)
    assert microphone.read(0.0) is None
    first = microphone.read(1.0)
    assert (first.seq, first.t_s, clock.now_s()) == (0, 50.0, pytest.approx(50.032))
    assert microphone.read(0.01) is None
    second = microphone.read(1.0)
    assert (second.seq, second.t_s, clock.now_s()) == (1, pytest.approx(50.032), pytest.approx(50.064))


def test_no_block_is_missing_when_read_at_fifty_hertz(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(160_000), SAMPLE_RATE_HZ)
    clock = SteppedClock()
    microphone = SoundFileMicrophone(path, clock)
    sounds = play(microphone, clock)
    assert len(sounds) == 313
    assert [sound.t_s for sound in sounds] == pytest.approx([k * 0.032 for k in range(313)])
    assert microphone.dropped == 0
    assert microphone.finished


def test_a_reader_far_behind_loses_the_oldest_blocks_and_they_are_counted(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(160_000), SAMPLE_RATE_HZ)
    clock = SteppedClock()
    microphone = SoundFileMicrophone(path, clock)
    microphone.read(0.0)
    clock.wait_s(8.0)
    sound = microphone.read(0.0)
    assert microphone.dropped == 250 - MAX_WAITING_BLOCKS
    assert sound.t_s == pytest.approx(microphone.dropped * 0.032)
    assert sound.seq == 0


def test_a_loop_has_no_gap(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.full(1024, 0.25), SAMPLE_RATE_HZ, subtype="FLOAT")
    clock = SteppedClock()
    microphone = SoundFileMicrophone(path, clock, loop=True)
    sounds = play(microphone, clock, ticks=500)
    assert not microphone.finished
    assert len(sounds) == int(499 * 0.02 / 0.032)
    assert all((sound.samples == 0.25).all() for sound in sounds)


def test_channels_are_averaged_and_never_beyond_full_scale(tmp_path):
    path = tmp_path / "a.wav"
    both = np.stack([np.full(2048, 0.9), np.full(2048, 0.5)], axis=1)
    soundfile.write(path, both, SAMPLE_RATE_HZ, subtype="FLOAT")
    assert read_sound_file(path).samples == pytest.approx(0.7)


def test_samples_that_are_no_numbers_or_too_loud_are_tamed(tmp_path):
    path = tmp_path / "a.wav"
    wild = np.array([np.nan, np.inf, -np.inf, 7.0, -7.0, 0.5] * 200, dtype=np.float32)
    soundfile.write(path, wild, SAMPLE_RATE_HZ, subtype="FLOAT")
    samples = read_sound_file(path).samples
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1.0


def test_the_sound_of_a_video_is_heard(tmp_path, video_file):
    path = video_file(tmp_path / "a.mp4", frames=10, sound_s=1.0)
    clock = SteppedClock()
    sounds = play(SoundFileMicrophone(path, clock), clock)
    assert peak_hz(np.concatenate([sound.samples for sound in sounds])[4000:12000]) == pytest.approx(440.0, abs=3)


def test_a_video_without_sound_says_so(tmp_path, video_file):
    with pytest.raises(MediaError, match=r"a\.mp4: this video has no sound"):
        SoundFileMicrophone(video_file(tmp_path / "a.mp4"), SteppedClock())


def test_a_text_file_is_refused(tmp_path):
    path = tmp_path / "voice.wav"
    path.write_text("not a sound at all\n" * 100)
    with pytest.raises(MediaError, match=r"voice\.wav: this is not a sound file"):
        SoundFileMicrophone(path, SteppedClock())


def test_a_sound_file_without_samples_is_refused(tmp_path):
    path = tmp_path / "empty.wav"
    soundfile.write(path, np.zeros(0), SAMPLE_RATE_HZ)
    with pytest.raises(MediaError, match="empty"):
        SoundFileMicrophone(path, SteppedClock())


def test_a_file_cut_short_ends_early_without_an_error(tmp_path):
    path = tmp_path / "a.ogg"
    soundfile.write(path, np.random.default_rng(2).uniform(-0.5, 0.5, 80_000), SAMPLE_RATE_HZ)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    clock = SteppedClock()
    sounds = play(SoundFileMicrophone(path, clock), clock)
    assert 10 < len(sounds) < 157


@pytest.mark.parametrize("seed", range(6))
def test_garbage_inside_a_file_ends_in_sound_or_one_clear_error(tmp_path, seed):
    path = tmp_path / "a.ogg"
    soundfile.write(path, sine(300.0, 3.0, 16_000), SAMPLE_RATE_HZ)
    content, dice = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(40):
        content[dice.randrange(100, len(content))] = dice.randrange(256)
    path.write_bytes(content)
    clock = SteppedClock()
    try:
        sounds, complaint = play(SoundFileMicrophone(path, clock), clock, ticks=1000), ""
    except MediaError as error:
        sounds, complaint = [], str(error)
    assert bool(sounds) != ("a.ogg: " in complaint)
    assert all(np.isfinite(sound.samples).all() for sound in sounds)


def test_a_closed_file_is_silent(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(16_000), SAMPLE_RATE_HZ)
    microphone = SoundFileMicrophone(path, SteppedClock())
    microphone.close()
    microphone.close()
    assert microphone.finished
    assert microphone.read(1.0) is None


@pytest.mark.data
def test_a_real_clip_has_the_length_that_its_table_says(labelled_data: Path):
    path = labelled_data / "voice" / "ravdess" / "03-01-01-01-01-01-01.opus"
    reference, rate_hz = soundfile.read(path, dtype="float32")
    sound = read_sound_file(path)
    assert rate_hz == SAMPLE_RATE_HZ
    assert sound.duration_s == pytest.approx(len(reference) / rate_hz, abs=0.033)
    length = min(len(reference), len(sound.samples))
    assert np.corrcoef(reference[:length], sound.samples[:length])[0, 1] > 0.98
