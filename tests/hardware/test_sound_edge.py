"""Microphones and speakers that are not 16 kHz mono, sample counting, and computers without any sound."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.clock import MonotonicClock, SteppedClock
from hardware.errors import DeviceError, DeviceLost
from hardware.pi import microphone as microphone_module
from hardware.pi import speaker as speaker_module
from hardware.pi.microphone import PyAudioMicrophone, mono
from hardware.pi.portaudio import AudioDevice, formats_to_try, open_portaudio
from hardware.pi.resampler import StreamResampler, resample
from hardware.pi.sample_clock import SampleClock
from hardware.pi.speaker import PyAudioSpeaker
from hardware.ports import Sound
from hardware.virtual.sources import Source, open_microphone


def tone(hz, duration_s, rate_hz=16_000):
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(round(duration_s * rate_hz)) / rate_hz)).astype(np.float32)


def peak_hz(samples, rate_hz=16_000):
    return np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples))))) * rate_hz / len(samples)


class Stream:
    def __init__(self):
        self.active = True

    def is_active(self):
        return self.active

    def close(self):
        self.active = False


class OneCard:
    """PortAudio with one sound card that knows one format only, as cards without a sound server do."""

    def __init__(self, rate_hz, channels):
        self.rate_hz, self.channels = rate_hz, channels
        self.terminated = False

    def get_device_count(self):
        return 1

    def get_device_info_by_index(self, index):
        counts = {"maxInputChannels": self.channels, "maxOutputChannels": self.channels}
        return {"index": 0, "name": "USB card", "defaultSampleRate": float(self.rate_hz)} | counts

    def get_default_input_device_info(self):
        return self.get_device_info_by_index(0)

    get_default_output_device_info = get_default_input_device_info

    def open(self, rate, channels, stream_callback, frames_per_buffer, **_):
        if (rate, channels) != (self.rate_hz, self.channels):
            raise OSError(-9997, "Invalid sample rate")
        self.callback, self.frames = stream_callback, frames_per_buffer
        self.stream = Stream()
        return self.stream

    def terminate(self):
        self.terminated = True

    def record(self, channels):
        """The card has recorded this: shape (n, channels)."""
        data = channels.astype(np.float32).tobytes()
        return self.callback(data, len(channels), {"current_time": 0.0, "input_buffer_adc_time": 0.0}, 0)

    def ask(self, frames):
        times = {"current_time": 1.0, "output_buffer_dac_time": 1.05}
        data, _ = self.callback(None, frames, times, 0)
        return np.frombuffer(data, dtype=np.float32).reshape(frames, self.channels)


@pytest.fixture
def card(monkeypatch):
    pytest.importorskip("pyaudio", reason="not measured: PyAudio missing")

    def build(rate_hz, channels):
        one = OneCard(rate_hz, channels)
        for module in (microphone_module, speaker_module):
            monkeypatch.setattr(module, "open_portaudio", lambda: one)
        return one

    return build


@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (44_100, 2), (48_000, 1), (48_000, 6), (8_000, 1)])
def test_a_card_of_any_format_is_heard_at_sixteen_kilohertz(card, rate_hz, channels):
    one = card(rate_hz, channels)
    microphone = PyAudioMicrophone(MonotonicClock())
    recorded = np.repeat(tone(440.0, 2.0, rate_hz)[:, np.newaxis], channels, axis=1)
    heard = []
    for start in range(0, len(recorded), one.frames):
        assert one.record(recorded[start : start + one.frames]) == (None, 0)
        while (sound := microphone.read(0.0)) is not None:
            heard.append(sound)
    samples = np.concatenate([sound.samples for sound in heard])
    assert len(samples) == pytest.approx(32_000, abs=1200)
    assert peak_hz(samples[4000:28_000]) == pytest.approx(440.0, abs=1)
    assert np.abs(samples[4000:28_000]).max() == pytest.approx(0.5, abs=0.02)
    microphone.close()
    assert one.terminated


@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (44_100, 2), (48_000, 6)])
def test_a_card_of_any_format_plays_the_same_tone_on_every_channel(card, rate_hz, channels):
    one = card(rate_hz, channels)
    speaker = PyAudioSpeaker(MonotonicClock())
    speaker.play(Sound(0, 0.0, tone(440.0, 1.0)))
    played = np.concatenate([one.ask(one.frames) for _ in range(40)])
    assert (played == played[:, :1]).all()
    loud = np.flatnonzero(np.abs(played[:, 0]) > 0.01)
    assert loud[-1] - loud[0] == pytest.approx(rate_hz, rel=0.02)
    assert peak_hz(played[: rate_hz // 2, 0], rate_hz) == pytest.approx(440.0, abs=3)
    speaker.close()


def test_stop_fades_and_then_is_silent(card):
    one = card(16_000, 1)
    speaker = PyAudioSpeaker(MonotonicClock())
    speaker.play(Sound(0, 0.0, np.ones(16_000, dtype=np.float32)))
    one.ask(512)
    speaker.stop()
    after = one.ask(512)[:, 0]
    assert after[:80] == pytest.approx(np.linspace(1.0, 0.0, 80), abs=1e-6)
    assert not after[80:].any()


def test_playing_lasts_until_the_sound_has_left_the_device(card):
    one, clock = card(16_000, 1), SteppedClock()
    speaker = PyAudioSpeaker(clock)
    speaker.play(Sound(0, 0.0, np.ones(512, dtype=np.float32)))
    one.ask(512)
    clock.wait_s(0.08)
    assert speaker.playing, "0.032 s of sound behind 0.05 s of delay"
    clock.wait_s(0.003)
    assert not speaker.playing


def test_a_speaker_takes_two_minutes_and_counts_the_rest(card):
    card(16_000, 1)
    speaker = PyAudioSpeaker(MonotonicClock())
    minute = Sound(0, 0.0, np.zeros(60 * 16_000, dtype=np.float32))
    for _ in range(5):
        speaker.play(minute)
    assert speaker.dropped == 3


def test_wild_samples_are_tamed_before_they_reach_the_amplifier(card):
    one = card(16_000, 1)
    speaker = PyAudioSpeaker(MonotonicClock())
    speaker.play(Sound(0, 0.0, np.array([np.nan, np.inf, -9.0, 0.5], dtype=np.float32)))
    assert one.ask(4)[:, 0].tolist() == [0.0, 1.0, -1.0, 0.5]


def test_a_card_that_falls_silent_is_lost(card):
    card(16_000, 1)
    clock = SteppedClock()
    microphone, speaker = PyAudioMicrophone(clock), PyAudioSpeaker(clock)
    assert microphone.read(0.0) is None
    clock.wait_s(6.1)
    with pytest.raises(DeviceLost, match="sent nothing for 6 s"):
        microphone.read(0.0)
    with pytest.raises(DeviceLost, match="has gone"):
        speaker.play(Sound(0, 0.0, tone(440, 0.1)))


def test_what_the_system_threw_away_is_counted(card):
    one = card(16_000, 1)
    microphone = PyAudioMicrophone(MonotonicClock())
    one.callback(np.zeros(512, dtype=np.float32).tobytes(), 512, {}, 2)
    assert microphone.dropped == 1


def test_a_card_that_refuses_everything_says_so_and_is_let_go(card):
    one = card(16_000, 1)
    one.rate_hz, one.channels = 11_025, 7
    one.get_device_info_by_index = lambda index: {
        "index": 0, "name": "Odd", "defaultSampleRate": 96_000.0, "maxInputChannels": 2, "maxOutputChannels": 2,
    }  # fmt: skip
    with pytest.raises(DeviceError, match=r"microphone 'Odd' cannot be opened .*Invalid sample rate"):
        PyAudioMicrophone(MonotonicClock())
    assert one.terminated


def test_our_own_format_is_asked_for_first_and_each_only_once():
    formats = list(formats_to_try(AudioDevice(0, "x", 44_100, 2)))
    assert formats[0] == (16_000, 1)
    assert len(formats) == len(set(formats)) == 6


def test_without_pyaudio_the_error_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyaudio", None)
    with pytest.raises(DeviceError, match="pip install PyAudio"):
        open_microphone(Source("pyaudio"), MonotonicClock())


def test_looking_for_devices_prints_nothing(capfd):
    pytest.importorskip("pyaudio", reason="not measured: PyAudio missing")
    open_portaudio().terminate()
    assert capfd.readouterr().err == ""


def test_channels_are_averaged_and_nonsense_silenced():
    data = np.array([0.5, -0.1, np.nan, 1.0, 9.0, 9.0], dtype=np.float32).tobytes()
    assert mono(data, 2) == pytest.approx([0.2, 0.0, 1.0])


@given(st.lists(st.floats(0.0, 0.08), min_size=50, max_size=200))
def test_jitter_of_arrival_hardly_reaches_the_time_of_the_samples(lateness_s):
    clock, last_s = SampleClock(16_000), -1.0
    for index, late_s in enumerate(lateness_s):
        block_s = clock.block_start_s(5.0 + (index + 1) * 0.032 + late_s, 512)
        assert block_s > last_s
        last_s = block_s
    for index in range(len(lateness_s), len(lateness_s) + 10):
        block_s = clock.block_start_s(5.0 + (index + 1) * 0.032 + 0.05, 512)
    error_s = block_s - (5.0 + index * 0.032) - min([*lateness_s, 0.05])
    assert -1e-9 <= error_s <= 0.002


def test_a_gap_in_the_stream_moves_the_time_on():
    clock = SampleClock(16_000)
    clock.block_start_s(10.032, 512)
    assert clock.block_start_s(12.064, 512) == pytest.approx(12.032)


def test_a_slow_crystal_is_followed():
    clock = SampleClock(16_000)
    for index in range(20_000):
        true_s = index * 0.032 * 1.0001
        block_s = clock.block_start_s(true_s + 0.032, 512)
    assert block_s == pytest.approx(true_s, abs=0.001)


@pytest.mark.parametrize(("from_hz", "to_hz"), [(48_000, 16_000), (44_100, 16_000), (16_000, 44_100)])
def test_a_stream_cut_into_odd_pieces_sounds_like_the_whole(from_hz, to_hz):
    sound = tone(440.0, 1.0, from_hz)
    stream, parts, start = StreamResampler(from_hz, to_hz), [], 0
    for length in np.random.default_rng(1).integers(1, 2000, 200):
        parts.append(stream.push(sound[start : start + length]))
        start += length
    parts.append(stream.flush())
    pieces = np.concatenate(parts)
    np.testing.assert_allclose(pieces, resample(sound, from_hz, to_hz), atol=1e-6)
    assert len(pieces) == pytest.approx(to_hz, abs=64)
    assert peak_hz(pieces, to_hz) == pytest.approx(440.0, abs=2)


def test_the_same_rate_is_left_alone():
    sound = tone(440.0, 0.1)
    assert resample(sound, 16_000, 16_000) is sound
