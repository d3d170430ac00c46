"""The scene that plays without camera, microphone or consent: a real portrait walks in, speaks and leaves.

`SceneCamera` and `SceneMicrophone` are ordinary parts: the robot cannot tell them from others. What happens when stands
in sample/scene.toml, where picture and reading come from in sample/CREDITS.md.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.ports import SAMPLE_RATE_HZ, Frame, Sound
from hardware.virtual.media import read_picture
from hardware.virtual.sound_file import BLOCK_SAMPLES, read_sound_file
from robot.simulator.scene_script import PictureScript, SceneScript, read_script

SAMPLE_FOLDER = Path(__file__).resolve().parent / "sample"
SIZE_STEP_PX = 12
"""Portraits are kept in steps of this height: finer is not seen at 15 frames a second and costs memory (15 MB now)."""
MAX_WAITING_BLOCKS = 128
"""A reader further behind than this (4 s) loses the oldest blocks, as with a real microphone."""
CLOCK_ROUNDING_S = 0.5e-6
"""The stepped clock counts microseconds: half of one may be missing from a time that is just due."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A script and the folder with the picture and sound that it names."""

    folder: Path
    script: SceneScript


def load_scene(folder: Path = SAMPLE_FOLDER) -> Scene:
    """Read the scene in `folder`. Its picture and sound are unpacked where a camera or microphone is built from it.

    Raises:
        ConfigError: its scene.toml is missing or wrong.
    """
    return Scene(folder, read_script(folder))


class Stage:
    """Composes the scene's pictures. What would take too long between two frames is made ready when it is built.

    Raises:
        MediaError: a picture that the scene names is missing or damaged.
    """

    def __init__(self, scene: Scene) -> None:
        self._script = scene.script
        self._wall = _wall(scene.script.picture)
        self._portraits = _portraits(scene)

    def picture_at(self, t_s: float) -> NDArray[np.uint8]:
        """The picture `t_s` seconds after the scene's start: read-only RGB (height, width, 3)."""
        picture = self._script.picture
        place = self._script.place_at(t_s)
        height = _step(place.size * picture.height_px)
        portrait, mask = self._portraits[height]
        left = round(place.x * picture.width_px - picture.face[0] * portrait.width)
        top = round(place.y * picture.height_px - picture.face[1] * height)
        frame = self._wall.copy()
        frame.paste(portrait, (left, top), mask)
        pixels = np.asarray(frame, dtype=np.uint8)
        pixels.setflags(write=False)
        return pixels


