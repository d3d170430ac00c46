"""The contract of a model: what `manifest.json` in a model directory says.

Keys that this version does not know are ignored, so that a newer publisher can add some; every key below is required
unless it has a default. Whether the contract is true is checked against the files (store.py) and the model (model.py).
"""

import math
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from robot.errors import ModelRefused

PlainName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$")]
"""A file or model name without any folder in it, so that a manifest can never point outside its directory."""

VersionText = Annotated[str, Meta(pattern=r"^\d{1,6}\.\d{1,6}\.\d{1,6}$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Dimension = Annotated[int, Meta(ge=1, le=65536)]
Unit = Annotated[float, Meta(ge=-1.0, le=1.0)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
TensorType = Literal["int8", "uint8", "float32"]


class InputContract(msgspec.Struct, frozen=True):
    """The one input tensor.

    `value_range` is what the real values mean before quantisation, such as (-1, 1). `layout` names the axes, such as
    `NHWC`. `preprocessing` holds the constants the sense needs to make the input (crop, colour, mel parameters): free
    form here, read by the sense that owns the task.
    """

    shape: tuple[Dimension, ...]
    dtype: TensorType
    scale: float
    zero_point: int
    value_range: tuple[float, float]
    layout: str
    preprocessing: dict[str, Any]


class OutputContract(msgspec.Struct, frozen=True):
    """The one output tensor: logits, one for each label, in the order of `labels`, and what further `heads` answer.

    `heads` maps a further head to the names of its numbers, which stand after the labels in this order: `events` are
    logits, `affect` valence and arousal times `affect_scale`, `quality` a logit of how good the input is. Heads that
    this version does not know are passed over.
    """

    shape: tuple[Dimension, ...]
    dtype: TensorType
    scale: float
    zero_point: int
    kind: Literal["logits"]
    labels: Annotated[tuple[str, ...], Meta(min_length=2, max_length=256)]
    heads: dict[str, tuple[str, ...]] = {}
    affect_scale: float = 1.0

    @property
    def width(self) -> int:
        """How many numbers an answer has."""
        return len(self.labels) + sum(len(names) for names in self.heads.values())

    def head(self, name: str) -> slice:
        """Where in an answer a head stands; an empty slice where the model has none of that name."""
        begin = len(self.labels)
        for other, names in self.heads.items():
            if other == name:
                return slice(begin, begin + len(names))
            begin += len(names)
        return slice(0, 0)


class Thresholds(msgspec.Struct, frozen=True):
    """Below `unsure_below` (a probability) or `quality_below` the model's best guess counts as unsure."""

    unsure_below: Share
    quality_below: Share = 0.0


class Metric(msgspec.Struct, frozen=True):
    """One measured figure, with its 95 % interval, the number of rows, the data, and where the raw result lies."""

    name: str
    value: float
    n: int
    data: str
    interval_95: tuple[float, float] | None = None
    file: str | None = None


class Golden(msgspec.Struct, frozen=True):
    """Recorded inputs and outputs, and how far an output may stray: `tolerance_lsb` steps of the output's scale."""

    file: PlainName
    tolerance_lsb: Annotated[int, Meta(ge=0, le=16)]


class EdgeTpuVariant(msgspec.Struct, frozen=True):
    """The same model compiled for the Edge TPU, and the versions of its runtime that run it (none named: any)."""

    file: PlainName
    runtimes: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """All of `manifest.json`. `sha256` maps file names in the directory to their hashes."""

    id: PlainName
    version: VersionText
    task: Literal["face_expression", "voice_tone"]
    file: PlainName
    input: InputContract
    output: OutputContract
    temperature: float
    thresholds: Thresholds
    affect: dict[str, tuple[Unit, Unit]]
    metrics: tuple[Metric, ...]
    size_bytes: Annotated[int, Meta(ge=1)]
    licence: str
    terms: str
    made: str
    golden: Golden
    sha256: dict[PlainName, Sha256]
    edgetpu: EdgeTpuVariant | None = None
    non_commercial: tuple[str, ...] = ()
    """The data sets it learned from whose terms forbid commercial use."""


def parse_manifest(content: bytes, where: str) -> Manifest:
    """Read the bytes of a manifest and check that it agrees with itself. `where` names the file in errors.

    Raises:
        ModelRefused: not JSON, a key is missing or wrong, or two parts contradict each other.
    """
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise ModelRefused(f"{where}: not a model manifest: {error}; install the model again") from None
    for fault in _contradictions(manifest):
        raise ModelRefused(f"{where}: {fault}; install the model again, or mend the manifest that was published")
    return manifest


def _contradictions(manifest: Manifest) -> list[str]:
    """Every way in which the manifest disagrees with itself, in plain words."""
    labels = manifest.output.labels
    faults = []
    if len(set(labels)) != len(labels):
        faults.append(f"output.labels names one twice ({', '.join(labels)})")
    width = manifest.output.width
    if manifest.output.shape[-1:] != (width,) or math.prod(manifest.output.shape) != width:
        heads = f" and the heads {', '.join(manifest.output.heads)}" if manifest.output.heads else ""
        faults.append(f"output.shape {list(manifest.output.shape)} does not fit its {len(labels)} labels{heads}")
    faults.extend(_head_faults(manifest.output))
    if set(manifest.affect) != set(labels):
        strays = sorted(set(manifest.affect) ^ set(labels))
        faults.append(f"affect and output.labels differ in {', '.join(strays)}")
    if not math.isfinite(manifest.temperature) or manifest.temperature <= 0:
        faults.append(f"temperature is {manifest.temperature}, must be above 0")
    if manifest.input.value_range[0] >= manifest.input.value_range[1]:
        faults.append(f"input.value_range {list(manifest.input.value_range)} is empty")
    faults.extend(_quantisation_faults(manifest))
    needed = {manifest.file, manifest.golden.file} | ({manifest.edgetpu.file} if manifest.edgetpu else set())
    missing = sorted(needed - set(manifest.sha256))
    if missing:
        faults.append(f"sha256 lacks {', '.join(missing)}")
    return faults


def _head_faults(output: OutputContract) -> list[str]:
    wanted = {"affect": 2, "quality": 1}
    faults = [
        f"output.heads.{name} has {len(output.heads[name])} numbers, must have {count}"
        for name, count in wanted.items()
        if name in output.heads and len(output.heads[name]) != count
    ]
    if not (math.isfinite(output.affect_scale) and output.affect_scale > 0):
        faults.append(f"output.affect_scale is {output.affect_scale}, must be above 0")
    return faults


def _quantisation_faults(manifest: Manifest) -> list[str]:
    """Scales that cannot be. A float32 tensor needs one too: the step in which the golden tolerance counts."""
    return [
        f"{name}.scale is {tensor.scale}, must be above 0"
        for name, tensor in (("input", manifest.input), ("output", manifest.output))
        if not (math.isfinite(tensor.scale) and tensor.scale > 0)
    ]
