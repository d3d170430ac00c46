"""Faults 43 to 46: eyes, ears and voice that go, freeze, change or were never there. The robot lives on and says so."""

import numpy as np
import pytest

from hardware.clock import MonotonicClock, SteppedClock
from hardware.errors import DeviceError, DeviceLost
from hardware.frozen import Frozen
from hardware.pi import microphone as microphone_module
from hardware.pi import speaker as speaker_module
from hardware.pi.camera import FROZEN_S, STALL_S, PiCamera, number_of
from hardware.pi.microphone import PyAudioMicrophone
from hardware.ports import SAMPLE_RATE_HZ, Frame, Sound
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from hardware.virtual.sources import parse_source
from robot.assembly import Devices, assemble
from robot.config import BodySettings, Config, VoiceSettings
from robot.messages import Health, Sighting
from tests.hardware.test_pi_camera import FakePicamera2
from tests.hardware.test_sound_edge import OneCard

SILENT = Config(voice=VoiceSettings(engine="chirps"))
REAL = Config(voice=VoiceSettings(engine="chirps"), body=BodySettings(kind="pi"))


class Port:
    """A device that a test pulls and plugs; `frames` are what a camera there shows."""

    dropped, finished = 0, False

    def __init__(self, clock, picture=None):
        self.clock, self.picture, self.plugged, self.seq = clock, picture, True, 0

    def open(self):
        if not self.plugged:
            raise DeviceError("no camera called 'imx708'; there is none at all")
        return self

    def read(self, timeout_s):
        if not self.plugged:
            raise DeviceLost("camera: no picture for 1.8 s; check its cable")
        if self.picture is None:
            return None
        self.seq += 1
        return Frame(self.seq, self.clock.now_s(), self.picture)

    def close(self):
        pass


def robot(clock, config=SILENT, **devices):
    """A robot in stepped time with a camera on a port, and everything it told."""
    told = []
    usual = {
        "camera": Port(clock, np.zeros((240, 320, 3), np.uint8)).open,
        "microphone": None,
        "servos": VirtualServos,
        "lights": lambda: VirtualLights(3),
        "speaker": lambda: RecordingSpeaker(clock),
    }
    return assemble(
        config, Devices(**usual | devices), clock, told.append, at_once=True, forgiving=config is REAL
    ), told


def live(companion, clock, seconds):
    for _ in range(round(seconds * 20)):
        companion.act(clock.now_s(), companion.lookout.look(0.0), companion.lookout.listen(0.0))
        clock.wait_s(0.05)


def health(told):
    return [message.parts for message in told if isinstance(message, Health)]


def test_f43_a_camera_that_is_pulled_is_told_within_two_seconds_and_taken_back():
    assert STALL_S <= 2.0
    assert FROZEN_S <= 2.0
    clock = SteppedClock()
    port = Port(clock, np.full((240, 320, 3), 90, np.uint8))
    companion, told = robot(clock, camera=port.open)
    live(companion, clock, 1.0)
    port.plugged = False
    live(companion, clock, 8.0)
    assert health(told)[-1]["camera"] == "lost"
    seen = sum(isinstance(message, Sighting) for message in told)
    live(companion, clock, 5.0)
    assert sum(isinstance(message, Sighting) for message in told) == seen, "nothing stale is shown"
    port.plugged = True
    live(companion, clock, 6.0)
    assert health(told)[-1]["camera"] == "ok"
    assert sum(isinstance(message, Sighting) for message in told) > seen


def test_f43_a_driver_that_stops_sending_is_lost_and_let_go():
    device = FakePicamera2()
    camera = PiCamera(MonotonicClock(), open_device=lambda name: device, stall_s=0.05, start_s=20.0)
    device.deliver()
    assert camera.read(10.0) is not None
    with pytest.raises(DeviceLost, match=r"no picture for 0\.05 s"):
        camera.read(20.0)
    camera.close()
    assert device.closed


def frame_at(t_s, picture):
    return Frame(0, t_s, picture)


