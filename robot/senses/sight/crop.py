"""Cut a face out of a frame the way the expression model saw faces in training: grey, square, level, small.

NumPy and Pillow only (Pillow for one conversion to grey, five times faster than NumPy's).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

LEAST_ROLL_RAD = math.radians(1.0)
"""Below this a face is level: turning it would only blur it."""


@dataclass(frozen=True)
class Framing:
    """How a crop lies on a face box.

    ``side_per_box``: side of the crop over the side of the box. ``raise_sides``: how far the crop's centre lies above
    the box's centre, in sides of the crop. Both are medians measured with the full-range BlazeFace detector on the
    training pictures, whose framing the crop repeats. ``size_px``: side of the result.
    """

    size_px: int = 48
    side_per_box: float = 1.17
    raise_sides: float = 0.068

    def __post_init__(self) -> None:
        if self.size_px < 1 or not self.side_per_box > 0.0:
            raise ValueError("size_px must be at least 1 and side_per_box above 0")


def _weights(start: float, step: float, count: int, length: int) -> Floats:
    """Weights (count, length) of a line's pixels, where output k covers start + k * step .. start + (k + 1) * step.

    Shrinking (step >= 1) gives each pixel the share of it that lies inside, enlarging interpolates between the pixels'
    centres. Beyond the ends the end pixels go on.
    """
    begins = (start + step * np.arange(count))[:, None]
    if step < 1.0:
        centres = np.clip(begins + 0.5 * step - 0.5, 0.0, length - 1.0)
        return np.asarray(np.maximum(0.0, 1.0 - np.abs(centres - np.arange(length))), np.float32)
    low = np.arange(length, dtype=np.float64)
    high = low + 1.0
    low[0], high[-1] = -math.inf, math.inf
    return np.asarray((np.clip(begins + step, low, high) - np.clip(begins, low, high)) / step, np.float32)


def _span(start: float, side: float, length: int) -> tuple[int, int]:
    """The pixels first..last of a line that start..start + side touches, one more on both sides, at least one."""
    first = min(length - 1, max(0, math.floor(start) - 1))
    return first, max(first + 1, min(length, math.ceil(start + side) + 1))


def _region(frame: Bytes, left: float, top: float, side: float, shrink: int) -> tuple[Floats, float, float]:
    """The frame around a square as float32 grey, shrunk ``shrink`` times, and the square's left and top in it.

    Whole-number shrinking is quick and a plain mean; it leaves the exact work to a small picture.
    """
    first_row, last_row = _span(top, side, frame.shape[0])
    first_column, last_column = _span(left, side, frame.shape[1])
    part = Image.fromarray(np.ascontiguousarray(frame[first_row:last_row, first_column:last_column])).convert("L")
    grey = np.asarray(part.reduce(shrink) if shrink > 1 else part, np.float32)
    return grey, (left - first_column) / shrink, (top - first_row) / shrink


def _level(frame: Bytes, left: float, top: float, side: float, count: int) -> Floats:
    """The square of ``side`` pixels at (left, top) as float32 grey (count, count)."""
    shrink = max(1, int(side / count / 2))
    grey, left, top = _region(frame, left, top, side, shrink)
    step = side / count / shrink
    rows, columns = _weights(top, step, count, grey.shape[0]), _weights(left, step, count, grey.shape[1])
    return np.asarray(rows @ grey @ columns.T, np.float32)


def _turned(frame: Bytes, middle_x: float, middle_y: float, side: float, roll: float, count: int) -> Floats:
    """The square of ``side`` pixels about a point, turned by ``roll`` radians, as float32 grey (count, count).

    It is sampled with twice the detail and then averaged 2 by 2: sampled at its own size it would alias.
    """
    fine = 2 * count
    shrink = max(1, int(side / fine))
    around = side * (abs(math.cos(roll)) + abs(math.sin(roll)))
    grey, left, top = _region(frame, middle_x - around / 2.0, middle_y - around / 2.0, around, shrink)
    along = (((np.arange(fine) + 0.5) / fine - 0.5) * side / shrink).astype(np.float32)
    across, cos, sin = along[:, None], math.cos(roll), math.sin(roll)
    half = around / shrink / 2.0 - 0.5
    height, width = grey.shape
    x = np.clip(along * cos - across * sin + np.float32(left + half), 0.0, width - 1.0)
    y = np.clip(along * sin + across * cos + np.float32(top + half), 0.0, height - 1.0)
    column, row = x.astype(np.int32), y.astype(np.int32)
    right, down = x - column, y - row
    next_column = np.minimum(column + 1, width - 1)
    upper, lower = row * width, np.minimum(row + 1, height - 1) * width
    flat = grey.ravel()
    above = flat[upper + column] * (1.0 - right) + flat[upper + next_column] * right
    below = flat[lower + column] * (1.0 - right) + flat[lower + next_column] * right
    sampled = above + (below - above) * down
    pairs = sampled[0::2] + sampled[1::2]
    return np.asarray((pairs[:, 0::2] + pairs[:, 1::2]) * 0.25, np.float32)


def face_crop(
    frame: Bytes, box: tuple[float, float, float, float], *, roll: float = 0.0, framing: Framing | None = None
) -> Bytes:
    """The face in ``box`` as grey uint8 (size_px, size_px).

    Args:
        frame: RGB uint8 (h,w,3) or grey uint8 (h,w).
        box: x, y, width, height of the detector's face box as shares of the frame's width and height. It may reach
            out of the frame, where the frame's edge pixels are repeated.
        roll: how far the line from the eye on the picture's left to the one on its right is turned, in radians,
            clockwise in the picture (the right one lower). The crop is turned back by it.
        framing: how the crop lies on the box.

    Raises:
        ValueError: the frame is empty or not of these shapes, or the box has no area or is not finite.
    """
    how = framing or Framing()
    if (
        frame.dtype != np.uint8
        or frame.ndim not in (2, 3)
        or (frame.ndim == 3 and frame.shape[2] != 3)
        or not frame.size
    ):
        raise ValueError(f"a frame must be uint8 (h,w) or (h,w,3); got {frame.dtype} {frame.shape}")
    if not all(math.isfinite(value) for value in (*box, roll)) or box[2] <= 0.0 or box[3] <= 0.0:
        raise ValueError(f"a face box needs finite numbers and an area; got {box}, roll {roll}")
    height, width = frame.shape[:2]
    side = how.side_per_box * (box[2] * width + box[3] * height) / 2.0
    raised = how.raise_sides * side
    # Up is up on the face: a turned head raises its crop along its own axis.
    middle_x = (box[0] + box[2] / 2.0) * width + raised * math.sin(roll)
    middle_y = (box[1] + box[3] / 2.0) * height - raised * math.cos(roll)
    # Far outside there is only the edge: staying near it keeps the numbers exact.
    middle_x = min(max(middle_x, -2.0 * side), width + 2.0 * side)
    middle_y = min(max(middle_y, -2.0 * side), height + 2.0 * side)
    if abs(roll) < LEAST_ROLL_RAD:
        crop = _level(frame, middle_x - side / 2.0, middle_y - side / 2.0, side, how.size_px)
    else:
        crop = _turned(frame, middle_x, middle_y, side, roll, how.size_px)
    return np.clip(np.rint(crop), 0, 255).astype(np.uint8)
