"""The microphone, and the way from the speaker to it."""

import numpy as np
import pytest

from hardware.clock import SteppedClock
from hardware.errors import DeviceError, DeviceLost
from hardware.ports import SAMPLE_RATE_HZ
from robot.care.doctor.checks import microphone, speaker
from tests.care.doctor.patient import BLOCK, Ears, Mute, Silence, murmur, only, patient


def hear(samples, **how):
    clock = SteppedClock()
    return list(microphone.examine(patient(clock, microphone=lambda: Ears(clock, samples, **how))))


def test_a_microphone_in_a_quiet_room_is_well():
    finding = only(hear(murmur))
    assert finding.severity == "ok"
    assert finding.measured["floor_dbfs"] == pytest.approx(-50.5, abs=1.0)
    assert finding.measured["clipped_share"] == 0


@pytest.mark.parametrize(
    ("samples", "how", "severity", "says"),
    [
        (lambda t_s: np.zeros(BLOCK), {}, "fault", "digital silence"),
        (lambda t_s: murmur(t_s, 2e-5), {}, "warning", "almost nothing"),
        (lambda t_s: murmur(t_s, 0.05), {}, "warning", "noisy"),
        (lambda t_s: murmur(t_s) + 0.05, {}, "note", "offset"),
        (murmur, {"dropped": 7}, "warning", "7 blocks"),
        (murmur, {"speed": 1.05}, "warning", "clock is -4.8% off"),
    ],
)
def test_what_is_wrong_with_the_sound_is_named(samples, how, severity, says):
    found = [each for each in hear(samples, **how) if says in each.what]
    assert [each.severity for each in found] == [severity]
    assert found[0].fix


def test_clipping_is_counted():
    def loud(t_s):
        return np.clip(4.0 * np.sin(2 * np.pi * 200 * (t_s + np.arange(BLOCK) / SAMPLE_RATE_HZ)), -1, 1)

    assert any("clipped" in each.what for each in hear(loud))


def test_a_microphone_that_is_not_there_or_sends_nothing():
    def gone():
        raise DeviceError("no microphone is set as default; PortAudio finds none at all; plug one in")

    clock = SteppedClock()
    assert "plug one in" in only(microphone.examine(patient(microphone=gone))).what
    silent = only(microphone.examine(patient(clock, microphone=lambda: Silence(clock))))
    assert (silent.severity, "sent nothing" in silent.what) == ("fault", True)
    assert only(microphone.examine(patient(microphone=None))).severity == "note"


class Room:
    """A speaker and a microphone in one room: `gain` and `delay_s` from one to the other, `shape` bends the wave."""

    playing = False

    def __init__(self, clock, gain=0.3, delay_s=0.08, shape=lambda wave: wave):
        self._clock, self._gain, self._delay_s, self._shape = clock, gain, delay_s, shape
        self._wave, self._from_s = np.zeros(0), 0.0
        self.ears = Ears(clock, self._at)

    def play(self, sound):
        self._wave = self._shape(self._gain * sound.samples)
        self._from_s = self._clock.now_s() + self._delay_s

    def _at(self, t_s):
        first = round((t_s - self._from_s) * SAMPLE_RATE_HZ)
        places = np.arange(first, first + BLOCK)
        inside = (places >= 0) & (places < len(self._wave))
        heard = murmur(t_s)
        if inside.any():
            heard[inside] += self._wave[places[inside]]
        return heard

    stop = close = lambda self: None


def play_in(**how):
    clock = SteppedClock()
    room = Room(clock, **how)
    return list(speaker.examine(patient(clock, speaker=lambda: room, microphone=lambda: room.ears)))


def test_a_tone_is_heard_and_its_delay_measured():
    finding = only(play_in(delay_s=0.12))
    assert finding.severity == "ok"
    assert finding.measured["delay_ms"] == pytest.approx(120, abs=40)
    assert finding.measured["purity"] > 0.9
    assert finding.measured["tail_ms"] == pytest.approx(120, abs=50)


@pytest.mark.parametrize(
    ("how", "severity", "says"),
    [
        ({"gain": 0.0}, "fault", "did not hear it"),
        ({"gain": 0.006}, "warning", "faint"),
        ({"delay_s": 0.9}, "warning", "0.9 s late"),
        ({"shape": lambda wave: 0.2 * np.sign(np.sin(40 * np.arange(len(wave)))) + 0.3 * wave}, "warning", "distorted"),
    ],
)
def test_what_is_wrong_on_the_way_is_named(how, severity, says):
    found = [each for each in play_in(**how) if says in each.what]
    assert [each.severity for each in found] == [severity]
    assert found[0].fix


def test_what_cannot_be_measured_is_said_and_nothing_sounds_when_still():
    class Loud(Mute):
        def play(self, sound):
            raise AssertionError("it sounded")

    class Gone(Mute):
        def play(self, sound):
            raise DeviceLost("speaker 'USB' has gone; plug it in again")

    clock = SteppedClock()
    assert only(speaker.examine(patient(speaker=Loud, still=True))).severity == "note"
    assert only(speaker.examine(patient(board=None, speaker=Loud))).severity == "note"
    assert only(speaker.examine(patient(microphone=None))).severity == "note"
    assert only(speaker.examine(patient(clock, microphone=lambda: Silence(clock)))).severity == "note"
    assert "has gone" in only(speaker.examine(patient(speaker=Gone))).what
