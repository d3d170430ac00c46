"""What is shown and played to the robot: the sample portrait, once or more in one picture, and the sample speech."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock, SteppedClock
from hardware.ports import SAMPLE_RATE_HZ, Frame, Sound
from hardware.virtual.media import read_picture
from hardware.virtual.sound_file import read_sound_file
from robot.simulator.sample_scene import SAMPLE_FOLDER, SceneCamera, load_scene

BLOCK_SAMPLES = 512
CELL_PX = 320
COLUMNS = 4
HEAD_PX = (115, 10, 335, 230)
"""Left, top, right, bottom of the head in the portrait, with some room around it."""
WALL_GREY = 176
FACE_AT_S = 8.0
"""When the person of the sample scene stands before the camera."""


def scene_picture() -> NDArray[np.uint8]:
    """The sample scene with the person in it, RGB 640 x 480."""
    clock = SteppedClock()
    camera = SceneCamera(load_scene(), clock)
    clock.wait_s(FACE_AT_S)
    frame = camera.read(0.0)
    camera.close()
    if frame is None:
        raise RuntimeError(f"the sample scene shows nothing at {FACE_AT_S} s")
    return frame.pixels


class StillCamera:
    """Shows one picture for ever, `rate_hz` times a second."""

    finished = False
    dropped = 0

    def __init__(self, pixels: NDArray[np.uint8], clock: Clock, rate_hz: float) -> None:
        self._pixels = pixels
        self._clock = clock
        self._period_s = 1.0 / rate_hz
        self._next_s = clock.now_s()
        self._count = itertools.count()

    def read(self, timeout_s: float) -> Frame | None:
        """The picture, once the next frame is due; None if that is not within `timeout_s`."""
        early_s = self._next_s - self._clock.now_s()
        self._clock.wait_s(min(timeout_s, early_s))
        if early_s > timeout_s:
            return None
        self._next_s = max(self._next_s + self._period_s, self._clock.now_s())
        return Frame(next(self._count), self._clock.now_s(), self._pixels)

    def close(self) -> None:
        """Nothing to let go."""


def picture_with_faces(count: int) -> NDArray[np.uint8]:
    """RGB 1280 x 640 with the portrait in `count` (0..8) of its eight cells; its size does not depend on `count`."""
    from PIL import Image  # noqa: PLC0415 - as in the parts that are measured: loaded where it is needed

    portrait = Image.fromarray(read_picture(SAMPLE_FOLDER / "portrait.jpg")).crop(HEAD_PX)
    cell = np.asarray(portrait.resize((CELL_PX, CELL_PX), Image.Resampling.BILINEAR), np.uint8)
    picture = np.full((2 * CELL_PX, COLUMNS * CELL_PX, 3), WALL_GREY, np.uint8)
    for place in range(count):
        top, left = CELL_PX * (place // COLUMNS), CELL_PX * (place % COLUMNS)
        picture[top : top + CELL_PX, left : left + CELL_PX] = cell
    picture.setflags(write=False)
    return picture


def frames(pixels: NDArray[np.uint8], rate_hz: float = 15.0) -> Iterator[Frame]:
    """The same picture for ever, as a camera of `rate_hz` would deliver it."""
    return (Frame(count, count / rate_hz, pixels) for count in itertools.count())


def speech_blocks() -> Iterator[Sound]:
    """The sample speech over and over in blocks of 32 ms, as a microphone would deliver it."""
    samples = read_sound_file(SAMPLE_FOLDER / "speech.ogg").samples
    whole = len(samples) // BLOCK_SAMPLES
    for count in itertools.count():
        start = count % whole * BLOCK_SAMPLES
        yield Sound(count, count * BLOCK_SAMPLES / SAMPLE_RATE_HZ, samples[start : start + BLOCK_SAMPLES])


def write_picture(folder: Path, pixels: NDArray[np.uint8]) -> Path:
    """Write a picture without loss; returns where."""
    from PIL import Image  # noqa: PLC0415 - as above

    path = folder / "picture.png"
    Image.fromarray(pixels).save(path)
    return path
