"""A TFLite model ready to run: built from bytes in memory, on the processor or through a delegate.

Knows tensors, not their meaning; the contract of a model directory is in model.py. Models from carriers (a face
detector inside an installed wheel) are run through this directly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from robot.config import InferenceSettings
from robot.errors import EngineMissing, InferenceError, ModelRefused
from robot.inference.chatter import without_small_talk
from robot.inference.engine import FIX, Engine, find_engine


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output of a model: real = scale * (stored - zero_point), unless `scale` is 0 (not quantised)."""

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    scale: float
    zero_point: int


class Interpreter:
    """One model, allocated, single user at a time. `engine` names the package that runs it."""

    def __init__(self, engine: Engine, native: Any) -> None:
        self.engine = engine.name
        self._native = native
        self.inputs = tuple(_tensor(detail) for detail in native.get_input_details())
        self.outputs = tuple(_tensor(detail) for detail in native.get_output_details())

    def run(self, *arrays: NDArray[np.generic]) -> tuple[NDArray[np.generic], ...]:
        """Run the model once. Takes one array for each input, of its shape and type; gives a copy of each output.

        Raises:
            InferenceError: an array does not fit, or the interpreter failed.
        """
        for tensor, array in zip(self.inputs, arrays, strict=True):
            if array.shape != tensor.shape or array.dtype != np.dtype(tensor.dtype):
                raise InferenceError(
                    f"input {tensor.name}: got {array.dtype} {list(array.shape)}, "
                    f"the model takes {tensor.dtype} {list(tensor.shape)}; convert it before"
                )
        try:
            for tensor, array in zip(self.inputs, arrays, strict=True):
                self._native.set_tensor(tensor.index, array)
            self._native.invoke()
            return tuple(self._native.get_tensor(tensor.index) for tensor in self.outputs)
        except (RuntimeError, ValueError) as error:
            raise InferenceError(f"{self.engine}: the model failed while running: {_first_line(error)}") from error

    def run_zeros(self) -> None:
        """Run once on zeros: the first run allocates, and a broken delegate shows itself.

        Raises:
            InferenceError: the interpreter failed.
        """
        self.run(*(np.zeros(tensor.shape, np.dtype(tensor.dtype)) for tensor in self.inputs))


def open_interpreter(
    model: bytes, settings: InferenceSettings, name: str = "model", delegates: Sequence[object] = ()
) -> Interpreter:
    """Build an interpreter from the bytes of a model, with `settings.threads` threads. `name` is for errors.

    Raises:
        EngineMissing: no TFLite package is installed, or it does not go with the installed NumPy.
        ModelRefused: the bytes are no TFLite model, hold an unknown operator, or a delegate will not take them.
    """
    engine = find_engine(settings.interpreter)
    if not looks_like_a_model(model):
        raise ModelRefused(f"{name}: not a TFLite model (no TFL3 mark, or cut short); install the model again")
    options: dict[str, Any] = {"model_content": model, "num_threads": settings.threads}
    if delegates:
        options["experimental_delegates"] = list(delegates)
    try:
        with without_small_talk():
            native = engine.interpreter(**options)
            native.allocate_tensors()
    except (SystemError, AttributeError) as error:
        raise EngineMissing(
            f"{engine.name}: does not work with NumPy {np.__version__} ({_first_line(error)}); run: {FIX[engine.name]}"
        ) from error
    except (RuntimeError, ValueError) as error:
        raise ModelRefused(
            f"{name}: {engine.name} cannot load it: {_first_line(error)}; install the model again"
        ) from error
    return Interpreter(engine, native)


def looks_like_a_model(content: bytes) -> bool:
    """Whether the bytes begin as a TFLite flatbuffer does: offset of the root table, then `TFL3`.

    LiteRT verifies the whole file, but tflite-runtime 2.14 believes it and crashes on a damaged one, so bytes that come
    here must have been compared with a hash; this catches only what is plainly another kind of file.
    """
    return content[4:8] == b"TFL3" and int.from_bytes(content[:4], "little") + 4 <= len(content)


def _tensor(detail: dict[str, Any]) -> Tensor:
    """The interpreter's own description of a tensor, as values."""
    scale, zero_point = detail["quantization"]
    shape = tuple(int(side) for side in detail["shape"])
    return Tensor(
        int(detail["index"]), detail["name"], shape, np.dtype(detail["dtype"]).name, float(scale), int(zero_point)
    )


def _first_line(error: BaseException) -> str:
    """The start of an interpreter's message, which may run over many lines."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