class SceneCamera:
    """The scene as a camera: frame k is due k / `rate_hz` seconds after `start_s`.

    `start_s` is when the scene begins on the clock, now unless given; give a camera and a microphone the same. A
    reader that comes late gets the newest frame due; the ones before are never composed and count as dropped.
    """

    def __init__(self, scene: Scene, clock: Clock, start_s: float | None = None) -> None:
        self._stage = Stage(scene)
        self._clock = clock
        self._start_s = clock.now_s() if start_s is None else start_s
        self._rate_hz = scene.script.picture.rate_hz
        self._next = 0
        self._seq = 0
        self._closed = False

    @property
    def dropped(self) -> int:
        """Frames whose time passed before anyone read them."""
        return self._next - self._seq

    @property
    def finished(self) -> bool:
        """True after `close`: the scene has no end."""
        return self._closed

    def read(self, timeout_s: float) -> Frame | None:
        """The newest frame due and not yet read, waiting up to `timeout_s` on the clock; None if none is due."""
        if self._closed:
            return None
        self._clock.wait_s(min(timeout_s, self._due_s(self._next) - self._clock.now_s()))
        due = int((self._clock.now_s() - self._start_s + CLOCK_ROUNDING_S) * self._rate_hz // 1)
        if due < self._next:
            return None
        self._next = due + 1
        self._seq += 1
        return Frame(self._seq - 1, self._due_s(due), self._stage.picture_at(due / self._rate_hz))

    def close(self) -> None:
        """No more frames. May be called twice."""
        self._closed = True

    def _due_s(self, index: int) -> float:
        return self._start_s + index / self._rate_hz


class SceneMicrophone:
    """The scene as a microphone: blocks of 512 samples, each due when its last sample would have been recorded.

    `start_s` is as for `SceneCamera`.
    """

    def __init__(self, scene: Scene, clock: Clock, start_s: float | None = None) -> None:
        self._sound = _sound(scene)
        self._clock = clock
        self._start_s = clock.now_s() if start_s is None else start_s
        self._next = 0
        self._seq = 0
        self._closed = False

    @property
    def dropped(self) -> int:
        """Blocks lost because nobody read them in time."""
        return self._next - self._seq

    @property
    def finished(self) -> bool:
        """True after `close`: the scene has no end."""
        return self._closed

    def read(self, timeout_s: float) -> Sound | None:
        """The next block due, waiting up to `timeout_s` on the clock; None if none is due."""
        if self._closed:
            return None
        self._clock.wait_s(min(timeout_s, self._block_s(self._next + 1) - self._clock.now_s()))
        passed_s = self._clock.now_s() - self._start_s + CLOCK_ROUNDING_S
        whole = int(passed_s * SAMPLE_RATE_HZ // BLOCK_SAMPLES)
        if whole <= self._next:
            return None
        self._next = max(self._next, whole - MAX_WAITING_BLOCKS)
        block, t_s = self._block(self._next), self._block_s(self._next)
        self._next += 1
        self._seq += 1
        return Sound(self._seq - 1, t_s, block)

    def close(self) -> None:
        """No more sound. May be called twice."""
        self._closed = True

    def _block_s(self, index: int) -> float:
        return self._start_s + index * BLOCK_SAMPLES / SAMPLE_RATE_HZ

    def _block(self, index: int) -> NDArray[np.float32]:
        places = np.arange(index * BLOCK_SAMPLES, (index + 1) * BLOCK_SAMPLES)
        block = self._sound[places % len(self._sound)]
        block.setflags(write=False)
        return block


def _step(height_px: float) -> int:
    """The height kept that is nearest."""
    return max(1, round(height_px / SIZE_STEP_PX)) * SIZE_STEP_PX


def _wall(picture: PictureScript) -> Any:
    """The empty room: a soft gradient from the top colour to the bottom one."""
    from PIL import Image  # noqa: PLC0415 - loaded only where it is needed

    down = np.linspace(0.0, 1.0, picture.height_px)[:, None, None]
    top, bottom = np.array(picture.wall_top_rgb), np.array(picture.wall_bottom_rgb)
    rows = np.rint(top + (bottom - top) * down).astype(np.uint8)
    return Image.fromarray(np.broadcast_to(rows, (picture.height_px, picture.width_px, 3)).copy())


def _portraits(scene: Scene) -> dict[int, tuple[Any, Any]]:
    """The portrait and its mask in every height that the script calls for, without what hangs out below."""
    from PIL import Image  # noqa: PLC0415 - loaded only where it is needed

    folder, script = scene.folder, scene.script
    portrait = Image.fromarray(read_picture(folder / script.picture.portrait))
    mask = Image.fromarray(read_picture(folder / script.picture.mask)[..., 0]).resize(portrait.size)
    sizes = [place.size * script.picture.height_px for place in script.place]
    heights = range(_step(min(sizes)), _step(max(sizes)) + 1, SIZE_STEP_PX)
    kept = {}
    for height in heights:
        size = (round(portrait.width * height / portrait.height), height)
        shown = (0, 0, size[0], min(height, script.picture.height_px))
        kept[height] = (
            portrait.resize(size, Image.Resampling.BILINEAR).crop(shown),
            mask.resize(size, Image.Resampling.BILINEAR).crop(shown),
        )
    return kept


def _sound(scene: Scene) -> NDArray[np.float32]:
    """One loop of sound: the room's faint noise, the same every time, with the reading laid over it."""
    folder, script = scene.folder, scene.script
    noise_height = 10.0 ** (script.sound.noise_dbfs / 20.0)
    count = round(script.loop_s * SAMPLE_RATE_HZ)
    loop = np.random.default_rng(1).normal(0.0, noise_height, count).astype(np.float32)
    speech = read_sound_file(folder / script.sound.speech).samples
    for at_s in script.sound.speech_at_s:
        start = round(at_s * SAMPLE_RATE_HZ)
        part = speech[: max(0, count - start)]
        loop[start : start + len(part)] += part
    return np.clip(loop, -1.0, 1.0)
