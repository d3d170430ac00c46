"""The Pi camera, against a stand-in for the few calls of picamera2 that it makes.

The stand-in keeps picamera2's manners (its source, 0.3.31): requests must be released, only so many buffers exist,
`lores` rows are padded to a multiple of 64, a job waits in the queue until a frame comes, and closing with a job
in the queue hangs.
"""

import sys
import threading
import time
from concurrent.futures import CancelledError, Future

import numpy as np
import pytest
from PIL import Image

from hardware.clock import MonotonicClock
from hardware.errors import DeviceError, DeviceLost
from hardware.pi.camera import PiCamera, capture_time_s, open_picamera2, stream_settings
from hardware.pi.yuv import yuv420_to_rgb
from hardware.virtual.sources import Source, open_camera


def yuv420(rgb, stride):
    """RGB to padded planes, as the camera's image processor does it: full-range BT.601, chroma averaged over 2x2."""
    height, width = rgb.shape[:2]
    bands = [np.asarray(band) for band in Image.fromarray(rgb).convert("YCbCr").split()]
    planes = np.full((height * 3 // 2, stride), 77, dtype=np.uint8)
    planes[:height, :width] = bands[0]
    half = planes[height:].reshape(height, stride // 2)
    for index, band in enumerate(bands[1:]):
        small = band.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)).round()
        half[index * height // 2 : (index + 1) * height // 2, : width // 2] = small
    return planes


class Job:
    def __init__(self):
        self.future = Future()

    def get_result(self, timeout=None):
        return self.future.result(timeout=timeout)


class Request:
    def __init__(self, camera, stamp_ns):
        self.camera, self.stamp_ns, self.released = camera, stamp_ns, False

    def get_metadata(self):
        assert not self.released
        return {"SensorTimestamp": self.stamp_ns, "ExposureTime": 10_000}

    def make_array(self, name):
        assert not self.released
        config = self.camera.config[name]
        width, height = config["size"]
        picture = np.zeros((height, width, 3), dtype=np.uint8)
        picture[:, : width // 2] = (200, 40, 10)
        if config["format"] == "BGR888":
            return picture
        return yuv420(picture, stride=-(-width // 64) * 64)

    def release(self):
        assert not self.released
        self.released = True
        self.camera.buffers += 1


class FakePicamera2:
    def __init__(self, number=0, busy=False):
        self.number, self.busy = number, busy
        self.jobs, self.config = [], None
        self.started = self.closed = False
        self.job_waits = threading.Event()

    def create_preview_configuration(self, main, lores, controls, buffer_count):
        return {"main": main, "lores": lores, "controls": controls, "buffer_count": buffer_count}

    def configure(self, config):
        if self.busy:
            raise RuntimeError("Failed to acquire camera: Device or resource busy")
        width, height = config["lores"]["size"]
        self.config = config | {"lores": config["lores"] | {"size": (width - width % 64, height)}}
        self.buffers = config["buffer_count"]

    def camera_configuration(self):
        return self.config

    def start(self):
        self.started = True

    def capture_request(self, wait):
        assert self.started
        assert wait is False
        job = Job()
        self.jobs.append(job)
        self.job_waits.set()
        return job

    def cancel_all_and_flush(self):
        while self.jobs:
            self.jobs.pop().future.set_exception(CancelledError())

    def close(self):
        assert not self.jobs, "picamera2 hangs here"
        self.closed = True

    # What the test does to it.

    def deliver(self, age_ns=20_000_000):
        """The sensor has a frame: the job that waits for it gets it. Returns the frame's stamp."""
        assert self.job_waits.wait(10.0)
        self.job_waits.clear()
        assert self.buffers > 0, "every buffer is held: the camera would stall"
        self.buffers -= 1
        stamp_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - age_ns
        self.jobs.pop(0).future.set_result(Request(self, stamp_ns))
        return stamp_ns

    def fail(self, error):
        assert self.job_waits.wait(10.0)
        self.jobs.pop(0).future.set_exception(error)


@pytest.fixture
def opened():
    devices = []

    def build(**arguments):
        device = FakePicamera2(**{key: arguments.pop(key) for key in ("busy",) if key in arguments})
        devices.append(device)
        clock = arguments.pop("clock", MonotonicClock())
        return PiCamera(clock, open_device=lambda number: device, **arguments), device

    return build


def test_both_streams_come_as_rgb_of_the_same_moment(opened):
    camera, device = opened()
    device.deliver(age_ns=20_000_000)
    frame = camera.read(10.0)
    assert frame.pixels.shape == (960, 1280, 3)
    assert frame.small.shape == (240, 320, 3)
    assert frame.pixels[5, 5].tolist() == [200, 40, 10]
    assert frame.small[5, 5] == pytest.approx(np.array([200, 40, 10]), abs=4)
    assert frame.small[5, 300] == pytest.approx(np.array([0, 0, 0]), abs=4)
    assert not frame.pixels.flags.writeable
    camera.close()


def test_the_time_of_a_frame_is_the_sensors(opened):
    clock = MonotonicClock()
    camera, device = opened(clock=clock)
    device.deliver(age_ns=500_000_000)
    frame = camera.read(10.0)
    assert clock.now_s() - frame.t_s >= 0.5 - 0.01
    camera.close()


def test_a_slow_reader_gets_the_newest_frame_and_no_buffer_is_lost(opened):
    camera, device = opened()
    for _ in range(20):
        device.deliver()
    assert device.job_waits.wait(10.0), "the thread asks for frame 21, so frame 20 is in the mailbox"
    first = camera.read(10.0)
    assert (first.seq, camera.dropped) == (0, 19)
    assert camera.read(0.0) is None
    assert device.buffers == 4
    camera.close()


def test_a_camera_that_stalls_is_lost_and_let_go(opened):
    camera, device = opened(stall_s=0.05, start_s=0.05)
    with pytest.raises(DeviceLost, match=r"camera 0: no picture for 0\.05 s"):
        camera.read(30.0)
    camera.close()
    assert device.closed


def test_a_camera_stack_that_fails_is_lost_with_its_own_words(opened):
    camera, device = opened()
    device.fail(RuntimeError("Camera frontend has timed out!"))
    with pytest.raises(DeviceLost, match="Camera frontend has timed out"):
        camera.read(30.0)
    camera.close()


def test_after_close_nothing_comes_and_the_device_is_free(opened):
    camera, device = opened()
    assert device.job_waits.wait(10.0)
    camera.close()
    camera.close()
    assert camera.finished
    assert camera.read(1.0) is None
    assert device.closed


def test_a_camera_in_use_is_refused_and_let_go():
    device = FakePicamera2(busy=True)
    with pytest.raises(DeviceError, match=r"camera 2: cannot start it .*busy"):
        PiCamera(MonotonicClock(), "2", open_device=lambda name: device)
    assert device.closed


def test_the_rate_is_asked_of_the_sensor():
    assert stream_settings(15.0)["controls"] == {"FrameDurationLimits": (66667, 66667)}
    settings = stream_settings(30.0)
    assert settings["main"]["format"] == "BGR888"
    assert settings["lores"]["format"] == "YUV420"
    main, small = settings["main"]["size"], settings["lores"]["size"]
    assert main[0] * small[1] == main[1] * small[0], "both streams show the same view"


def test_without_picamera2_the_error_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(DeviceError, match=r"apt install python3-picamera2.*--system-site-packages"):
        open_camera(Source("picamera2"), MonotonicClock())


def test_a_camera_number_that_is_not_there_is_named(monkeypatch):
    class Module:
        @staticmethod
        def Picamera2(number):  # noqa: N802 - the library's own name
            raise IndexError("list index out of range")

        Picamera2.__func__.global_camera_info = list

    monkeypatch.setitem(sys.modules, "picamera2", Module)
    with pytest.raises(DeviceError, match=r"camera 3 cannot be opened .*list-cameras"):
        open_picamera2("3")


def test_sensor_stamps_are_mapped_and_absurd_ones_not_believed():
    second_ns = 1_000_000_000
    assert capture_time_s(99 * second_ns, 99_040_000_000, 12.0) == pytest.approx(11.96)
    assert capture_time_s(200 * second_ns, 99 * second_ns, 12.0) == 12.0, "from the future"
    assert capture_time_s(0, 99 * second_ns, 12.0) == 12.0, "from another clock"


@pytest.mark.parametrize(("width", "height", "stride"), [(320, 240, 320), (300, 200, 320), (64, 2, 64), (2, 4, 64)])
def test_padded_planes_become_the_picture_they_were_made_of(width, height, stride):
    rows, columns = np.mgrid[0:height, 0:width]
    smooth = np.stack([columns * 255 // width, rows * 255 // height, 128 + 0 * rows], axis=2).astype(np.uint8)
    pixels = yuv420_to_rgb(yuv420(smooth, stride), width, height)
    assert pixels.shape == (height, width, 3)
    if width >= 64 and height >= 200:
        assert np.abs(pixels.astype(int) - smooth).max() <= 6


def test_the_primary_colours_survive():
    for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (128, 128, 128)):
        solid = np.full((8, 8, 3), colour, dtype=np.uint8)
        pixels = yuv420_to_rgb(yuv420(solid, 64), 8, 8)
        assert pixels[4, 4] == pytest.approx(np.array(colour), abs=3)


@pytest.mark.parametrize(
    ("shape", "size"), [((360, 320), (320, 238)), ((360, 300), (320, 240)), ((360, 320), (319, 240))]
)
def test_planes_of_another_size_are_refused(shape, size):
    with pytest.raises(ValueError, match="YUV 4:2:0"):
        yuv420_to_rgb(np.zeros(shape, dtype=np.uint8), *size)
