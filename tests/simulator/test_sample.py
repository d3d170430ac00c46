"""The sample scene: a real face that the real detector finds and real speech that the real detector hears."""

import shutil
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hardware.clock import MonotonicClock, SteppedClock
from hardware.ports import SAMPLE_RATE_HZ, Frame, Sound
from robot.config import HearingSettings, InferenceSettings, SightSettings
from robot.errors import ConfigError, MediaError
from robot.senses.hearing.hearing import Ear
from robot.senses.hearing.voice_activity import SileroVoiceActivity
from robot.senses.sight.detector import FaceDetector
from robot.simulator.sample_scene import SAMPLE_FOLDER, SceneCamera, SceneMicrophone, load_scene

LOOP_S = 24.0


def frames(clock: SteppedClock, seconds: float) -> list[Frame]:
    camera = SceneCamera(load_scene(), clock)
    end_s = clock.now_s() + seconds
    shown = []
    while clock.now_s() < end_s - 1e-9:
        frame = camera.read(min(0.1, end_s - clock.now_s()))
        if frame is not None:
            shown.append(frame)
    return shown


def blocks(clock: SteppedClock, seconds: float) -> list[Sound]:
    microphone = SceneMicrophone(load_scene(), clock)
    return [sound for _ in range(round(seconds / 0.032)) if (sound := microphone.read(0.1)) is not None]


@pytest.fixture(scope="module")
def one_loop() -> list[Frame]:
    return frames(SteppedClock(), LOOP_S)


@pytest.fixture(scope="module")
def sound_of_one_loop() -> list[Sound]:
    return blocks(SteppedClock(), LOOP_S)


def test_frames_come_fifteen_times_a_second_in_order_and_in_the_ports_form(one_loop):
    assert [frame.seq for frame in one_loop] == list(range(len(one_loop)))
    assert len(one_loop) == pytest.approx(LOOP_S * 15, abs=1)
    assert all(frame.t_s == pytest.approx(frame.seq / 15) for frame in one_loop)
    assert {(frame.pixels.shape, frame.pixels.dtype.name) for frame in one_loop} == {((480, 640, 3), "uint8")}
    assert not any(frame.pixels.flags.writeable for frame in one_loop)


def test_the_room_is_empty_at_first_and_again_at_the_end(one_loop):
    empty = one_loop[0].pixels
    assert np.array_equal(empty, one_loop[-1].pixels)
    assert (empty == empty[:, :1]).all()  # a wall: every row of one colour
    assert not np.array_equal(empty, one_loop[10 * 15].pixels)


def test_something_moves_within_three_seconds(one_loop):
    assert any(not np.array_equal(one_loop[0].pixels, frame.pixels) for frame in one_loop[: 3 * 15])


def test_the_person_never_floats_above_the_lower_edge(one_loop):
    empty = one_loop[0].pixels
    for frame in one_loop:
        changed = (frame.pixels != empty).any(axis=(1, 2))
        assert not changed.any() or changed[-1], frame.seq


def test_the_person_is_never_quite_still(one_loop):
    staying = one_loop[6 * 15 : 16 * 15 : 8]
    assert all(not np.array_equal(a.pixels, b.pixels) for a, b in pairwise(staying))


def test_the_scene_begins_again(one_loop):
    clock = SteppedClock()
    camera = SceneCamera(load_scene(), clock)
    for seconds in (8.0, LOOP_S):
        clock.wait_s(seconds)
        frame = camera.read(0.0)
        assert frame is not None
    assert np.array_equal(frame.pixels, one_loop[8 * 15].pixels)


def test_a_late_reader_sees_the_present_and_the_rest_is_counted():
    clock = SteppedClock(5.0)
    camera = SceneCamera(load_scene(), clock)
    clock.wait_s(2.0)
    frame = camera.read(0.0)
    assert frame is not None
    assert (frame.seq, frame.t_s, camera.dropped) == (0, 7.0, 30)
    assert camera.read(0.0) is None


def test_reading_waits_on_the_clock_no_longer_than_asked():
    clock = SteppedClock()
    camera = SceneCamera(load_scene(), clock)
    assert camera.read(0.0) is not None
    assert camera.read(0.02) is None
    assert clock.now_s() == pytest.approx(0.02)
    assert camera.read(1.0) is not None
    assert clock.now_s() == pytest.approx(1 / 15, abs=1e-6)


def test_before_its_start_the_scene_delivers_nothing():
    clock = SteppedClock()
    camera = SceneCamera(load_scene(), clock, start_s=10.0)
    microphone = SceneMicrophone(load_scene(), clock, start_s=10.0)
    assert camera.read(1.0) is None
    assert microphone.read(1.0) is None
    clock.wait_s(8.0)
    assert camera.read(0.0) is not None


def test_in_real_time_the_scene_delivers_too():
    clock, scene = MonotonicClock(), load_scene()
    camera, microphone = SceneCamera(scene, clock), SceneMicrophone(scene, clock)
    frame, sound = camera.read(5.0), microphone.read(5.0)
    assert frame is not None
    assert sound is not None


def test_a_closed_scene_is_finished():
    clock = SteppedClock()
    for device in (SceneCamera(load_scene(), clock), SceneMicrophone(load_scene(), clock)):
        assert not device.finished
        device.close()
        device.close()
        assert device.finished
        assert device.read(1.0) is None


