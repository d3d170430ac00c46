"""PyAudio on a real sound server that changes under the robot: another rate, and a room that hears its own speaker."""

import numpy as np
import pytest
import soundfile

from hardware.clock import MonotonicClock
from hardware.pi.microphone import PyAudioMicrophone
from hardware.pi.speaker import PyAudioSpeaker
from hardware.ports import SAMPLE_RATE_HZ
from robot.care.doctor.checks import speaker as speaker_check
from tests.hardware.test_portaudio import hear, lost, strongest_hz, tone

pytestmark = pytest.mark.pulse


def test_f45_a_microphone_that_comes_back_at_another_rate_still_hears_the_same_pitch(pulse_server, tmp_path):
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(440.0, 12.0), SAMPLE_RATE_HZ)
    microphone = PyAudioMicrophone(MonotonicClock())
    assert microphone.read(10.0) is not None
    pulse_server.kill()
    assert "has gone" in lost(lambda: microphone.read(0.2))
    microphone.close()
    pulse_server.set_up(rate_hz=44_100)
    pulse_server.start()
    again = PyAudioMicrophone(MonotonicClock())
    player = pulse_server.run("paplay", "--device=mic_feed", str(path))
    loud, _ = hear(again, 20)
    player.kill()
    player.wait()
    heard_hz = strongest_hz(np.concatenate([sound.samples for sound in loud[5:]]))
    assert np.median(heard_hz) == pytest.approx(440.0, abs=10)
    again.close()
    assert microphone.read(0.1) is None, "what was closed stays so; its keeper built it anew"


def test_the_doctors_tone_goes_out_of_the_real_speaker_and_into_the_real_microphone(pulse_server):
    pulse_server.kill()
    pulse_server.set_up(rate_hz=16_000, microphone="robot_spk.monitor")
    pulse_server.start()
    clock = MonotonicClock()
    microphone, speaker = PyAudioMicrophone(clock), PyAudioSpeaker(clock)
    assert microphone.read(10.0) is not None
    echo = speaker_check.play_and_listen(speaker, microphone, clock)
    speaker.close()
    microphone.close()
    assert not any(finding.severity == "fault" for finding in speaker_check.judge(echo))
    assert echo.rise_db > 20
    assert 0 <= echo.delay_s < 1.5
