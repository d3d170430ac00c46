"""Write a model directory: the TFLite file, its contract, its card and its golden vectors."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from robot.evaluation.metrics import Measured
from tools.train.float32_file import opened

LARGEST_BYTES = 500_000
GOLDEN_TOLERANCE_LSB = 2
LEAST_GOLDEN_KINDS = 3
"""Golden outputs must point at this many different labels, or they would not notice a model stuck on one."""


class PackageError(Exception):
    """The model is not fit to be packaged; the message says why."""


@dataclass(frozen=True)
class Figure:
    """A measured figure and what it was measured on."""

    name: str
    measured: Measured
    data: str
    file: str = "int8"

    def as_json(self) -> dict[str, Any]:
        """The figure as the manifest has it, numbers rounded to four places."""
        m = self.measured
        return {
            "name": self.name,
            "value": round(m.value, 4),
            "interval_95": [round(m.low, 4), round(m.high, 4)],
            "n": m.rows,
            "data": self.data,
            "file": self.file,
        }


@dataclass(frozen=True)
class ModelPackage:
    """Everything about a model that its directory says. ``golden_inputs`` (n, ...) are made up and coded."""

    id: str
    version: str
    task: str
    content: bytes
    labels: tuple[str, ...]
    value_range: tuple[float, float]
    preprocessing: dict[str, Any]
    temperature: float
    unsure_below: float
    affect: dict[str, tuple[float, float]]
    figures: tuple[Figure, ...]
    terms: str
    made: str
    card: str
    golden_inputs: npt.NDArray[Any]
    pictures: dict[str, bytes] = field(default_factory=dict)
    """What the card shows, by file name."""
    heads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What stands after the labels' logits in the row of outputs: head to the names of its numbers, in order."""
    affect_scale: float = 1.0
    least_quality: float | None = None
    layout: str = "NHWC"
    non_commercial: tuple[str, ...] = ()
    """The data sets it learned from whose terms forbid commercial use."""


def golden_outputs(package: ModelPackage) -> npt.NDArray[Any]:
    """What the file answers to its golden inputs: (n,k).

    Raises:
        PackageError: the answers point at too few labels to be a test.
    """
    outputs: npt.NDArray[Any] = opened(package.content).answer(package.golden_inputs)
    kinds = len(np.unique(outputs[:, : len(package.labels)].argmax(axis=1)))
    if kinds < LEAST_GOLDEN_KINDS:
        raise PackageError(f"golden outputs point at {kinds} labels, at least {LEAST_GOLDEN_KINDS} are needed")
    return outputs


def manifest(package: ModelPackage, hashes: dict[str, str]) -> dict[str, Any]:
    """The contract of a package as JSON values; ``hashes`` gives each file's SHA-256 by name."""
    file = opened(package.content)
    return {
        "id": package.id,
        "version": package.version,
        "task": package.task,
        "file": "model.tflite",
        "input": {
            "shape": list(file.input.shape),
            "dtype": file.dtype,
            "scale": file.input.scale,
            "zero_point": file.input.zero_point,
            "value_range": list(package.value_range),
            "layout": package.layout,
            "preprocessing": package.preprocessing,
        },
        "output": {
            "shape": list(file.output.shape),
            "dtype": file.dtype,
            "scale": file.output.scale,
            "zero_point": file.output.zero_point,
            "kind": "logits",
            "labels": list(package.labels),
            **({"heads": {k: list(v) for k, v in package.heads.items()}} if package.heads else {}),
            **({"affect_scale": package.affect_scale} if "affect" in package.heads else {}),
        },
        "temperature": round(package.temperature, 4),
        "thresholds": {
            "unsure_below": round(package.unsure_below, 4),
            **({} if package.least_quality is None else {"quality_below": round(package.least_quality, 4)}),
        },
        "affect": {label: list(place) for label, place in package.affect.items()},
        "metrics": [figure.as_json() for figure in package.figures],
        "size_bytes": len(package.content),
        "licence": "Apache-2.0",
        "terms": package.terms,
        "non_commercial": list(package.non_commercial),
        "made": package.made,
        "golden": {"file": "golden.npz", "tolerance_lsb": GOLDEN_TOLERANCE_LSB},
        "edgetpu": None,
        "sha256": hashes,
    }


def write(package: ModelPackage, folder: Path) -> None:
    """Write the four files and the card's pictures into ``folder``, the manifest last.

    Raises:
        PackageError: the file is too large, or the golden vectors are no test.
    """
    if len(package.content) > LARGEST_BYTES:
        raise PackageError(f"the file has {len(package.content)} bytes, more than {LARGEST_BYTES}")
    outputs = golden_outputs(package)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.tflite").write_bytes(package.content)
    (folder / "card.md").write_text(package.card, encoding="utf-8")
    np.savez_compressed(folder / "golden.npz", inputs=package.golden_inputs, outputs=outputs)
    for name, content in package.pictures.items():
        (folder / name).write_bytes(content)
    names = ("model.tflite", "golden.npz", "card.md", *package.pictures)
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    partial = folder / "manifest.json.partial"
    partial.write_text(json.dumps(manifest(package, hashes), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(folder / "manifest.json")
