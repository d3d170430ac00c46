"""Camera, microphone and lights: what a procedure finds is what was wrong."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from hardware.boards.board import LightsSpec
from hardware.boards.calibration import CameraCalibration
from hardware.clock import SteppedClock
from hardware.ports import Pixels
from hardware.virtual.body import VirtualLights
from hardware.virtual.media import read_picture
from robot.care.calibration.camera import Eye, calibrate_camera, sharpness
from robot.care.calibration.lights import Lamp, calibrate_lights
from robot.care.calibration.microphone import EarBench, calibrate_microphone, gain_for
from robot.config import InferenceSettings
from robot.errors import ConfigError
from robot.senses.sight.detector import FaceDetector
from robot.simulator.sample_scene import SAMPLE_FOLDER
from tests.care.calibration.person import Person
from tests.care.doctor.patient import Ears, Eyes

PORTRAIT = read_picture(SAMPLE_FOLDER / "portrait.jpg")


@pytest.fixture(scope="module")
def faces():
    return FaceDetector.open(InferenceSettings(accelerator="cpu"), 0.6)


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
def test_a_camera_that_is_built_in_askew_is_turned_back(faces, turn_deg):
    clock = SteppedClock()
    askew = np.ascontiguousarray(np.rot90(PORTRAIT, turn_deg // 90))
    eye = Eye(lambda: Eyes(clock, lambda index: askew, rate_hz=2.0), faces, clock)
    found = calibrate_camera(Person("ok", "ok"), eye)
    assert found.turn_deg == turn_deg
    assert found.sharpness == pytest.approx(sharpness(PORTRAIT), rel=0.25)


def test_without_a_face_it_asks_again_and_may_be_left(faces):
    clock = SteppedClock()
    wall = np.full((240, 320, 3), 90, np.uint8)
    person = Person("ok", "ok", "skip")
    found = calibrate_camera(person, Eye(lambda: Eyes(clock, lambda index: wall, rate_hz=2.0), faces, clock))
    assert found == CameraCalibration(0, 0.0)
    assert any("no face was found" in text for text in person.told)


def test_turning_the_lens_shows_in_the_figure():
    soft = np.asarray(Image.fromarray(PORTRAIT).filter(ImageFilter.GaussianBlur(4)))
    assert sharpness(soft) < 0.5 * sharpness(PORTRAIT)


def room_and_speech(clock, floor, speech):
    """Quiet for the first four seconds, then somebody talks."""
    rng = np.random.default_rng(1)
    return Ears(clock, lambda t_s: rng.normal(0, speech if t_s > 3.1 else floor, 512))


@pytest.mark.parametrize(("speech", "gain_db"), [(0.005, 20.0), (0.05, 0.0), (0.2, -12.0)])
def test_speech_is_brought_to_its_level(speech, gain_db):
    clock = SteppedClock()
    found = calibrate_microphone(Person("ok", "ok"), EarBench(lambda: room_and_speech(clock, 2e-4, speech), clock))
    assert found.gain_db == pytest.approx(gain_db, abs=1.5)
    assert found.speech_dbfs + found.gain_db == pytest.approx(-26.0, abs=1.5)


def test_a_voice_that_drowns_is_said_and_tried_again():
    clock = SteppedClock()
    person = Person("ok", "ok", "again", "ok", "keep")
    calibrate_microphone(person, EarBench(lambda: room_and_speech(clock, 0.02, 0.03), clock))
    assert "dB above the room" in person.asked[2].text


def test_the_gain_leaves_room_for_peaks_and_has_ends():
    assert gain_for(-40.0, 0.5) == pytest.approx(3.0, abs=0.1)
    assert gain_for(-90.0, 0.0001) == 30.0
    assert gain_for(0.0, 1.0) == -20.0


class Chain:
    """A chain of real pixels: `wired` says which colour each channel feeds; only `there` of them exist."""

    def __init__(self, wired, there):
        self._wired, self._there = wired, there
        self.now = ()

    def open(self, spec):
        chain = self

        class Shown(VirtualLights):
            def show(self, pixels):
                super().show(pixels)
                fed = [spec.fed(*colour) for colour in self.pixels.colours]
                chain.now = tuple(dict(zip(chain._wired, colour, strict=True)) for colour in fed[: chain._there])

        return Shown(spec.count)

    def person(self, *rest):
        def colour(question):
            first = self.now[0]
            return max(first, key=lambda name: first[name])

        def lit(question):
            return "yes" if len(self.now) and any(level > 0 for level in self.now[-1].values()) else "no"

        def answer(question):
            return colour(question) if "colour" in question.text else lit(question)

        return Person(answer, answer, *[answer] * rest[0], *rest[1:])


@pytest.mark.parametrize("wired", ["rgb", "grb", "brg", "bgr", "rbg", "gbr"])
def test_every_order_of_colours_is_found(wired):
    chain, spec = Chain(wired, 4), LightsSpec("ws2812", count=4, brightness=0.5)
    found = calibrate_lights(chain.person(1, "ok"), Lamp(spec, chain.open))
    assert (found.order, found.count, found.brightness) == (wired, 4, 0.5)
    chain.open(LightsSpec("ws2812", count=4, order=found.order)).show(Pixels(((1.0, 0.0, 0.0),)))
    assert chain.now[0] == {"r": 1.0, "g": 0.0, "b": 0.0}


def test_fewer_pixels_than_the_board_says_and_dimmer_are_found():
    chain, spec = Chain("grb", 3), LightsSpec("ws2812", count=5, brightness=0.5)
    found = calibrate_lights(chain.person(3, "-", "-", "+", "+", "+", "+", "-", "ok"), Lamp(spec, chain.open))
    assert found.count == 3
    assert found.brightness == pytest.approx(0.35)


def test_lights_that_do_not_shine_are_for_the_doctor():
    spec = LightsSpec("ws2812", count=5)
    with pytest.raises(ConfigError, match="rapport doctor lights"):
        calibrate_lights(Person("none"), Lamp(spec, lambda spec: VirtualLights(spec.count)))
