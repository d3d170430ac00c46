"""A float32 TFLite file, with the same face as an int8 one (`int8_file`): its numbers are the real values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tools.train.int8_file import Int8File, TfliteFile

STEP = 0.001
"""In which the golden tolerance of a float32 output counts."""


class RealCode:
    """How a float32 tensor stands for real values: as itself."""

    zero_point = 0
    scale = STEP

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape

    def encode(self, real: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Real values as float32."""
        return np.asarray(real, np.float32)

    def decode(self, code: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """float32 as real values."""
        return code


class Float32File(TfliteFile):
    """A float32 file.

    Raises:
        ValueError: its tensors are no float32.
    """

    dtype = "float32"

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.input, self.output = (
            RealCode(tuple(int(n) for n in tensor["shape"])) for tensor in (self._input, self._output)
        )


def opened(content: bytes) -> Int8File | Float32File:
    """The file, whichever of both it is."""
    try:
        return Int8File(content)
    except ValueError:
        return Float32File(content)
