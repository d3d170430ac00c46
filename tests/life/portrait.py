"""A camera before which somebody stands, and their picture."""

from pathlib import Path

import numpy as np
from PIL import Image

from hardware.errors import DeviceLost
from hardware.ports import Frame
from robot.simulator.sample_scene import SAMPLE_FOLDER


def portrait():
    """A picture (480, 640, 3) of one person, near."""
    person = Image.open(Path(SAMPLE_FOLDER) / "portrait.jpg").convert("RGB").resize((360, 480))
    picture = Image.new("RGB", (640, 480), (80, 90, 100))
    picture.paste(person, (140, 0))
    return np.asarray(picture)


class Portrait:
    """Gives the same picture again and again, until the camera is among the `plugs` that were pulled."""

    dropped, finished = 0, False

    def __init__(self, clock, plugs=frozenset()):
        self._pixels, self._clock, self._plugs, self._seq = portrait(), clock, plugs, 0

    def read(self, timeout_s):
        if "camera" in self._plugs:
            raise DeviceLost("camera 0: no picture for 2 s; check its ribbon cable")
        self._seq += 1
        return Frame(self._seq, self._clock.now_s(), self._pixels)

    def close(self):
        pass
