"""A video is a camera whose frames come by the clock, the same every time."""

import random
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hardware.clock import SteppedClock
from hardware.errors import MediaError
from hardware.virtual.sound_file import SoundFileMicrophone
from hardware.virtual.sources import Source, open_camera
from hardware.virtual.video import VideoCamera


def grey(frame) -> float:
    return float(frame.pixels.mean())


def colour(index: int) -> int:
    """As conftest.frame_colour draws them."""
    return 20 + (index * 24) % 220


def play(camera, clock, step_s=0.02, ticks=100000):
    frames = []
    for _ in range(ticks):
        if camera.finished:
            break
        if (frame := camera.read(0.0)) is not None:
            frames.append(frame)
        clock.wait_s(step_s)
    return frames


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "mpeg4"), ("a.mkv", "mpeg4"), ("a.avi", "mjpeg"), ("a.gif", "gif"), ("a.y4m", "rawvideo")],
)
def test_every_container_gives_its_frames_in_order_at_their_times(tmp_path, video_file, name, codec):
    clock = SteppedClock(7.0)
    camera = VideoCamera(video_file(tmp_path / name, frames=9, codec=codec), clock)
    frames = play(camera, clock)
    assert [frame.seq for frame in frames] == list(range(9))
    assert [frame.t_s for frame in frames] == pytest.approx([7.0 + k / 10 for k in range(9)], abs=0.0011)
    assert [grey(frame) for frame in frames] == pytest.approx([colour(k) for k in range(9)], abs=8)
    assert frames[0].pixels.shape == (48, 64, 3)
    assert frames[0].pixels.dtype == np.uint8
    assert not frames[0].pixels.flags.writeable
    assert camera.dropped == 0


def test_a_late_reader_sees_the_newest_frame_due_and_the_others_are_counted(tmp_path, video_file):
    clock = SteppedClock()
    camera = VideoCamera(video_file(tmp_path / "a.mp4"), clock)
    camera.read(0.0)
    clock.wait_s(0.55)
    frame = camera.read(0.0)
    assert frame.t_s == pytest.approx(0.5)
    assert grey(frame) == pytest.approx(colour(5), abs=8)
    assert frame.seq == 1
    assert camera.dropped == 4
    assert camera.read(0.0) is None


def test_time_before_the_first_read_does_not_count(tmp_path, video_file):
    clock = SteppedClock()
    camera = VideoCamera(video_file(tmp_path / "a.mp4"), clock)
    clock.wait_s(30.0)
    assert grey(camera.read(0.0)) == pytest.approx(colour(0), abs=8)
    assert camera.dropped == 0


def test_waiting_steps_the_clock_just_to_the_next_frame(tmp_path, video_file):
    clock = SteppedClock()
    camera = VideoCamera(video_file(tmp_path / "a.mp4"), clock)
    camera.read(0.0)
    assert camera.read(5.0).t_s == pytest.approx(0.1)
    assert clock.now_s() == pytest.approx(0.1)


def test_a_loop_goes_on_without_an_end_and_time_keeps_rising(tmp_path, video_file):
    clock = SteppedClock()
    camera = VideoCamera(video_file(tmp_path / "a.mp4", frames=4), clock, loop=True)
    frames = play(camera, clock, ticks=100)
    assert not camera.finished
    assert len(frames) == 20
    assert [frame.t_s for frame in frames] == pytest.approx([k / 10 for k in range(20)])
    assert [grey(frame) for frame in frames] == pytest.approx([colour(k % 4) for k in range(20)], abs=8)


def test_the_same_file_and_steps_give_the_same_frames(tmp_path, video_file):
    path = video_file(tmp_path / "a.mp4", frames=20)

    def run():
        clock, steps = SteppedClock(), random.Random(5)
        camera = VideoCamera(path, clock)
        seen = []
        while not camera.finished:
            frame = camera.read(0.0)
            seen.append(None if frame is None else (frame.seq, frame.t_s, frame.pixels.tobytes()))
            clock.wait_s(steps.uniform(0.0, 0.3))
        return seen, camera.dropped

    assert run() == run()


def test_a_closed_video_shows_nothing_more(tmp_path, video_file):
    camera = VideoCamera(video_file(tmp_path / "a.mp4"), SteppedClock())
    camera.close()
    camera.close()
    assert camera.finished
    assert camera.read(1.0) is None


@pytest.mark.parametrize("kind", [VideoCamera, SoundFileMicrophone])
def test_another_thread_may_close_while_one_reads(tmp_path, video_file, kind):
    path = video_file(tmp_path / "a.mp4", frames=300, sound_s=30.0)
    for _ in range(5):
        clock = SteppedClock()
        part = kind(path, clock)
        closer = threading.Thread(target=part.close)
        for turn in range(40):
            part.read(0.2)
            if turn == 5:
                closer.start()
        closer.join(10.0)
        assert part.finished
        assert part.read(1.0) is None


def test_a_file_cut_short_ends_early_without_an_error(tmp_path, video_file):
    whole = video_file(tmp_path / "a.mkv", frames=40)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    clock = SteppedClock()
    frames = play(VideoCamera(cut, clock), clock)
    assert 5 < len(frames) < 40


@pytest.mark.parametrize("seed", range(8))
def test_garbage_inside_a_file_ends_in_frames_or_one_clear_error(tmp_path, video_file, seed):
    path = video_file(tmp_path / "a.mkv", frames=30)
    content, dice = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(60):
        content[dice.randrange(200, len(content))] = dice.randrange(256)
    path.write_bytes(content)
    clock = SteppedClock()
    try:
        times_s = [frame.t_s for frame in play(VideoCamera(path, clock), clock, ticks=2000)]
        complaint = ""
    except MediaError as error:
        times_s, complaint = [], str(error)
    assert bool(times_s) != ("a.mkv: " in complaint)
    assert times_s == sorted(set(times_s))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Dear robot,\nthis is a letter.\n" * 40, "not a video"),
        (b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/clip.ts\n", "not a video"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "not a video"),
        (b"", "empty"),
        (bytes(range(256)) * 20, "not a video"),
    ],
)
def test_a_file_that_is_no_video_is_refused_by_name(tmp_path, content, message):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=rf"clip\.mp4: .*{message}"):
        open_camera(Source("file", path), SteppedClock())


def test_a_sound_file_as_camera_says_where_it_belongs(tmp_path):
    path = tmp_path / "voice.wav"
    soundfile.write(path, np.zeros(1600), 16000)
    with pytest.raises(MediaError, match="give it to --microphone"):
        VideoCamera(path, SteppedClock())


@pytest.mark.data
def test_real_clips_play_from_start_to_end(labelled_data: Path):
    counts = {}
    for path in sorted((labelled_data / "face" / "videos").glob("*")):
        if path.suffix in {".mkv", ".gif"}:
            clock = SteppedClock()
            counts[path.suffix] = len(play(open_camera(Source("file", path), clock), clock))
    assert counts[".mkv"] == 65
    assert counts[".gif"] == 23
