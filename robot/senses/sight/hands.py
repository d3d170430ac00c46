"""Reads hands: 21 points on each, and the shape that they make (a fist, an open palm, a thumb up ...)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.config import InferenceSettings
from robot.errors import InferenceError, ModelRefused
from robot.inference.carriers import read_carried
from robot.inference.interpreter import Interpreter, open_interpreter
from robot.senses.sight.blazeface import Detection
from robot.senses.sight.detector import AnchorNetwork
from robot.senses.sight.palms import LEAST_SCORE, PALMS, hand_file, hand_patch
from robot.senses.sight.patch import Floats, Patch

LANDMARKS = hand_file("hand_landmarker.task", "hand_landmarks_detector.tflite")
EMBEDDER = hand_file("hand_gesture_recognizer.task", "gesture_embedder.tflite")
CLASSIFIER = hand_file("hand_gesture_recognizer.task", "canned_gesture_classifier.tflite")
"""8 ms a hand for the points on one x86 core, hardly anything for the shape."""

COUNT = 21
SIDE_PX = 224
LEAST_PRESENCE = 0.5
SHAPES = ("none", "fist", "open_palm", "pointing", "thumb_down", "thumb_up", "victory", "i_love_you")
"""The classifier's answers in its own order (canned gestures of MediaPipe's model card)."""

EPSILON = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """One hand: float32 points (21, 3) in pixels of the picture, wrist first; 0..1 that it is a hand, and a right one.

    `shape` is one of `SHAPES`, `confidence` 0..1 its probability.
    """

    points: Floats
    presence: float
    right: float
    shape: str
    confidence: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height in pixels of the picture."""
        low, high = self.points[:, :2].min(axis=0), self.points[:, :2].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


class HandReader:
    """Palm detector, hand landmarks and gesture classifier, ready to run."""

    def __init__(
        self, palms: AnchorNetwork, landmarks: Interpreter, embedder: Interpreter, classifier: Interpreter
    ) -> None:
        """Take the networks.

        Raises:
            ModelRefused: the landmark network has other outputs.
        """
        shapes = [tensor.shape for tensor in landmarks.outputs]
        if shapes != [(1, 3 * COUNT), (1, 1), (1, 1), (1, 3 * COUNT)]:
            raise ModelRefused(f"{LANDMARKS.name}: not the hand network (outputs {shapes}); run `bash tools/setup`")
        self._palms = palms
        self._landmarks = landmarks
        self._embedder = embedder
        self._classifier = classifier

    @classmethod
    def open(cls, settings: InferenceSettings) -> "HandReader":
        """Load the networks from their carrier.

        Raises:
            EngineMissing: the carrier or a TFLite package is not installed, or the carrier holds another file.
        """
        palms = AnchorNetwork.open(PALMS, settings, LEAST_SCORE)
        networks = (
            open_interpreter(read_carried(file), settings, file.name) for file in (LANDMARKS, EMBEDDER, CLASSIFIER)
        )
        return cls(palms, *networks)

    def find(self, pixels: NDArray[np.uint8], small: NDArray[np.uint8] | None = None) -> Hand | None:
        """The raised hand in uint8 RGB (h, w, 3): the highest one, since hands that say something are not let hang.

        Palms are looked for in `small`, the same picture with fewer pixels, where there is one.

        Raises:
            InferenceError: a network failed or gave NaN.
        """
        height_px, width_px = pixels.shape[:2]
        palms = self._palms.find(pixels if small is None else small)
        if not palms:
            return None
        highest = min(palms, key=lambda palm: palm.box[1] + palm.box[3] / 2)
        hand = self._read(pixels, hand_patch(highest, width_px, height_px))
        return hand if hand.presence >= LEAST_PRESENCE else None

    def read_near(self, pixels: NDArray[np.uint8], place: Detection) -> Hand:
        """Look for palms, and read the patch of `place` whether there is a hand or not: the cost of one hand.

        Raises:
            InferenceError: a network failed or gave NaN.
        """
        self._palms.find(pixels)
        return self._read(pixels, hand_patch(place, pixels.shape[1], pixels.shape[0]))

    def _read(self, pixels: NDArray[np.uint8], patch: Patch) -> Hand:
        outputs = [np.asarray(output, np.float32) for output in self._landmarks.run(patch.cut(pixels, SIDE_PX))]
        if not all(np.isfinite(output).all() for output in outputs):
            raise InferenceError("hand landmarks: the output holds NaN or infinity; this look is dropped")
        flat, presence, right, world = outputs
        points = patch.to_picture(flat.reshape(COUNT, 3) / np.float32(SIDE_PX))
        shape, confidence = self._name(points, turned(world.reshape(COUNT, 3), patch.turn), right)
        return Hand(points, float(presence[0, 0]), float(right[0, 0]), shape, confidence)

    def _name(self, points: Floats, world: Floats, right: Floats) -> tuple[str, float]:
        """The shape of a hand, and how probable it is.

        The classifier was taught on mirrored pictures, as of a selfie: its left hand is a right one here.
        """
        inputs = {"hand": based(points)[np.newaxis], "handedness": right, "world_hand": based(world)[np.newaxis]}
        given = [inputs[tensor.name] for tensor in self._embedder.inputs]
        embedding = np.asarray(self._embedder.run(*given)[0], np.float32)
        shares = np.asarray(self._classifier.run(embedding)[0], np.float32)[0]
        if not np.isfinite(shares).all():
            raise InferenceError("hand shapes: the output holds NaN or infinity; this look is dropped")
        best = int(shares.argmax())
        return SHAPES[best], float(shares[best])


def based(points: Floats) -> Floats:
    """Points (n, 3) from the wrist on, the longer side of their box being 1 (landmarks_to_matrix of MediaPipe)."""
    moved = points - points[0]
    extent = moved[:, :2].max(axis=0) - moved[:, :2].min(axis=0)
    return np.asarray(moved / (float(extent.max()) + EPSILON), np.float32)


def turned(points: Floats, turn: float) -> Floats:
    """Points (n, 3) turned clockwise in the picture by `turn` radians: out of the patch's frame into the picture's."""
    cos, sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    rotated = points.copy()
    rotated[:, 0] = points[:, 0] * cos - points[:, 1] * sin
    rotated[:, 1] = points[:, 0] * sin + points[:, 1] * cos
    return rotated