def test_sound_comes_without_gaps_in_blocks_of_32_ms(sound_of_one_loop):
    assert len(sound_of_one_loop) == 750
    assert {(len(s.samples), s.samples.dtype.name) for s in sound_of_one_loop} == {(512, "float32")}
    assert [s.t_s for s in sound_of_one_loop] == pytest.approx([i * 0.032 for i in range(750)])
    assert not any(s.samples.flags.writeable for s in sound_of_one_loop)


def test_between_the_words_the_room_is_faint_but_not_dead(sound_of_one_loop):
    quiet = np.concatenate([s.samples for s in sound_of_one_loop if s.t_s < 5.9])
    assert 20 * np.log10(np.sqrt(np.mean(quiet**2))) == pytest.approx(-66, abs=0.5)


def test_a_block_is_due_only_when_its_last_sample_was_spoken():
    clock = SteppedClock()
    microphone = SceneMicrophone(load_scene(), clock)
    clock.wait_s(0.031)
    assert microphone.read(0.0) is None
    clock.wait_s(0.001)
    assert microphone.read(0.0) is not None


def test_a_reader_who_was_away_loses_the_oldest_sound_and_the_count_says_so():
    clock = SteppedClock()
    microphone = SceneMicrophone(load_scene(), clock)
    clock.wait_s(10.0)
    sound = microphone.read(0.0)
    assert sound is not None
    assert microphone.dropped == 312 - 128
    assert sound.t_s == pytest.approx(microphone.dropped * 0.032)


def test_two_runs_give_the_same_pictures_and_sound(one_loop, sound_of_one_loop):
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(one_loop, frames(SteppedClock(), 6.0), strict=False))
    again = blocks(SteppedClock(), 8.0)
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(sound_of_one_loop, again, strict=False))


def test_the_face_is_found_all_the_time_it_is_in_view_and_never_else(one_loop):
    finder = FaceDetector.open(InferenceSettings(), SightSettings().min_face_score)
    script = load_scene().script
    for frame in one_loop[::2]:
        place = script.place_at(frame.t_s)
        found = finder.find(frame.pixels)
        if 0.08 < place.x < 0.92:  # the whole face is inside the picture
            assert len(found) == 1, frame.t_s
            left, top, width, height = found[0].box
            assert left + width / 2 == pytest.approx(place.x, abs=0.05)
            assert top + height / 2 == pytest.approx(place.y, abs=0.08)
        elif not -0.1 < place.x < 1.1:
            assert found == (), frame.t_s


def test_the_speech_is_heard_while_the_person_is_there_and_nothing_else_is(sound_of_one_loop):
    ear = Ear(SileroVoiceActivity(), None, HearingSettings())
    heard = [hearing for sound in sound_of_one_loop for hearing in ear.hear(sound, None)]
    assert all(h.speaking for h in heard if 6.9 <= h.t_s <= 13.0)
    assert not any(h.speaking for h in heard if h.t_s < 6.0 or h.t_s > 14.0)


def test_the_files_are_small_and_go_with_the_package():
    sizes = {path.name: path.stat().st_size for path in SAMPLE_FOLDER.iterdir() if path.is_file()}
    assert sizes["portrait.jpg"] <= 60 * 1024
    assert sizes["speech.ogg"] <= 80 * 1024
    assert {"CREDITS.md", "scene.toml", "portrait_mask.png"} <= set(sizes)
    assert files("robot.simulator").joinpath("sample/scene.toml").is_file()


def test_every_file_of_the_scene_is_credited():
    credits = (SAMPLE_FOLDER / "CREDITS.md").read_text(encoding="utf-8")
    media = [path.name for path in SAMPLE_FOLDER.iterdir() if path.suffix not in {".md", ".toml"} and path.is_file()]
    assert media
    assert all(f"`{name}`" in credits for name in media)


@pytest.fixture
def own_scene(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE_FOLDER, tmp_path / "scene"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("loop_s = 24.0", "loop_s = -1.0", "loop_s"),
        ("t_s = 4.5", "t_s = 1.0", "place.t_s must rise"),
        ("[sway]", "[swing]", "swing"),
        ('"speech.ogg"', '"../speech.ogg"', "speech"),
        ("loop_s = 24.0", "loop_s = ", "not TOML"),
    ],
)
def test_a_wrong_script_is_refused_in_one_line(own_scene, old, new, said):
    script = own_scene / "scene.toml"
    text = script.read_text(encoding="utf-8")
    assert old in text
    script.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"scene\.toml") as caught:
        load_scene(own_scene)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", ["portrait.jpg", "portrait_mask.png"])
def test_a_missing_picture_is_named(own_scene, missing):
    (own_scene / missing).unlink()
    with pytest.raises(MediaError, match=missing):
        SceneCamera(load_scene(own_scene), SteppedClock())


def test_missing_speech_is_named(own_scene):
    (own_scene / "speech.ogg").unlink()
    with pytest.raises(MediaError, match=r"speech\.ogg"):
        SceneMicrophone(load_scene(own_scene), SteppedClock())


def test_other_words_at_other_times_are_only_data(own_scene):
    script = own_scene / "scene.toml"
    text = script.read_text(encoding="utf-8").replace("speech_at_s = [6.0]", "speech_at_s = [1.0, 12.0, 20.0]")
    script.write_text(text, encoding="utf-8")
    microphone = SceneMicrophone(load_scene(own_scene), SteppedClock())
    loop = np.concatenate([sound.samples for _ in range(750) if (sound := microphone.read(0.1)) is not None])
    loud = [float(np.abs(loop[int(t * SAMPLE_RATE_HZ) : int((t + 3) * SAMPLE_RATE_HZ)]).max()) for t in (2, 9, 13, 21)]
    assert [height > 0.2 for height in loud] == [True, False, True, True]
