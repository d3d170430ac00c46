"""A photograph of a person as a clip in which the head turns, nods, tilts, moves and comes nearer, by known angles.

The head is taken for an ellipsoid with a nose, placed by the face detector's box; its front is turned and drawn anew
piece by piece, and fades into the still surroundings. The landmark network has no part in it. It is right for small
angles and coarse for large ones: what was hidden stays hidden.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from robot.senses.sight.blazeface import Detection

Floats = NDArray[np.float64]

HALF_WIDTH, HALF_HEIGHT, DEPTH, RAISED = 0.56, 0.73, 0.72, 0.13
NOSE, NOSE_WIDTH, NOSE_HEIGHT, NOSE_LOWER = 0.12, 0.10, 0.13, 0.18
"""The head in sides of the face's box: measured by hand on one photograph (`london_002`)."""
FADES_FROM, FADES_TO = 0.95, 1.7
"""From the head's outline on, in radii, the turn fades out."""
CELLS = 18
ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Pose:
    """How the head is held: degrees to the picture's left, up, clockwise; sideways and down in sides; nearer by."""

    pan_deg: float = 0.0
    tilt_deg: float = 0.0
    roll_deg: float = 0.0
    right: float = 0.0
    down: float = 0.0
    nearer: float = 1.0


class TurningHead:
    """One photograph, uint8 RGB (h, w, 3), with the face found in it."""

    def __init__(self, pixels: NDArray[np.uint8], face: Detection) -> None:
        height, width = pixels.shape[:2]
        self._picture = Image.fromarray(pixels)
        self._side = (face.box[2] * width + face.box[3] * height) / 2
        self._x = (face.box[0] + face.box[2] / 2) * width
        self._y = (face.box[1] + face.box[3] / 2) * height - RAISED * self._side
        self._edge_x = np.linspace(0, width, CELLS + 1).round()
        self._edge_y = np.linspace(0, height, CELLS + 1).round()

    def shown(self, pose: Pose) -> NDArray[np.uint8]:
        """The picture with the head held so, as uint8 RGB of the same size."""
        source_x, source_y = self._sources(pose)
        mesh = []
        for row in range(CELLS):
            for column in range(CELLS):
                target = tuple(
                    int(edge)
                    for edge in (
                        self._edge_x[column],
                        self._edge_y[row],
                        self._edge_x[column + 1],
                        self._edge_y[row + 1],
                    )
                )
                corners = ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))
                quad = tuple(float(axis[place]) for place in corners for axis in (source_x, source_y))
                mesh.append((target, quad))
        return np.asarray(
            self._picture.transform(self._picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
        )

    def _sources(self, pose: Pose) -> tuple[Floats, Floats]:
        """Where each grid point of the result lies in the photograph, in pixels."""
        x, y = np.meshgrid(self._edge_x, self._edge_y)
        # Out of the moved and tilted picture first: what is left is a head that turns on its own spot.
        x, y = x - self._x - pose.right * self._side, y - self._y - pose.down * self._side
        roll = math.radians(pose.roll_deg)
        x, y = (
            (x * math.cos(roll) + y * math.sin(roll)) / pose.nearer,
            (y * math.cos(roll) - x * math.sin(roll)) / pose.nearer,
        )
        from_x, from_y = x.copy(), y.copy()
        for _ in range(ROUNDS):
            moved_x, moved_y = self._moved(from_x, from_y, pose)
            from_x, from_y = x - (moved_x - from_x), y - (moved_y - from_y)
        width, height = self._picture.size
        return np.clip(from_x + self._x, 0, width - 1), np.clip(from_y + self._y, 0, height - 1)

    def _moved(self, x: Floats, y: Floats, pose: Pose) -> tuple[Floats, Floats]:
        """Where points of the photograph go, relative to the middle of the head."""
        side = self._side
        radius = np.hypot(x / (HALF_WIDTH * side), y / (HALF_HEIGHT * side))
        nose = np.exp(-((x / (NOSE_WIDTH * side)) ** 2) - ((y - NOSE_LOWER * side) / (NOSE_HEIGHT * side)) ** 2)
        depth = DEPTH * side * np.sqrt(np.clip(1 - radius**2, 0, 1)) + NOSE * side * nose
        pan, tilt = math.radians(pose.pan_deg), math.radians(pose.tilt_deg)
        turned_x = x * math.cos(pan) - depth * math.sin(pan)
        deeper = depth * math.cos(pan) + x * math.sin(pan)
        turned_y = y * math.cos(tilt) - deeper * math.sin(tilt)
        share = np.clip((FADES_TO - radius) / (FADES_TO - FADES_FROM), 0, 1)
        return x + share * (turned_x - x), y + share * (turned_y - y)
