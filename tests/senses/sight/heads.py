"""A head of points that can be turned, and whose eyes, lids and lips move: as the landmark network would see it."""

import math
from dataclasses import dataclass

import numpy as np

from robot.senses.sight.head_pose import EYE_WIDTH_MM, EYEBALL_RADIUS_MM, EYES, IRIS_UP_DEG
from robot.senses.sight.landmarks import COUNT, Marks

EYE = 40.0
"""Width of an eye, in pixels."""
PLACES: dict[int, tuple[float, float, float]] = {
    33: (-60, 0, 0),
    133: (-20, 0, 0),
    362: (20, 0, 0),
    263: (60, 0, 0),
    10: (0, -80, 0),
    152: (0, 140, 0),
    151: (0, -50, 0),
    199: (0, 120, 0),
    9: (0, -30, 0),
    164: (0, 60, 0),
    234: (-90, 30, 60),
    454: (90, 30, 60),
    127: (-85, 10, 60),
    356: (85, 10, 60),
    132: (-80, 70, 60),
    361: (80, 70, 60),
}
"""Points of a head that looks straight ahead: right, down and away from the camera, in pixels from between the eyes."""


@dataclass(frozen=True)
class Head:
    """How it is held, in degrees as in `HeadPose`; where its eyes turn to; lids and lips as shares; how large it is."""

    pan_deg: float = 0.0
    tilt_deg: float = 0.0
    roll_deg: float = 0.0
    eyes_pan_deg: float = 0.0
    eyes_tilt_deg: float = 0.0
    lids: float = 0.3
    lips: float = 0.0
    size: float = 1.0
    presence: float = 0.99

    def marks(self) -> Marks:
        """Its points, in the middle of a picture."""
        points = np.zeros((COUNT, 3))
        for number, place in PLACES.items():
            points[number] = place
        for eye, middle in zip(EYES, (-40.0, 40.0), strict=True):
            reach = EYE * EYEBALL_RADIUS_MM / EYE_WIDTH_MM
            points[eye.iris] = (
                middle - reach * math.sin(math.radians(self.eyes_pan_deg)),
                -reach * math.sin(math.radians(self.eyes_tilt_deg + IRIS_UP_DEG)),
                0,
            )
            points[list(eye.upper)] = (middle, -self.lids * EYE / 2, 0)
            points[list(eye.lower)] = (middle, self.lids * EYE / 2, 0)
        height = PLACES[152][1] - PLACES[10][1]
        points[13], points[14] = (0, 80, 0), (0, 80 + self.lips * height, 0)
        turned = points @ _turn(self.pan_deg, self.tilt_deg, self.roll_deg).T
        return Marks((self.size * turned + (320, 240, 0)).astype(np.float32), self.presence)


def _turn(pan_deg: float, tilt_deg: float, roll_deg: float) -> np.ndarray:
    """Rotation by roll, then tilt, then pan: about the line of sight, the ears, and upright."""
    pan, tilt, roll = (math.radians(angle) for angle in (pan_deg, tilt_deg, roll_deg))
    about_sight = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    about_ears = np.array([[1, 0, 0], [0, math.cos(tilt), math.sin(tilt)], [0, -math.sin(tilt), math.cos(tilt)]])
    upright = np.array([[math.cos(pan), 0, math.sin(pan)], [0, 1, 0], [-math.sin(pan), 0, math.cos(pan)]])
    return about_sight @ upright @ about_ears
