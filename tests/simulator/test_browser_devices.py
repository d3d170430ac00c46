"""The robot's side of a visitor's camera and microphone."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hardware.clock import SteppedClock
from hardware.errors import MediaError
from hardware.ports import Camera, Microphone
from hardware.virtual.browser import (
    BLOCKS_HELD,
    MAX_DRIFT_S,
    SILENT_PAGE_S,
    BrowserCamera,
    BrowserMicrophone,
    decode_jpeg,
)


def jpeg(width: int = 64, height: int = 48, colour: tuple[int, int, int] = (200, 40, 30), **options: object) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(held, "JPEG", **options)
    return held.getvalue()


def with_size(picture: bytes, width: int, height: int) -> bytes:
    """The same JPEG claiming another size in its frame header (SOF0: marker, length, precision, height, width)."""
    at = picture.index(b"\xff\xc0") + 5
    return picture[:at] + struct.pack(">HH", height, width) + picture[at + 4 :]


def pcm(*values: int) -> bytes:
    return np.array(values, "<i2").tobytes()


def test_both_are_what_the_ports_ask_for():
    camera: Camera = BrowserCamera(SteppedClock())
    microphone: Microphone = BrowserMicrophone(SteppedClock())
    for device in (camera, microphone):
        assert device.dropped == 0
        assert not device.finished
        assert device.read(0.0) is None
        device.close()
        device.close()
        assert device.finished
        assert device.read(0.0) is None


def test_a_picture_is_read_as_rgb_with_its_time_of_arrival():
    clock = SteppedClock(3.5)
    camera = BrowserCamera(clock)
    camera.offer(jpeg(64, 48))
    clock.wait_s(1.0)
    frame = camera.read(0.0)
    assert frame.t_s == 3.5
    assert frame.seq == 0
    assert frame.pixels.shape == (48, 64, 3)
    assert frame.pixels.dtype == np.uint8
    assert frame.pixels[24, 32].tolist() == pytest.approx([200, 40, 30], abs=4)
    assert not frame.pixels.flags.writeable
    assert camera.read(0.0) is None


def test_only_the_newest_picture_is_kept():
    camera = BrowserCamera(SteppedClock())
    for shade in (10, 100, 200):
        camera.offer(jpeg(colour=(shade, shade, shade)))
    assert camera.read(0.0).pixels[0, 0, 0] == pytest.approx(200, abs=3)
    assert camera.dropped == 2


def test_frames_are_counted_as_delivered():
    camera = BrowserCamera(SteppedClock())
    numbers = []
    for picture in (jpeg(), b"bad", jpeg()):
        camera.offer(picture)
        frame = camera.read(0.0)
        numbers.append(None if frame is None else frame.seq)
    assert numbers == [0, None, 1]
    assert camera.bad == 1


def test_a_grey_picture_still_has_three_channels():
    held = io.BytesIO()
    Image.new("L", (16, 16), 77).save(held, "JPEG")
    assert decode_jpeg(held.getvalue())[8, 8].tolist() == pytest.approx([77, 77, 77], abs=2)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\xff\xd8\xff",
        b"GIF89a" + b"\x00" * 50,
        jpeg()[:200],
        with_size(jpeg(), 65_000, 65_000),
        with_size(jpeg(), 1, 60_000),
        jpeg(1600, 1200),
        jpeg(320, 240, progressive=True),
    ],
    ids=["empty", "marker only", "another format", "cut short", "bomb", "needle", "too large", "progressive"],
)
def test_a_bad_picture_is_dropped_and_counted(bad: bytes):
    camera = BrowserCamera(SteppedClock())
    camera.offer(bad)
    assert camera.read(0.0) is None
    assert camera.bad == 1
    with pytest.raises(MediaError, match=r"^a browser's picture"):
        decode_jpeg(bad)


def test_a_png_is_refused_even_though_the_library_could_read_it():
    held = io.BytesIO()
    Image.new("RGB", (16, 16)).save(held, "PNG")
    with pytest.raises(MediaError):
        decode_jpeg(held.getvalue())


@given(st.binary(max_size=400), st.integers(0, 600), st.integers(0, 255))
def test_whatever_comes_reading_never_fails(noise: bytes, at: int, value: int):
    altered = bytearray(jpeg())
    altered[at % len(altered)] = value
    camera = BrowserCamera(SteppedClock())
    microphone = BrowserMicrophone(SteppedClock())
    for data in (noise, bytes(altered), bytes(altered) + noise):
        camera.offer(data)
        frame = camera.read(0.0)
        assert frame is None or frame.pixels.ndim == 3
        microphone.offer(data)
        sound = microphone.read(0.0)
        assert sound is None or float(np.abs(sound.samples).max()) <= 1.0


def test_connected_is_true_while_something_comes():
    for device, data in ((BrowserCamera, jpeg()), (BrowserMicrophone, pcm(0, 0))):
        clock = SteppedClock()
        each = device(clock)
        assert not each.connected
        each.offer(data)
        assert each.connected
        clock.wait_s(SILENT_PAGE_S)
        assert each.connected
        clock.wait_s(0.1)
        assert not each.connected
        assert not each.finished
        each.offer(data)
        assert each.connected
        each.disconnect()
        assert not each.connected


def test_a_closed_page_leaves_no_picture_behind():
    camera = BrowserCamera(SteppedClock())
    camera.offer(jpeg())
    camera.disconnect()
    assert camera.read(0.0) is None


def test_sound_is_float_and_keeps_its_order():
    microphone = BrowserMicrophone(SteppedClock(1.0))
    microphone.offer(pcm(0, 16_384, -32_768))
    microphone.offer(pcm(32_767))
    first, second = microphone.read(0.0), microphone.read(0.0)
    assert first.samples.dtype == np.float32
    assert first.samples.tolist() == [0.0, 0.5, -1.0]
    assert second.samples[0] == pytest.approx(1.0, abs=1e-4)
    assert (first.seq, second.seq) == (0, 1)


def test_sound_that_came_jittery_has_no_holes_in_its_time():
    clock = SteppedClock()
    microphone = BrowserMicrophone(clock)
    block = pcm(*[0] * 512)
    starts = []
    for late_s in (0.032, 0.050, 0.014, 0.040):
        clock.wait_s(late_s)
        microphone.offer(block)
        starts.append(microphone.read(0.0).t_s)
    assert np.diff(starts) == pytest.approx(0.032)
    assert starts[0] == pytest.approx(0.0)


def test_after_a_real_gap_the_time_is_set_anew():
    clock = SteppedClock(1.0)
    microphone = BrowserMicrophone(clock)
    microphone.offer(pcm(*[0] * 512))
    microphone.read(0.0)
    clock.wait_s(0.032 + MAX_DRIFT_S + 0.01)
    microphone.offer(pcm(*[0] * 512))
    assert microphone.read(0.0).t_s == pytest.approx(clock.now_s() - 0.032)


def test_sound_that_nobody_reads_is_dropped_oldest_first():
    microphone = BrowserMicrophone(SteppedClock())
    for number in range(BLOCKS_HELD + 3):
        microphone.offer(pcm(number))
    assert microphone.dropped == 3
    assert microphone.read(0.0).samples[0] * 32_768 == 3


@pytest.mark.parametrize("bad", [b"", b"\x00", b"\x00" * 3, b"\x00" * 32_002])
def test_bad_sound_is_dropped_and_counted(bad: bytes):
    microphone = BrowserMicrophone(SteppedClock())
    microphone.offer(bad)
    assert microphone.read(0.0) is None
    assert microphone.bad == 1
