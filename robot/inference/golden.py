"""The golden test of a model: recorded inputs must give the recorded outputs, within a few steps of the output's scale.

int8 models agree across x86-64 and aarch64, and across LiteRT and tflite-runtime, within 1 step but not bit for bit, so
the test is a tolerance and never a hash. A model that answers the same to everything would pass such a test with
recorded nonsense, so the outputs must also vary.
"""

import io
import zipfile
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.errors import ModelRefused
from robot.inference.manifest import Manifest


@dataclass(frozen=True, slots=True, eq=False)
class GoldenCases:
    """Recorded runs in the model's own types: `inputs` (n, *input shape without batch axis), `outputs` (n, labels)."""

    inputs: NDArray[np.generic]
    outputs: NDArray[np.generic]

    def spread(self, count: int | None) -> "GoldenCases":
        """At most `count` of the cases, evenly spread: archives come ordered by kind. None for all."""
        if count is None or count >= len(self.inputs):
            return self
        chosen = np.linspace(0, len(self.inputs) - 1, count).round().astype(np.intp)
        return GoldenCases(self.inputs[chosen], self.outputs[chosen])


def read_golden(content: bytes, manifest: Manifest, where: str) -> GoldenCases:
    """Read a golden archive: NumPy `.npz` with arrays `inputs` and `outputs`.

    Raises:
        ModelRefused: it is no such archive, or its arrays do not fit the manifest.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            cases = GoldenCases(archive["inputs"], archive["outputs"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelRefused(f"{where}: not a golden archive ({error}); install the model again") from None
    wanted_input = manifest.input.shape[1:]
    if len(cases.inputs) < 2 or len(cases.inputs) != len(cases.outputs):
        raise ModelRefused(f"{where}: needs at least 2 inputs and as many outputs; publish the model again")
    if cases.inputs.shape[1:] != wanted_input or cases.outputs.shape[1:] != (manifest.output.width,):
        raise ModelRefused(
            f"{where}: shapes {list(cases.inputs.shape)} and {list(cases.outputs.shape)} do not fit the manifest; "
            "publish the model again"
        )
    if (cases.inputs.dtype.name, cases.outputs.dtype.name) != (manifest.input.dtype, manifest.output.dtype):
        types = f"{cases.inputs.dtype} and {cases.outputs.dtype}"
        raise ModelRefused(f"{where}: types {types} do not fit the manifest; publish the model again")
    return cases


def golden_fault(cases: GoldenCases, outputs: NDArray[np.generic], manifest: Manifest) -> str:
    """What is wrong with `outputs`, of the shape of `cases.outputs`, in plain words; empty when all is well."""
    recorded, given = cases.outputs.astype(np.float64), outputs.astype(np.float64)
    if not np.isfinite(given).all():
        return "its golden test gives NaN or infinity"
    step = manifest.output.scale if manifest.output.dtype == "float32" else 1.0
    furthest = float(np.abs(given - recorded).max())
    allowed = manifest.golden.tolerance_lsb * step
    if furthest > allowed:
        return f"its golden test is off by {furthest:g}, allowed are {allowed:g}"
    if (given == given[0]).all():
        return "it answers the same to every golden input"
    return ""
