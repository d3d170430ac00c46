"""Is this a picture at all? Checked once, where frames come in, so that nothing further on has to ask again."""

import math

import numpy as np
from numpy.typing import NDArray

from hardware.ports import Frame
from robot.errors import MediaError

LEAST_SIDE_PX = 16
MOST_SIDE_PX = 8192
BRIGHTNESS_STEP_PX = 8
"""Brightness is the mean of every eighth pixel each way: 4,800 of a 640x480 picture, within 0.01 of all of them."""


def check_frame(frame: Frame) -> None:
    """Accept a frame that is a picture.

    Raises:
        MediaError: the pixels are no uint8 RGB array of bearable size, every one of them is black (a shut lens or a
            dead sensor: a dark room still has noise), or the time is not finite.
    """
    if not math.isfinite(frame.t_s):
        raise MediaError(f"frame {frame.seq}: its time is {frame.t_s}; the camera's driver must give finite seconds")
    _check_pixels(frame.seq, "picture", frame.pixels)
    if frame.small is not None:
        _check_pixels(frame.seq, "small picture", frame.small)


def _check_pixels(seq: int, what: str, pixels: NDArray[np.uint8]) -> None:
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        got = f"{pixels.dtype} {list(pixels.shape)}" if isinstance(pixels, np.ndarray) else type(pixels).__name__
        raise MediaError(f"frame {seq}: the {what} is {got}, must be uint8 [height, width, 3] RGB; check the camera")
    if not all(LEAST_SIDE_PX <= side <= MOST_SIDE_PX for side in pixels.shape[:2]):
        raise MediaError(
            f"frame {seq}: the {what} has {pixels.shape[1]}x{pixels.shape[0]} pixels, "
            f"each side must be {LEAST_SIDE_PX} to {MOST_SIDE_PX}; set another camera size"
        )
    if not sample(pixels).any() and not pixels.any():
        raise MediaError(f"frame {seq}: the {what} is black everywhere; open the camera's shutter or restart it")


def sample(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every eighth pixel each way, starting in the middle of the first eight."""
    start = min(BRIGHTNESS_STEP_PX // 2, *(side - 1 for side in pixels.shape[:2]))
    return pixels[start::BRIGHTNESS_STEP_PX, start::BRIGHTNESS_STEP_PX]


def brightness(pixels: NDArray[np.uint8]) -> float:
    """The mean grey of a picture uint8 RGB (h, w, 3), 0..1 (ITU-R 601 luma)."""
    red, green, blue = sample(pixels).reshape(-1, 3).mean(axis=0)
    return float(0.299 * red + 0.587 * green + 0.114 * blue) / 255.0
