"""An int8 TFLite file: how its tensors stand for real values, and what it answers on one CPU thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class TensorCode:
    """How an int8 tensor stands for real values: real = scale * (int8 - zero_point)."""

    shape: tuple[int, ...]
    scale: float
    zero_point: int

    def encode(self, real: npt.NDArray[np.floating]) -> npt.NDArray[np.int8]:
        """Real values as int8, rounded and kept in -128..127."""
        return np.asarray(np.clip(np.rint(real / self.scale) + self.zero_point, -128, 127), np.int8)

    def decode(self, code: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
        """int8 as real values."""
        return np.asarray((code.astype(np.float32) - self.zero_point) * self.scale, np.float32)


class TfliteFile:
    """A file with one input and one output of the type ``dtype``, run on one CPU thread.

    Raises:
        ValueError: its tensors are of another type.
    """

    dtype = ""

    def __init__(self, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  pure parts are tested without it

        self._interpreter = Interpreter(model_content=content, num_threads=1)
        self._interpreter.allocate_tensors()
        (self._input,) = self._interpreter.get_input_details()
        (self._output,) = self._interpreter.get_output_details()
        if {np.dtype(tensor["dtype"]).name for tensor in (self._input, self._output)} != {self.dtype}:
            raise ValueError(f"the file's input and output must be {self.dtype}")

    def answer(self, codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Outputs (n,k) of inputs (n, ...), both as the file stores them."""
        answers = np.empty((len(codes), self._output["shape"][-1]), self.dtype)
        for row, code in enumerate(codes):
            self._interpreter.set_tensor(self._input["index"], code[None])
            self._interpreter.invoke()
            answers[row] = self._interpreter.get_tensor(self._output["index"])[0]
        return answers


class Int8File(TfliteFile):
    """An int8 file.

    Raises:
        ValueError: its tensors are no int8.
    """

    dtype = "int8"

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.input, self.output = _code(self._input), _code(self._output)

    def logits(self, real: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Real logits (n,k) of real inputs (n, ...), through int8 at both ends."""
        return self.output.decode(self.answer(self.input.encode(real)))


def _code(detail: dict[str, Any]) -> TensorCode:
    scale, zero_point = detail["quantization"]
    return TensorCode(tuple(int(n) for n in detail["shape"]), float(scale), int(zero_point))
