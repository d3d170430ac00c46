"""A model that keeps its contract: loaded from checked bytes, compared with its manifest, tested before it is used."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardware.ports import Accelerator, RunBytes
from robot.config import InferenceSettings
from robot.errors import InferenceError, ModelRefused
from robot.inference.golden import golden_fault, read_golden
from robot.inference.interpreter import Interpreter, Tensor, open_interpreter
from robot.inference.manifest import InputContract, Manifest, OutputContract
from robot.inference.store import ModelFiles, read_model_files

GOLDEN_CASES_AT_START = 8
"""Enough to tell a broken model from a whole one, and a few milliseconds on a Pi."""
SCALE_TOLERANCE = 1e-4
"""Relative: a manifest writes a float32 scale in decimal."""


class Model:
    """One model of the robot's own, with one input and one output (logits).

    With an accelerator that works, and a variant compiled for it, it runs there; whenever it cannot, on the processor.
    """

    def __init__(self, files: ModelFiles, processor: Interpreter) -> None:
        self.files = files
        self.manifest: Manifest = files.manifest
        self._processor = processor
        self._accelerator: Accelerator | None = None
        self._key = f"{files.manifest.id} {files.manifest.version}"

    @classmethod
    def load(
        cls,
        directory: Path,
        settings: InferenceSettings,
        accelerator: Accelerator | None = None,
        self_test: bool = True,
    ) -> "Model":
        """Read, check and build the model in `directory`; with `self_test` also run some golden inputs.

        Raises:
            ModelRefused: the directory breaks its contract.
            EngineMissing: no TFLite package is installed.
        """
        files = read_model_files(directory)
        where = str(directory / files.manifest.file)
        processor = open_interpreter(files.model, settings, where)
        for fault in contract_faults(files.manifest, processor):
            raise ModelRefused(f"{where}: {fault}; install the model again")
        model = cls(files, processor)
        if self_test:
            model.self_test(GOLDEN_CASES_AT_START)
        if accelerator is not None and files.edgetpu_model is not None:
            model._accelerator = accelerator
            accelerator.offer(model._key, files.edgetpu_model, model._wrong_by)
        return model

    @property
    def runs_on(self) -> str:
        """`cpu`, or the name of the accelerator that answers now."""
        accelerator = self._accelerator
        return accelerator.name if accelerator is not None and accelerator.serves(self._key) else "cpu"

    @property
    def fell_back(self) -> str:
        """Why it does not run on the accelerator that there might be; empty while it does, or when none was asked for.

        A model without a variant compiled for the accelerator never asks for one.
        """
        return "" if self._accelerator is None else self._accelerator.why_not(self._key)

    @property
    def engine(self) -> str:
        """Which TFLite package runs it: `litert` or `tflite`."""
        return self._processor.engine

    def run(self, values: NDArray[np.generic]) -> NDArray[np.float32]:
        """Logits float32 (labels,) for one input of the manifest's shape, with or without its batch axis of 1.

        `values` are real numbers in `input.value_range` (any float type; clipped to what the tensor can hold), or
        already of the tensor's own type, and then used as they are.

        Raises:
            InferenceError: the input does not fit or holds NaN or infinity, the run failed, or its output does.
        """
        stored = to_stored(values, self.manifest.input)
        logits = to_real(self._run_stored(stored), self.manifest.output)
        if not np.isfinite(logits).all():
            raise InferenceError(f"{self.manifest.id}: the output holds NaN or infinity; this result is dropped")
        return logits

    def self_test(self, cases: int | None = None) -> None:
        """Run the golden inputs (`cases` of them, None for all) on whatever the model runs on now.

        Raises:
            ModelRefused: an output is further from the recorded one than the manifest allows, or none of them varies.
        """
        where = str(self.files.directory / self.manifest.golden.file)
        golden = read_golden(self.files.golden, self.manifest, where)
        chosen = golden.spread(cases)
        outputs = [self._run_stored(stored[np.newaxis]) for stored in chosen.inputs]
        fault = golden_fault(chosen, np.stack(outputs), self.manifest)
        if fault:
            raise ModelRefused(f"{self.files.directory / self.manifest.file}: {fault}; install the model again")

    def _run_stored(self, stored: NDArray[np.generic]) -> NDArray[np.generic]:
        """The output tensor as stored, shape (labels,), from the accelerator while that works, else the processor."""
        if self._accelerator is not None:
            answer = self._accelerator.run(self._key, stored)
            if answer is not None:
                return np.frombuffer(answer, self.manifest.output.dtype)
        return _flat_run(self._processor, stored)

    def _wrong_by(self, run: RunBytes) -> str:
        """What is wrong with the answers of `run` to some golden inputs; empty when nothing is."""
        golden = read_golden(self.files.golden, self.manifest, str(self.files.directory / self.manifest.golden.file))
        chosen = golden.spread(GOLDEN_CASES_AT_START)
        outputs = [np.frombuffer(run(stored[np.newaxis]), self.manifest.output.dtype) for stored in chosen.inputs]
        if any(output.shape != chosen.outputs[0].shape for output in outputs):
            return "its output has another shape than the manifest says"
        return golden_fault(chosen, np.stack(outputs), self.manifest)


def _flat_run(interpreter: Interpreter, stored: NDArray[np.generic]) -> NDArray[np.generic]:
    (output,) = interpreter.run(stored)
    return output.reshape(-1)


def to_stored(values: NDArray[np.generic], contract: InputContract) -> NDArray[np.generic]:
    """`values` as the input tensor stores them, of the contract's shape.

    Raises:
        InferenceError: the shape does not fit, or a value is NaN or infinite.
    """
    if values.shape not in (contract.shape, contract.shape[1:]):
        raise InferenceError(
            f"input of shape {list(values.shape)}, the model takes {list(contract.shape)}; convert it before"
        )
    shaped = np.ascontiguousarray(values.reshape(contract.shape))
    if shaped.dtype.name == contract.dtype and contract.dtype != "float32":
        return shaped
    if shaped.dtype.kind != "f" or not np.isfinite(shaped).all():
        raise InferenceError(f"input is {shaped.dtype} or holds NaN or infinity; give finite real numbers")
    if contract.dtype == "float32":
        return shaped.astype(np.float32)
    info = np.iinfo(contract.dtype)
    steps = np.rint(shaped.astype(np.float32) / np.float32(contract.scale)) + contract.zero_point
    stored: NDArray[np.generic] = np.clip(steps, info.min, info.max).astype(contract.dtype)
    return stored


def to_real(stored: NDArray[np.generic], contract: OutputContract) -> NDArray[np.float32]:
    """A stored output as real numbers: scale * (stored - zero_point)."""
    if contract.dtype == "float32":
        return stored.astype(np.float32)
    return ((stored.astype(np.float32) - contract.zero_point) * np.float32(contract.scale)).astype(np.float32)


def contract_faults(manifest: Manifest, interpreter: Interpreter) -> list[str]:
    """Every way in which the model's tensors differ from its manifest, in plain words."""
    faults = []
    sides: tuple[tuple[str, InputContract | OutputContract, tuple[Tensor, ...]], ...] = (
        ("input", manifest.input, interpreter.inputs),
        ("output", manifest.output, interpreter.outputs),
    )
    for name, contract, tensors in sides:
        if len(tensors) != 1:
            faults.append(f"has {len(tensors)} {name}s, must have 1")
            continue
        faults.extend(_tensor_faults(name, contract, tensors[0]))
    return faults


def _tensor_faults(name: str, contract: InputContract | OutputContract, tensor: Tensor) -> list[str]:
    faults = []
    if tensor.shape != contract.shape:
        faults.append(f"{name} shape is {list(tensor.shape)}, the manifest says {list(contract.shape)}")
    if tensor.dtype != contract.dtype:
        faults.append(f"{name} is {tensor.dtype}, the manifest says {contract.dtype}")
    if contract.dtype == "float32":
        return faults
    if abs(tensor.scale - contract.scale) > SCALE_TOLERANCE * abs(tensor.scale):
        faults.append(f"{name} scale is {tensor.scale:g}, the manifest says {contract.scale:g}")
    if tensor.zero_point != contract.zero_point:
        faults.append(f"{name} zero point is {tensor.zero_point}, the manifest says {contract.zero_point}")
    return faults
