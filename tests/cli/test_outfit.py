import io

import numpy as np
import pytest
from PIL import Image

from hardware.clock import MonotonicClock, SteppedClock
from hardware.ports import Frame, Sound
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from hardware.virtual.switch import SwitchCamera, SwitchMicrophone
from robot.cli.outfit import Wish, devices_for
from robot.cli.page import Page
from robot.config import BodySettings, Config, ServerSettings
from robot.errors import BoardError, DeviceError, RapportError

PORTRAIT = "file:robot/simulator/sample/portrait.jpg"


@pytest.fixture
def page():
    return Page(ServerSettings(port=0), MonotonicClock(), takes_source=True)


def test_a_source_that_is_not_asked_for_is_left_out():
    devices = devices_for(Wish("none", "none"), Config(), SteppedClock(), None)
    assert devices.camera is None
    assert devices.microphone is None


def test_a_virtual_body_has_every_part():
    devices = devices_for(Wish(PORTRAIT, "none"), Config(), SteppedClock(), None)
    assert isinstance(devices.servos(), VirtualServos)
    assert isinstance(devices.lights(), VirtualLights)
    assert isinstance(devices.speaker(), RecordingSpeaker)
    assert devices.camera().read(0.0).pixels.ndim == 3


def test_an_unknown_source_and_an_unknown_board_are_refused():
    with pytest.raises(RapportError, match="teleporter"):
        devices_for(Wish("teleporter", "none"), Config(), SteppedClock(), None)
    with pytest.raises(BoardError, match="absent"):
        devices_for(Wish("none", "none"), Config(body=BodySettings(kind="pi", board="absent")), SteppedClock(), None)


def test_the_scene_gives_way_to_the_pages_own_camera_and_microphone_and_comes_back(page):
    devices = devices_for(Wish("scene", "scene"), Config(), MonotonicClock(), page)
    camera, microphone = devices.camera(), devices.microphone()
    assert isinstance(camera.device, SwitchCamera)
    assert isinstance(microphone.device, SwitchMicrophone)
    viewer = page.hub.join()
    page.hub.choose(viewer, "browser")
    assert (camera.device.selected, microphone.device.selected) == ("browser", "browser")
    page.hub.leave(viewer)
    assert (camera.device.selected, microphone.device.selected) == ("sample", "sample")


def test_a_borrowed_camera_takes_nothing_once_it_is_given_back_and_can_be_had_again(page):
    devices = devices_for(Wish("browser", "browser"), Config(), MonotonicClock(), page)
    camera = devices.camera()
    jpeg = io.BytesIO()
    Image.new("RGB", (32, 24), "grey").save(jpeg, "JPEG")
    page.camera.offer(jpeg.getvalue())
    assert camera.read(0.0) is not None
    page.camera.offer(jpeg.getvalue())
    camera.close()
    page.camera.offer(jpeg.getvalue())
    again = devices.camera()
    assert again.read(0.0) is None, "neither what lay there nor what came meanwhile"
    page.camera.offer(jpeg.getvalue())
    assert again.read(0.0) is not None


def test_a_scene_needs_a_page():
    with pytest.raises(RapportError, match="scene"):
        devices_for(Wish("scene", "none"), Config(), SteppedClock(), None)
    with pytest.raises(DeviceError):
        devices_for(Wish("browser", "none"), Config(), SteppedClock(), None).camera()


def test_a_page_sees_at_most_ten_pictures_a_second_and_none_while_nobody_looks(page):
    frame = np.zeros((480, 640, 3), np.uint8)
    page.watch(Frame(seq=0, t_s=0.0, pixels=frame))
    viewer = page.hub.join()
    for index in range(30):
        page.watch(Frame(seq=index, t_s=index / 30, pixels=frame))
        page.hub.take(viewer)
    _, pictures = page.hub.take(viewer)
    assert pictures == []
    page.watch(Frame(seq=99, t_s=10.0, pixels=frame))
    _, (picture,) = page.hub.take(viewer)
    assert picture[1:3] == b"\xff\xd8", "a JPEG"


def test_what_the_robot_says_reaches_the_page(page):
    devices = devices_for(Wish("none", "none"), Config(), MonotonicClock(), page)
    viewer = page.hub.join()
    page.hub.take(viewer)
    devices.speaker().play(Sound(seq=0, t_s=0.0, samples=np.full(1600, 0.25, np.float32)))
    _, (sound,) = page.hub.take(viewer)
    assert len(sound) == 1 + 2 * 1600
