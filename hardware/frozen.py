"""Notices a camera that sends on but shows the same picture: a driver that repeats its last buffer."""

import numpy as np
from numpy.typing import NDArray

from hardware.ports import Frame

DIM = 24
"""A picture whose brightest point lies below this (0..255) may repeat itself: little light leaves little noise."""


class Frozen:
    """Compares each frame with the one before; pictures that stay the same to the last bit for `limit_s` are frozen.

    A sensor's own noise never repeats itself, so a still scene is no frozen one. Nor is a dim one; but a picture that
    is black to the last pixel comes from a shut lens or a dead sensor.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._last: NDArray[np.uint8] | None = None
        self._since_s = 0.0

    def since(self, frame: Frame) -> bool:
        """Take in one frame; true once the picture has been the same for `limit_s`."""
        picture = frame.pixels if frame.small is None else frame.small
        same = self._last is not None and np.array_equal(picture, self._last)
        if not same:
            self._last, self._since_s = picture, frame.t_s
            return False
        return frame.t_s - self._since_s >= self._limit_s and not 0 < int(picture.max(initial=0)) <= DIM
