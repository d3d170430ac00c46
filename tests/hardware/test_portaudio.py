"""Microphone and speaker through PyAudio, for real: a private PulseAudio with a null sink and a virtual source."""

import threading
import time

import numpy as np
import pytest
import soundfile

from hardware.clock import MonotonicClock
from hardware.errors import DeviceError, DeviceLost
from hardware.pi.microphone import BLOCK_SAMPLES, PyAudioMicrophone
from hardware.pi.speaker import PyAudioSpeaker
from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.sources import Source, open_microphone

pytestmark = pytest.mark.pulse


def tone(hz, duration_s, level=0.5):
    return (level * np.sin(2 * np.pi * hz * np.arange(round(duration_s * 16_000)) / 16_000)).astype(np.float32)


def peak_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * SAMPLE_RATE_HZ / len(samples)


def hear(microphone, wanted, give_up_s=20.0):
    """Blocks until there are `wanted` that are not silent."""
    clock, loud, every = MonotonicClock(), [], []
    while len(loud) < wanted and clock.now_s() < give_up_s:
        if (sound := microphone.read(0.5)) is not None:
            every.append(sound)
            if np.abs(sound.samples).max() > 0.05:
                loud.append(sound)
    return loud, every


def lost(read, give_up_s=20.0):
    """The message with which a device says that it has gone."""
    clock = MonotonicClock()
    while clock.now_s() < give_up_s:
        try:
            read()
        except DeviceLost as error:
            return str(error)
    return None


def strongest_hz(samples, window=1600):
    """The strongest frequency of each 0.1 s that sounds: a busy computer may tear holes into sound, which move none."""
    pieces = [samples[start : start + window] for start in range(0, len(samples) - window, window)]
    return [peak_hz(piece) for piece in pieces if np.abs(piece).max() > 0.2]


def test_the_microphone_hears_the_tone_that_is_played_to_it(pulse_server, tmp_path):
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(520.0, 12.0), SAMPLE_RATE_HZ)
    clock = MonotonicClock()
    microphone = open_microphone(Source("pyaudio"), clock)
    player = pulse_server.run("paplay", "--device=mic_feed", str(path))
    loud, every = hear(microphone, 40)
    player.kill()
    player.wait()
    heard_hz = strongest_hz(np.concatenate([sound.samples for sound in loud[5:40]]))
    assert np.median(heard_hz) == pytest.approx(520.0, abs=10)
    levels = [np.sqrt(np.mean(sound.samples**2)) for sound in loud[5:40]]
    assert np.median(levels) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)
    assert {len(sound.samples) for sound in every} == {BLOCK_SAMPLES}
    assert [sound.seq for sound in every] == list(range(len(every)))
    times_s = np.array([sound.t_s for sound in every])
    assert (np.diff(times_s) > 0).all()
    assert times_s[-1] <= clock.now_s()
    microphone.close()
    microphone.close()
    assert microphone.finished
    assert microphone.read(1.0) is None


class Recorder:
    """What comes out of the speaker's sink, read as it comes."""

    def __init__(self, server):
        self.process = server.run(
            "parec", "--device=robot_spk.monitor", "--rate=16000", "--channels=1", "--format=s16le"
        )
        self.heard = np.zeros(0, dtype=np.float32)

    def until(self, enough, longest_s=60):
        """Read on until `enough(heard)`."""
        while not enough(self.heard):
            assert len(self.heard) < longest_s * SAMPLE_RATE_HZ, "waited in vain"
            data = self.process.stdout.read(3200)
            assert data, "parec ended"
            self.heard = np.concatenate([self.heard, np.frombuffer(data, dtype="<i2").astype(np.float32) / 32768])

    def stop(self):
        self.process.kill()
        self.process.wait()


def quiet_at_the_end(heard):
    return len(heard) > 8000 and np.abs(heard[-8000:]).max() < 0.01


