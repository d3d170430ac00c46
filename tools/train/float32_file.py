"""A float32 TFLite file, with the same face as an int8 one (`int8_file`): its numbers are the real values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tools.train.int8_file import Int8File

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


class Float32File:
    """A float32 file with one input and one output, run on one CPU thread.

    Raises:
        ValueError: its tensors are no float32.
    """

    dtype = "float32"

    def __init__(self, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  pure parts are tested without it

        self._interpreter = Interpreter(model_content=content, num_threads=1)
        self._interpreter.allocate_tensors()
        (self._input,) = self._interpreter.get_input_details()
        (self._output,) = self._interpreter.get_output_details()
        if self._input["dtype"] != np.float32 or self._output["dtype"] != np.float32:
            raise ValueError("the file's input and output must be float32")
        self.input, self.output = (
            RealCode(tuple(int(n) for n in tensor["shape"])) for tensor in (self._input, self._output)
        )

    def answer(self, codes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Outputs (n,k) of inputs (n, ...)."""
        answers = np.empty((len(codes), self.output.shape[-1]), np.float32)
        for row, code in enumerate(codes):
            self._interpreter.set_tensor(self._input["index"], code[None])
            self._interpreter.invoke()
            answers[row] = self._interpreter.get_tensor(self._output["index"])[0]
        return answers


def opened(content: bytes) -> Int8File | Float32File:
    """The file, whichever of both it is."""
    try:
        return Int8File(content)
    except ValueError:
        return Float32File(content)
