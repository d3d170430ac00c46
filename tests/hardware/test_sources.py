"""A source is written as a person would, and a wrong one is answered with what there is."""

import numpy as np
import pytest
import soundfile
from PIL import Image

from hardware.clock import SteppedClock
from hardware.errors import DeviceError, MediaError
from hardware.virtual.none import NoCamera, NoMicrophone, NoSpeaker
from hardware.virtual.picture import PictureCamera
from hardware.virtual.sound_file import SoundFileMicrophone
from hardware.virtual.sources import Source, open_camera, open_microphone, parse_source
from hardware.virtual.video import VideoCamera


def test_every_kind_of_source_is_read(tmp_path):
    assert parse_source(f"file:{tmp_path}/a b:c.mp4") == Source("file", tmp_path / "a b:c.mp4")
    assert parse_source("browser") == Source("browser")
    assert parse_source("picamera2") == Source("picamera2")
    assert parse_source("picamera2:1") == Source("picamera2", device="1")
    assert parse_source("picamera2:imx708") == Source("picamera2", device="imx708")
    assert parse_source("pyaudio") == Source("pyaudio")
    assert parse_source("pyaudio:USB PnP: Mono") == Source("pyaudio", device="USB PnP: Mono")
    assert parse_source("none") == Source("none")


@pytest.mark.parametrize("text", ["", "webcam", "FILE:a.mp4", "/dev/video0", "http://example.org/a.mp4"])
def test_an_unknown_source_is_answered_with_the_valid_ones(text):
    with pytest.raises(DeviceError, match="file:PATH, browser, picamera2, pyaudio, none"):
        parse_source(text)


def test_a_bare_path_is_answered_with_the_way_to_write_it(tmp_path):
    path = tmp_path / "clip.mp4"
    path.touch()
    with pytest.raises(DeviceError, match=f"did you mean file:{path}"):
        parse_source(str(path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file:", "names no file"),
        ("none:x", "write none"),
        ("browser:1", "write browser"),
    ],
)
def test_a_source_with_a_wrong_ending_says_what_to_write(text, message):
    with pytest.raises(DeviceError, match=message):
        parse_source(text)


def test_a_file_becomes_the_camera_that_its_content_asks_for(tmp_path, video_file):
    picture = tmp_path / "picture"
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    assert isinstance(open_camera(Source("file", picture), SteppedClock()), PictureCamera)
    video = video_file(tmp_path / "video.mp4").rename(tmp_path / "video.png")
    assert isinstance(open_camera(Source("file", video), SteppedClock()), VideoCamera)


def test_a_sound_file_becomes_a_microphone(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(100), 16_000)
    assert isinstance(open_microphone(Source("file", path), SteppedClock()), SoundFileMicrophone)


def test_a_missing_file_is_named(tmp_path):
    source = Source("file", tmp_path / "gone.mp4")
    for build in (open_camera, open_microphone):
        with pytest.raises(MediaError, match=r"gone\.mp4: no such file"):
            build(source, SteppedClock())


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(MediaError, match="folder"):
        open_camera(Source("file", tmp_path), SteppedClock())


def test_a_picture_has_no_sound(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path)
    with pytest.raises(MediaError, match="this is a picture and has no sound"):
        open_microphone(Source("file", path), SteppedClock())


def test_a_microphone_is_no_camera_and_a_camera_no_microphone():
    with pytest.raises(DeviceError, match="pyaudio is a microphone"):
        open_camera(Source("pyaudio"), SteppedClock())
    with pytest.raises(DeviceError, match="picamera2 is a camera"):
        open_microphone(Source("picamera2"), SteppedClock())


def test_the_browser_needs_its_page_and_is_built_by_it():
    with pytest.raises(DeviceError, match="needs the page"):
        open_camera(Source("browser"), SteppedClock())
    built = NoCamera(SteppedClock())
    assert open_camera(Source("browser"), SteppedClock(), browser=lambda: built) is built


def test_none_never_delivers_never_ends_and_lets_time_pass():
    clock = SteppedClock()
    camera = open_camera(Source("none"), clock)
    microphone = open_microphone(Source("none"), clock)
    assert isinstance(camera, NoCamera)
    assert isinstance(microphone, NoMicrophone)
    for part in (camera, microphone):
        assert part.read(1.5) is None
        part.close()
        assert not part.finished
        assert part.dropped == 0
    assert clock.now_s() == 3.0


def test_no_speaker_swallows_sound():
    speaker = NoSpeaker()
    speaker.play(None)
    speaker.stop()
    assert not speaker.playing
    speaker.close()
