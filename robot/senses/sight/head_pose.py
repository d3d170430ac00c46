"""Where a head points, where its eyes look, and how far lids and lips are apart: from the points on the face.

All angles are relative to the line from the face to the camera, since the points come from a patch around the face:
somebody who looks into the camera is at 0, 0 wherever they stand. Point numbers are those of MediaPipe's face mesh.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Eye:
    """The points of one eye: two corners (on the picture's left and right), three points of each lid, the iris."""

    left: int
    right: int
    upper: tuple[int, int, int]
    lower: tuple[int, int, int]
    iris: int


EYES = (
    Eye(33, 133, (160, 159, 158), (144, 145, 153), 468),
    Eye(362, 263, (385, 386, 387), (380, 374, 373), 473),
)
"""The eyes on the picture's left and right."""

ACROSS = ((33, 263), (234, 454), (127, 356), (132, 361))
"""Pairs of points of which the line runs straight across a face: corners of the eyes, cheeks, temples, jaw."""
DOWN = ((10, 152), (151, 199), (9, 164))
"""Pairs of which the line runs straight down it: forehead to chin, and nearer to the middle."""
LIPS = (13, 14)
TOP, CHIN = 10, 152

EYEBALL_RADIUS_MM = 12.0
EYE_WIDTH_MM = 30.0
"""An adult's eyeball, and the visible eye from corner to corner (Farkas 1994: 31 mm)."""

IRIS_UP_DEG = 10.0
"""By how much the iris of somebody who looks straight ahead seems turned up: it lies above the line of the corners."""

MOST_EYE_DEG = 40.0
"""Eyes turn no further; in half profile the iris seems to."""


@dataclass(frozen=True, slots=True)
class HeadPose:
    """How a head is turned, in degrees: `pan` to the picture's left, `tilt` up, `roll` clockwise, all positive."""

    pan_deg: float
    tilt_deg: float
    roll_deg: float


def axes(points: Floats) -> Floats:
    """The head's own axes (3, 3) as rows: to the picture's right, down, and into the picture, each of length 1."""
    across = sum((points[right] - points[left] for left, right in ACROSS), np.zeros(3, np.float32))
    down = sum((points[low] - points[high] for high, low in DOWN), np.zeros(3, np.float32))
    x = across / np.linalg.norm(across)
    z = np.cross(x, down)
    z /= np.linalg.norm(z)
    return np.stack([x, np.cross(z, x), z]).astype(np.float32)


def head_pose(points: Floats) -> HeadPose:
    """The pose of a head from its points (478, 3)."""
    x, _, z = axes(points)
    # The nose points against z. The picture's x runs to the right and its y down.
    pan = math.degrees(math.atan2(float(z[0]), float(z[2])))
    tilt = math.degrees(math.asin(_within(float(z[1]), 1.0)))
    roll = math.degrees(math.atan2(float(x[1]), float(x[0])))
    return HeadPose(pan, tilt, roll)


def eyes_in_head_deg(points: Floats) -> tuple[float, float]:
    """How far the eyes are turned in the head, (pan, tilt): the mean of both, signs as in `HeadPose`."""
    frame = axes(points)
    turned = [_eye_deg(points, eye, frame) for eye in EYES]
    pan, tilt = (sum(angles) / len(EYES) for angles in zip(*turned, strict=True))
    return _within(pan, MOST_EYE_DEG), _within(tilt - IRIS_UP_DEG, MOST_EYE_DEG)


def _eye_deg(points: Floats, eye: Eye, frame: Floats) -> tuple[float, float]:
    corners = points[eye.right] - points[eye.left]
    width = float(np.linalg.norm(corners))
    off = (points[eye.iris] - (points[eye.left] + points[eye.right]) / 2) / max(width, 1e-6)
    across, down = float(frame[0] @ off), float(frame[1] @ off)
    scale = EYE_WIDTH_MM / EYEBALL_RADIUS_MM
    return -_arc_deg(across * scale), -_arc_deg(down * scale)


def _arc_deg(share: float) -> float:
    return math.degrees(math.asin(_within(share, 1.0)))


def _within(value: float, most: float) -> float:
    return min(max(value, -most), most)


def eye_openings(points: Floats) -> tuple[float, float]:
    """The height of each eye over its width: 0.3 open, under 0.1 shut."""
    return _opening(points, EYES[0]), _opening(points, EYES[1])


def _opening(points: Floats, eye: Eye) -> float:
    heights = [np.linalg.norm(points[low] - points[high]) for high, low in zip(eye.upper, eye.lower, strict=True)]
    return float(np.mean(heights) / max(float(np.linalg.norm(points[eye.right] - points[eye.left])), 1e-6))


def mouth_opening(points: Floats) -> float:
    """The gap between the lips over the height of the face: 0 shut, 0.05 in talk, 0.3 wide open."""
    gap = float(np.linalg.norm(points[LIPS[1]] - points[LIPS[0]]))
    return gap / max(float(np.linalg.norm(points[CHIN] - points[TOP])), 1e-6)
