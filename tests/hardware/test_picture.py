"""A still picture is a camera that shows it at its rate, by the clock."""

import io

import numpy as np
import pytest
from PIL import Image

from hardware.clock import SteppedClock
from hardware.errors import MediaError
from hardware.virtual.media import MAX_PICTURE_SIDE, is_still_picture, read_picture
from hardware.virtual.picture import PictureCamera


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "face.png"
    Image.new("RGB", (40, 30), (200, 100, 50)).save(path)
    return path


def test_frames_come_at_the_rate_until_the_duration_is_over(picture):
    clock = SteppedClock(100.0)
    camera = PictureCamera(picture, clock, rate_hz=10, duration_s=1.0)
    frames = []
    while not camera.finished:
        if (frame := camera.read(timeout_s=1.0)) is not None:
            frames.append(frame)
    assert [frame.seq for frame in frames] == list(range(10))
    assert [frame.t_s for frame in frames] == pytest.approx([100.0 + k / 10 for k in range(10)])
    assert frames[0].pixels.shape == (30, 40, 3)
    assert frames[0].pixels[3, 3].tolist() == [200, 100, 50]
    assert camera.read(1.0) is None


def test_without_a_duration_it_goes_on_for_ever(picture):
    clock = SteppedClock()
    camera = PictureCamera(picture, clock, rate_hz=15)
    clock.wait_s(0.01)
    camera.read(0.0)
    clock.wait_s(3600.0)
    assert camera.read(0.0).t_s == pytest.approx(3600.01, abs=1 / 15)
    assert not camera.finished
    assert camera.dropped == 15 * 3600 - 1


def test_no_frame_comes_before_its_time(picture):
    clock = SteppedClock()
    camera = PictureCamera(picture, clock, rate_hz=10)
    assert camera.read(0.0) is not None
    assert camera.read(0.05) is None
    assert clock.now_s() == pytest.approx(0.05)
    assert camera.read(1.0).t_s == pytest.approx(0.1)
    assert clock.now_s() == pytest.approx(0.1)


def test_stepping_at_the_frame_rate_misses_no_frame(picture):
    clock = SteppedClock()
    camera = PictureCamera(picture, clock, rate_hz=30)
    seen = 0
    for _ in range(3000):
        seen += camera.read(0.0) is not None
        clock.wait_s(1 / 30)
    # 1/30 s is not a whole number of microseconds, so the clock falls behind once.
    assert seen >= 2999
    assert camera.dropped == 0


def test_pixels_cannot_be_written_to(picture):
    frame = PictureCamera(picture, SteppedClock()).read(0.0)
    with pytest.raises(ValueError, match="read-only"):
        frame.pixels[0, 0, 0] = 1


def test_a_closed_picture_shows_nothing_more(picture):
    camera = PictureCamera(picture, SteppedClock())
    camera.close()
    camera.close()
    assert camera.finished
    assert camera.read(1.0) is None


def test_a_telephone_picture_stands_upright(tmp_path):
    path = tmp_path / "phone.jpg"
    image = Image.new("RGB", (60, 40), (255, 0, 0))
    image.paste((0, 0, 255), (0, 0, 30, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn 90 degrees clockwise to stand upright
    image.save(path, exif=exif, quality=95)
    pixels = read_picture(path)
    assert pixels.shape == (60, 40, 3)
    assert pixels[5, 20, 2] > 200, "the left of the stored picture is the top of the upright one"


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "CMYK"])
def test_every_colour_mode_becomes_rgb(tmp_path, mode):
    path = tmp_path / ("picture.jpg" if mode == "CMYK" else "picture.png")
    Image.new(mode, (8, 6)).save(path)
    assert read_picture(path).shape == (6, 8, 3)


def test_a_large_picture_is_scaled_to_what_a_camera_gives(tmp_path):
    path = tmp_path / "large.png"
    Image.new("L", (4000, 1000)).save(path)
    assert read_picture(path).shape == (MAX_PICTURE_SIDE // 4, MAX_PICTURE_SIDE, 3)


def test_a_picture_that_would_fill_the_memory_is_refused_unopened(tmp_path):
    path = tmp_path / "bomb.png"
    Image.new("1", (9000, 9000)).save(path)
    with pytest.raises(MediaError, match="too large"):
        read_picture(path)


def test_what_a_file_is_follows_from_its_content(tmp_path, picture):
    renamed = tmp_path / "face.mp4"
    renamed.write_bytes(picture.read_bytes())
    assert is_still_picture(renamed)
    animation = tmp_path / "moving.png"
    frames = [Image.new("L", (8, 8), grey) for grey in (0, 100, 200)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    animation.write_bytes(buffer.getvalue())
    assert not is_still_picture(animation)


def test_a_picture_cut_short_names_the_file(tmp_path):
    path = tmp_path / "cut.png"
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (50, 50, 3), dtype=np.uint8)).save(buffer, "PNG")
    path.write_bytes(buffer.getvalue()[:2000])
    with pytest.raises(MediaError, match=r"cut\.png: the picture is damaged"):
        read_picture(path)


def test_a_rate_of_zero_is_refused(picture):
    with pytest.raises(ValueError, match="rate_hz"):
        PictureCamera(picture, SteppedClock(), rate_hz=0)
