"""Finds faces in a picture: BlazeFace full range, and short range for a face that fills the picture."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from robot.config import InferenceSettings
from robot.errors import ModelRefused
from robot.inference.carriers import read_carried
from robot.inference.interpreter import Interpreter, open_interpreter
from robot.senses.sight.blazeface import (
    FULL_RANGE,
    SHORT_RANGE,
    Detection,
    Floats,
    Variant,
    anchors,
    candidates,
    merge,
)
from robot.senses.sight.letterbox import Placement, letterbox

CLOSE_UP_SCORE = 0.8
"""The short-range network sees faces in flowers and fish with up to 0.61; real close-ups score above 0.85.

On studio faces cut to 1.1, 1.2 and 1.4 sides of their box the full range alone finds 3, 14 and 30 of 33, both together
33 each; on 360 pictures of things without a face both together see 3, as the full range alone does.
"""
CLOSE_UP_SIDE = 0.4
"""A close-up's box is at least so large a share of the picture's shorter side: smaller ones the full range finds."""


class FaceFinder(Protocol):
    """Anything that finds faces."""

    def find(self, pixels: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """The faces in uint8 RGB (h, w, 3), best score first.

        Raises:
            InferenceError: the network failed.
        """
        ...


class AnchorNetwork:
    """One of the BlazeFace networks, or the one for palms, ready to run."""

    def __init__(self, variant: Variant, interpreter: Interpreter, min_score: float) -> None:
        self.variant = variant
        self._min_score = min_score
        self._interpreter = interpreter
        self._anchors = anchors(variant)
        shapes = [tensor.shape for tensor in interpreter.outputs]
        count = len(self._anchors)
        numbers = 2 * (variant.points + 2)
        if sorted(shapes) != [(1, count, 1), (1, count, numbers)] or len(interpreter.inputs) != 1:
            raise ModelRefused(
                f"{variant.file.name}: outputs are {shapes}, not those of this network; run `bash tools/setup`"
            )
        self._boxes_at, self._scores_at = shapes.index((1, count, numbers)), shapes.index((1, count, 1))

    @classmethod
    def open(cls, variant: Variant, settings: InferenceSettings, min_score: float) -> "AnchorNetwork":
        """Load the network from its carrier.

        Raises:
            EngineMissing: the carrier or a TFLite package is not installed.
        """
        model = read_carried(variant.file)
        return cls(variant, open_interpreter(model, settings, variant.file.name), min_score)

    def find(self, pixels: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """The faces or palms in uint8 RGB (h, w, 3), best score first.

        Raises:
            InferenceError: the network failed or gave NaN.
        """
        square, placement = letterbox(pixels, self.variant.side_px, self.variant.black)
        outputs = self._interpreter.run(square)
        boxes = np.asarray(outputs[self._boxes_at], np.float32)[0]
        scores = np.asarray(outputs[self._scores_at], np.float32)[0, :, 0]
        found = merge(*candidates(boxes, scores, self._anchors, self.variant.side_px, self._min_score))
        return tuple(self._detection(score, points, placement) for score, points in found)

    def _detection(self, score: float, points: Floats, placement: Placement) -> Detection:
        """Points (8, 2), or (9, 2), in the square as a detection in the picture; its box as a short-range one."""
        size = points[1] * self.variant.box_scale
        corner = points[0] + np.array((0.0, self.variant.lower_by), np.float32) * points[1] - size / 2
        left, top = placement.to_picture(corner).tolist()
        right, bottom = placement.to_picture(corner + size).tolist()
        marks = placement.to_picture(points[2:]).tolist()
        return Detection((left, top, right - left, bottom - top), score, tuple((x, y) for x, y in marks))


class FaceDetector:
    """The full-range network, and the short-range one when that finds nothing: a face may fill the picture."""

    def __init__(self, full_range: AnchorNetwork, short_range: AnchorNetwork) -> None:
        self._full_range = full_range
        self._short_range = short_range

    @classmethod
    def open(cls, settings: InferenceSettings, min_score: float) -> "FaceDetector":
        """Load both networks; `min_score` 0..1 is the least score of a face.

        Raises:
            EngineMissing: the carrier or a TFLite package is not installed.
        """
        close_up_score = max(min_score, CLOSE_UP_SCORE)
        return cls(
            AnchorNetwork.open(FULL_RANGE, settings, min_score),
            AnchorNetwork.open(SHORT_RANGE, settings, close_up_score),
        )

    def find(self, pixels: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """The faces in uint8 RGB (h, w, 3), best score first.

        Raises:
            InferenceError: a network failed or gave NaN.
        """
        found = self._full_range.find(pixels)
        if found:
            return found
        height, width = pixels.shape[:2]
        least = CLOSE_UP_SIDE * min(height, width)
        return tuple(face for face in self._short_range.find(pixels) if face.box[2] * width >= least)