def test_f43_a_picture_that_never_changes_is_frozen_a_still_scene_is_not():
    still = np.full((24, 32, 3), 90, np.uint8)
    frozen = Frozen(1.8)
    assert [frozen.since(frame_at(t_s / 10, still.copy())) for t_s in range(30)].index(True) == 18
    noisy, rng = Frozen(1.8), np.random.default_rng(1)
    grain = [rng.integers(0, 2, still.shape).astype(np.uint8) for _ in range(60)]
    assert not any(noisy.since(frame_at(index / 10, still + each)) for index, each in enumerate(grain))
    dim, black = Frozen(1.8), Frozen(1.8)
    assert not any(dim.since(frame_at(t_s / 10, still // 8)) for t_s in range(60)), "little light leaves little noise"
    assert any(black.since(frame_at(t_s / 10, still * 0)) for t_s in range(60)), "a shut lens, or a dead sensor"


def test_f43_a_pi_camera_that_repeats_its_last_buffer_is_lost(monkeypatch):
    monkeypatch.setattr("hardware.pi.camera.FROZEN_S", 0.0)
    device = FakePicamera2()
    camera = PiCamera(MonotonicClock(), open_device=lambda name: device)
    device.deliver()
    device.deliver()
    with pytest.raises(DeviceLost, match="the same picture"):
        for _ in range(3):
            camera.read(10.0)
    camera.close()


@pytest.mark.parametrize(
    "picture",
    [np.zeros((240, 320, 3), np.uint8), np.zeros((0, 0, 3), np.uint8), np.zeros((240, 320), np.float64),
     np.full((240, 320, 3), np.nan, np.float32)],
    ids=["black", "empty", "grey floats", "not a number"],
)  # fmt: skip
def test_f43_black_pictures_and_wrong_formats_are_no_sight_and_stop_nothing(picture):
    clock = SteppedClock()
    companion, told = robot(clock, camera=Port(clock, picture).open)
    live(companion, clock, 2.0)
    assert not any(isinstance(message, Sighting) for message in told)
    assert companion.lookout.bad_inputs > 5
    assert health(told)[-1]["camera"] == "ok"


CAMERAS = [
    {"Model": "ov5647", "Id": "/base/soc/i2c0mux/i2c@1/ov5647@36", "Num": 0},
    {"Model": "imx708", "Id": "/base/axi/pcie@120000/rp1/i2c@88000/imx708@1a", "Num": 1},
    {"Model": "USB 2.0 Camera", "Id": "/base/axi/pcie/rp1/usb@200000-1.2:1.0-32e4:9230", "Num": 2},
]


@pytest.mark.parametrize(("name", "number"), [("imx708", 1), ("usb@200000-1.2", 2), ("IMX", 1), ("0", 0), ("7", 7)])
def test_f44_a_camera_is_known_by_its_name_whatever_its_number(name, number):
    assert parse_source(f"picamera2:{name}").device == name
    assert number_of(name, CAMERAS) == number
    shuffled = [info | {"Num": index} for index, info in enumerate(reversed(CAMERAS))]
    if not name.isdecimal():
        assert number_of(name, shuffled) == 2 - number


def test_f44_a_camera_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(DeviceError, match=r"no camera called 'imx219'; there is 'ov5647', 'imx708', 'USB 2\.0 Camera'"):
        number_of("imx219", CAMERAS)
    with pytest.raises(DeviceError, match="none at all"):
        number_of("imx219", [])


class Cards(OneCard):
    """Several sound cards; which number each has changes when they are plugged in anew."""

    def __init__(self, names, rate_hz=16_000):
        super().__init__(rate_hz, 1)
        self.names = names

    def get_device_count(self):
        return len(self.names)

    def get_device_info_by_index(self, index):
        return super().get_device_info_by_index(0) | {"index": index, "name": self.names[index]}

    def open(self, rate, channels, stream_callback, frames_per_buffer, input_device_index=None, **rest):
        self.opened = input_device_index
        return super().open(rate, channels, stream_callback, frames_per_buffer, **rest)


def test_f45_a_microphone_that_comes_back_under_another_number_and_rate_is_found_by_its_name(monkeypatch):
    pytest.importorskip("pyaudio", reason="not measured: PyAudio missing")
    cards = Cards(["HDMI", "USB PnP Sound"], 16_000)
    monkeypatch.setattr(microphone_module, "open_portaudio", lambda: cards)
    microphone = PyAudioMicrophone(MonotonicClock(), "usb pnp")
    assert cards.opened == 1
    cards.stream.active = False
    with pytest.raises(DeviceLost, match="'USB PnP Sound' has gone"):
        microphone.read(0.0)
    microphone.close()
    cards.names, cards.rate_hz = ["USB PnP Sound", "HDMI", "Webcam"], 48_000
    again = PyAudioMicrophone(MonotonicClock(), "usb pnp")
    assert cards.opened == 0
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(cards.frames * 40) / 48_000)
    for start in range(0, len(wave), cards.frames):
        cards.record(wave[start : start + cards.frames, np.newaxis])
    heard = np.concatenate([again.read(0.0).samples for _ in range(30)])
    peak = np.argmax(np.abs(np.fft.rfft(heard * np.hanning(len(heard))))) * SAMPLE_RATE_HZ / len(heard)
    assert peak == pytest.approx(440, abs=3)
    again.close()


def test_f45_without_its_microphone_the_robot_is_deaf_tries_on_and_hears_again():
    clock = SteppedClock()

    class Ear(Port):
        def open(self):
            if not self.plugged:
                raise DeviceError("no microphone is set as default; PortAudio finds none at all")
            return self

        def read(self, timeout_s):
            if not self.plugged:
                raise DeviceLost("microphone 'USB' has gone; plug it in again")
            return Sound(0, self.clock.now_s(), np.zeros(512, np.float32))

    ear = Ear(clock)
    companion, told = robot(clock, microphone=ear.open)
    live(companion, clock, 1.0)
    ear.plugged = False
    live(companion, clock, 7.0)
    assert health(told)[-1]["microphone"] == "lost"
    assert any("I cannot hear" in message.text for message in told if hasattr(message, "text"))
    ear.plugged = True
    live(companion, clock, 6.0)
    assert health(told)[-1]["microphone"] == "ok"


def test_f46_a_real_robot_without_a_speaker_lives_answers_with_face_and_light_and_takes_it_when_it_comes(monkeypatch):
    monkeypatch.setattr("robot.care.supply.read_vitals", lambda: None)
    clock = SteppedClock()
    there = []

    def speaker():
        if not there:
            raise DeviceError("no speaker is set as default; PortAudio finds none at all; plug one in")
        return there[0]

    companion, told = robot(clock, REAL, speaker=speaker)
    assert "plug one in" in companion.faults["speaker"]
    live(companion, clock, 3.0)
    assert health(told)[-1]["speaker"] == "lost"
    assert health(told)[-1]["servos"] == health(told)[-1]["lights"] == "ok"
    there.append(RecordingSpeaker(clock))
    live(companion, clock, 6.0)
    assert health(told)[-1]["speaker"] == "ok"


def test_f46_f53_a_speaker_that_freezes_while_the_robot_is_silent_is_noticed_and_opened_anew(monkeypatch):
    monkeypatch.setattr("robot.care.supply.read_vitals", lambda: None)
    assert speaker_module.SILENT_S < 10.0
    clock, opened = SteppedClock(), []

    class Freezing(RecordingSpeaker):
        frozen = False

        def check(self):
            if self.frozen:
                raise DeviceLost("speaker 'USB' has gone; plug it in again")

    def speaker():
        opened.append(Freezing(clock))
        return opened[-1]

    companion, told = robot(clock, speaker=speaker)
    live(companion, clock, 1.0)
    opened[0].frozen = True
    live(companion, clock, 0.2)
    assert health(told)[-1]["speaker"] == "lost"
    live(companion, clock, 2.0)
    assert (len(opened), health(told)[-1]["speaker"]) == (2, "ok")


def test_f46_a_real_speaker_whose_stream_stands_still_says_so_though_nothing_is_played(monkeypatch):
    pytest.importorskip("pyaudio", reason="not measured: PyAudio missing")
    monkeypatch.setattr(speaker_module, "open_portaudio", lambda: Cards(["USB"], 16_000))
    clock = SteppedClock()
    speaker = speaker_module.PyAudioSpeaker(clock)
    speaker.check()
    clock.wait_s(speaker_module.SILENT_S + 0.1)
    with pytest.raises(DeviceLost, match="has gone"):
        speaker.check()
    speaker.close()


def test_f46_a_speaker_that_another_program_holds_says_so(monkeypatch):
    pytest.importorskip("pyaudio", reason="not measured: PyAudio missing")
    cards = Cards(["USB"], 16_000)

    def busy(**_):
        raise OSError(-9985, "Device unavailable")

    cards.open = busy
    monkeypatch.setattr(speaker_module, "open_portaudio", lambda: cards)
    with pytest.raises(DeviceError, match=r"speaker 'USB' cannot be opened .*Device unavailable.*not in use"):
        speaker_module.PyAudioSpeaker(MonotonicClock())
