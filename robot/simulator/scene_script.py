"""What happens in a scene and when, read from its TOML file."""

import math
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from robot.errors import ConfigError

SCENE_FILE = "scene.toml"
Level = Annotated[int, Meta(ge=0, le=255)]
Positive = Annotated[float, Meta(gt=0)]
FileName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the script; an unknown key in it is an error."""


class PictureScript(Part, frozen=True):
    """The camera's picture, the portrait in it and the wall. `face` is the middle of the face in the portrait, 0..1."""

    width_px: Annotated[int, Meta(ge=64, le=1920)]
    height_px: Annotated[int, Meta(ge=64, le=1080)]
    rate_hz: Annotated[float, Meta(gt=0, le=60)]
    portrait: FileName
    mask: FileName
    face: tuple[float, float]
    wall_top_rgb: tuple[Level, Level, Level]
    wall_bottom_rgb: tuple[Level, Level, Level]


class Place(Part, frozen=True):
    """Where the person is at `t_s`: the face's middle in the picture, 0..1, and the portrait's height in pictures."""

    t_s: Annotated[float, Meta(ge=0)]
    x: float
    y: float
    size: Annotated[float, Meta(ge=0.05, le=3)]


class Sway(Part, frozen=True):
    """How far the face swings to each side, 0..1 of the picture, and how long one swing takes."""

    x: float
    y: float
    period_s: Positive


class SoundScript(Part, frozen=True):
    """What is said, when (from the scene's start), and how loud the room is between the words."""

    speech: FileName
    speech_at_s: tuple[Annotated[float, Meta(ge=0)], ...]
    noise_dbfs: Annotated[float, Meta(ge=-100, le=0)]


class SceneScript(Part, frozen=True):
    """The whole script. It begins again after `loop_s`."""

    loop_s: Positive
    picture: PictureScript
    place: Annotated[tuple[Place, ...], Meta(min_length=1)]
    sway: Sway
    sound: SoundScript

    def place_at(self, t_s: float) -> Place:
        """Where the person is `t_s` seconds after the scene's start, swaying; any time, also beyond the first loop."""
        now_s = t_s % self.loop_s
        still = self._still_place_at(now_s)
        # Whole swings in a loop, so that it begins again without a jerk; up and down twice as fast as left and right.
        swings = max(1, round(self.loop_s / self.sway.period_s))
        phase = 2 * math.pi * swings * now_s / self.loop_s
        return Place(
            t_s=now_s,
            x=still.x + self.sway.x * math.sin(phase),
            y=still.y + self.sway.y * math.sin(2 * phase),
            size=still.size,
        )

    def _still_place_at(self, now_s: float) -> Place:
        if now_s <= self.place[0].t_s:
            return self.place[0]
        for one, two in pairwise(self.place):
            if now_s <= two.t_s:
                return _between(one, two, (now_s - one.t_s) / (two.t_s - one.t_s))
        return self.place[-1]


def read_script(folder: Path) -> SceneScript:
    """The script in `folder`/scene.toml.

    Raises:
        ConfigError: it is missing, is not TOML, or a key or value does not fit.
    """
    path = folder / SCENE_FILE
    try:
        script = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), SceneScript)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); install the package again") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}; mend that line") from None
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}; mend that value") from None
    times_s = [place.t_s for place in script.place]
    if any(later <= earlier for earlier, later in pairwise(times_s)) or times_s[-1] > script.loop_s:
        raise ConfigError(f"{path}: place.t_s must rise and end before loop_s = {script.loop_s:g}, got {times_s}")
    return script


def _between(one: Place, two: Place, share: float) -> Place:
    """`share` of the way, with speed and acceleration zero at both ends (minimum jerk, Flash and Hogan 1985)."""
    eased = share**3 * (10 - 15 * share + 6 * share**2)
    return Place(
        t_s=one.t_s + (two.t_s - one.t_s) * share,
        x=one.x + (two.x - one.x) * eased,
        y=one.y + (two.y - one.y) * eased,
        size=one.size + (two.size - one.size) * eased,
    )
