"""How well a face can be read: its size, light, sharpness and pose, each 0..1.

Every part is a ramp between a value at which the face cannot be read and one from which on it is as good as any. The
values were chosen on 106 sharp studio and phone photographs, the same blurred (Gaussian, 2 to 8 px), darkened (to 15 %)
and shrunk, and on clips of real people who turn away.
"""

import math

import numpy as np
from numpy.typing import NDArray

from robot.messages import FaceQuality
from robot.senses.sight.blazeface import Detection, roll_rad

SIDE_PX = (12.0, 48.0)
"""Side of the box: the expression model sees 41 px of it."""
GREY = (15.0, 60.0)
"""Mean grey of the crop, 0..255: 138 in good light, 20 with 15 % of it."""
GREY_BELOW_WHITE = (5.0, 40.0)
CONTRAST = (4.0, 18.0)
"""Standard deviation of the crop's grey: 50 in good light, 23 in haze against a window, 7.6 with 15 % of the light."""
EDGES = (0.08, 0.30)
"""Mean absolute Laplacian over the standard deviation: 0.42 sharp, 0.31 at 2 px of blur, 0.20 at 4 px, 0.11 at 8 px."""
TURN = (0.6, 0.2)
"""Nose sideways from the middle of the eyes, in eye distances: 0.0 +- 0.03 facing, 0.14 in talk, 1 in profile."""
NOD = (0.35, 0.12)
"""Nose's share of the way from eyes to mouth, away from its 0.50 +- 0.05 when facing."""
EYES_OF_WIDTH = (0.18, 0.32)
"""Distance of the eyes over the width of the box: 0.40 +- 0.02 facing, 0.19 in profile."""
ROLL_DEG = (70.0, 30.0)
"""Roll costs little, since the crop is turned level."""
DECIMALS = 4


def face_quality(crop: NDArray[np.uint8], detection: Detection, width_px: int, height_px: int) -> FaceQuality:
    """The quality of a face: its grey crop uint8 (n, n), and where it was found in a picture of this size."""
    side_px = math.sqrt(max(detection.box[2] * width_px, 0.0) * max(detection.box[3] * height_px, 0.0))
    grey = crop.astype(np.float32)
    mean, deviation = float(grey.mean()), float(grey.std())
    light = min(ramp(mean, GREY), ramp(255.0 - mean, GREY_BELOW_WHITE), ramp(deviation, CONTRAST))
    return FaceQuality(
        size=round(ramp(side_px, SIDE_PX), DECIMALS),
        light=round(light, DECIMALS),
        sharpness=round(ramp(edges(grey) / max(deviation, 1.0), EDGES), DECIMALS),
        pose=round(_pose(detection, width_px, height_px), DECIMALS),
    )


def ramp(value: float, ends: tuple[float, float]) -> float:
    """0 at the first end, 1 at the second, straight between them; the ends may stand in either order."""
    nothing, all_of_it = ends
    return min(max((value - nothing) / (all_of_it - nothing), 0.0), 1.0)


def edges(grey: NDArray[np.float32]) -> float:
    """The mean absolute Laplacian (four neighbours) of a grey picture."""
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float(np.abs(4.0 * middle - around).mean())


def _pose(detection: Detection, width_px: int, height_px: int) -> float:
    """How straight the face looks at the camera, from the eyes, the nose and the mouth."""
    marks = [(x * width_px, y * height_px) for x, y in detection.points[:4]]
    (left_x, left_y), (right_x, right_y), nose, mouth = marks
    distance = math.hypot(right_x - left_x, right_y - left_y)
    if distance < 1e-6:
        return 0.0
    across = ((right_x - left_x) / distance, (right_y - left_y) / distance)
    middle = ((left_x + right_x) / 2, (left_y + right_y) / 2)

    def on_face(point: tuple[float, float]) -> tuple[float, float]:
        """A point in eye distances: along the eyes, and down the face from them."""
        x, y = point[0] - middle[0], point[1] - middle[1]
        return (x * across[0] + y * across[1]) / distance, (y * across[0] - x * across[1]) / distance

    (turn, nose_down), (_, mouth_down) = on_face(nose), on_face(mouth)
    nod = abs(nose_down / mouth_down - 0.5) if mouth_down > 0.2 else math.inf
    roll_deg = abs(math.degrees(roll_rad((detection.points[0], detection.points[1]), width_px, height_px)))
    eyes_of_width = distance / max(detection.box[2] * width_px, 1e-6)
    return min(ramp(abs(turn), TURN), ramp(nod, NOD), ramp(eyes_of_width, EYES_OF_WIDTH), ramp(roll_deg, ROLL_DEG))