def test_the_speaker_plays_what_it_is_given_and_nothing_after_stop(pulse_server):
    recorder = Recorder(pulse_server)
    speaker = PyAudioSpeaker(MonotonicClock())
    assert not speaker.playing
    clock = MonotonicClock()
    speaker.play(Sound(0, 0.0, tone(330.0, 1.0)))
    speaker.play(Sound(1, 0.0, tone(660.0, 1.0)))
    assert speaker.playing
    recorder.until(lambda heard: np.abs(heard).max(initial=0.0) > 0.1)
    recorder.until(lambda heard: not speaker.playing)
    assert clock.now_s() > 1.9, "it takes at least as long as the sound"
    recorder.until(quiet_at_the_end)
    heard_hz = np.array(strongest_hz(recorder.heard))
    low, high = np.flatnonzero(abs(heard_hz - 330) <= 10), np.flatnonzero(abs(heard_hz - 660) <= 10)
    assert len(low) >= 4
    assert len(high) >= 4
    assert np.median(low) < np.median(high)
    before = len(recorder.heard)
    speaker.play(Sound(2, 0.0, tone(880.0, 60.0)))
    recorder.until(lambda heard: np.abs(heard[before:]).max(initial=0.0) > 0.1)
    speaker.stop()
    recorder.until(lambda heard: not speaker.playing)
    recorder.until(quiet_at_the_end)
    recorder.stop()
    speaker.close()
    speaker.close()
    with pytest.raises(DeviceLost):
        speaker.play(Sound(3, 0.0, tone(330.0, 0.1)))


def test_a_microphone_whose_server_dies_is_lost_and_works_again_when_built_anew(pulse_server, tmp_path):
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(440.0, 12.0), SAMPLE_RATE_HZ)
    microphone = PyAudioMicrophone(MonotonicClock())
    assert microphone.read(10.0) is not None
    pulse_server.kill()
    message = lost(lambda: microphone.read(0.2))
    assert message is not None
    assert "has gone" in message
    microphone.close()
    with pytest.raises(DeviceError):
        PyAudioMicrophone(MonotonicClock())
    pulse_server.start()
    again = PyAudioMicrophone(MonotonicClock())
    player = pulse_server.run("paplay", "--device=mic_feed", str(path))
    loud, _ = hear(again, 20)
    player.kill()
    player.wait()
    assert np.median(strongest_hz(np.concatenate([sound.samples for sound in loud[5:]]))) == pytest.approx(
        440.0, abs=10
    )
    again.close()


def test_a_speaker_whose_server_dies_is_lost_and_works_again_when_built_anew(pulse_server):
    speaker = PyAudioSpeaker(MonotonicClock())
    speaker.play(Sound(0, 0.0, tone(330.0, 20.0)))
    pulse_server.kill()
    silence = Sound(0, 0.0, np.zeros(0, dtype=np.float32))
    assert "has gone" in lost(lambda: speaker.play(silence))
    assert not speaker.playing
    speaker.stop()
    speaker.close()
    pulse_server.start()
    again = PyAudioSpeaker(MonotonicClock())
    again.play(Sound(0, 0.0, tone(330.0, 0.2)))
    assert again.playing
    again.close()


def test_another_thread_may_close_while_one_waits(pulse_server):
    microphone = PyAudioMicrophone(MonotonicClock())
    assert microphone.read(10.0) is not None
    closer = threading.Thread(target=microphone.close)
    closer.start()
    while not microphone.finished:
        microphone.read(0.5)
    assert microphone.read(0.5) is None
    closer.join(10.0)


def test_a_device_is_chosen_by_a_part_of_its_name(pulse_server):
    microphone = PyAudioMicrophone(MonotonicClock(), device="PUL")
    assert microphone.name == "pulse"
    microphone.close()


def test_a_device_that_is_not_there_is_answered_with_those_that_are(pulse_server):
    with pytest.raises(DeviceError, match=r"no microphone called 'Trumpet'; there is .*'pulse'"):
        PyAudioMicrophone(MonotonicClock(), device="Trumpet")
    with pytest.raises(DeviceError, match=r"no speaker called 'Trumpet'; there is .*'pulse'"):
        PyAudioSpeaker(MonotonicClock(), device="Trumpet")


def test_a_reader_that_sleeps_loses_the_oldest_blocks_and_they_are_counted(pulse_server):
    microphone = PyAudioMicrophone(MonotonicClock())
    clock = MonotonicClock()
    while microphone.dropped == 0 and clock.now_s() < 30.0:
        time.sleep(0.05)
    assert microphone.dropped > 0
    assert microphone.read(1.0).seq == 0
    microphone.close()
