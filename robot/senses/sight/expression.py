"""Reads the expression of one face from its crop, as the model's manifest asks for it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from robot.errors import ModelRefused
from robot.inference.classify import NO_EVIDENCE, percept
from robot.inference.model import Model
from robot.messages import Percept
from robot.senses.sight.crop import Framing

TASK = "face_expression"


class ExpressionJudge(Protocol):
    """Anything that reads an expression."""

    @property
    def framing(self) -> Framing:
        """How the crop must lie on the face."""
        ...

    def judge(self, crop: NDArray[np.uint8], quality: float, evidence: Mapping[str, float] = NO_EVIDENCE) -> Percept:
        """The expression in a grey crop uint8 (size_px, size_px); `quality` 0..1 is the crop's and is passed on.

        `evidence` is that of another witness (`robot.senses.sight.second_opinion`).

        Raises:
            InferenceError: the model failed, or its output is not finite.
        """
        ...


class CropPreprocessing(msgspec.Struct, frozen=True):
    """The constants under `input.preprocessing` of an expression model: the framing, and (grey - mean) / std."""

    kind: Literal["face_crop"]
    colour: Literal["grey"]
    size_px: int
    side_per_box: float
    raise_sides: float
    mean: float
    std: float


class ExpressionReader:
    """A face-expression model with the preprocessing that its manifest asks for."""

    def __init__(self, model: Model) -> None:
        """Take a loaded model.

        Raises:
            ModelRefused: it is for another task, or asks for preprocessing that this version does not know.
        """
        where = model.files.directory
        if model.manifest.task != TASK:
            raise ModelRefused(f"{where}: reads {model.manifest.task}, not {TASK}; name another in models.{TASK}")
        self.model = model
        self._constants = _constants(model.manifest.input.preprocessing, where)
        side = self._constants.size_px
        if model.manifest.input.shape != (1, side, side, 1):
            shape = list(model.manifest.input.shape)
            raise ModelRefused(f"{where}: input {shape} does not take a crop of {side} px; publish the model again")
        self._framing = Framing(side, self._constants.side_per_box, self._constants.raise_sides)

    @property
    def framing(self) -> Framing:
        """How the crop must lie on the face."""
        return self._framing

    def judge(self, crop: NDArray[np.uint8], quality: float, evidence: Mapping[str, float] = NO_EVIDENCE) -> Percept:
        """The expression in a grey crop uint8 (size_px, size_px); `quality` 0..1 is the crop's and is passed on.

        `evidence` is that of another witness (`robot.senses.sight.second_opinion`).

        Raises:
            InferenceError: the model failed, or its output is not finite.
        """
        mean, std = np.float32(self._constants.mean), np.float32(self._constants.std)
        values = (crop.astype(np.float32) - mean) / std
        return percept(self.model.run(values[..., np.newaxis]), self.model.manifest, quality, evidence)


def _constants(preprocessing: dict[str, Any], where: Path) -> CropPreprocessing:
    """The preprocessing of a manifest, if this version can do it."""
    try:
        constants = msgspec.convert(preprocessing, CropPreprocessing)
    except msgspec.ValidationError as error:
        raise ModelRefused(f"{where}: input.preprocessing: {error}; take a model for this version") from None
    if constants.size_px < 8 or constants.side_per_box <= 0 or constants.std <= 0:
        raise ModelRefused(f"{where}: input.preprocessing: sizes and std must be above 0; publish the model again")
    return constants
