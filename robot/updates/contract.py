"""What an application relies on in a model, as one hash: a new version that keeps it can take the old one's place."""

import hashlib

import msgspec

from robot.inference.manifest import Manifest


def contract_of(manifest: Manifest) -> str:
    """SHA-256 (hex) over the task, the input's shape, range and kind of preprocessing, and the labels in order.

    Quantisation and preprocessing constants are read from each manifest, so a newly trained model may change them.
    """
    relied_on = {
        "task": manifest.task,
        "input": [manifest.input.shape, manifest.input.value_range, manifest.input.layout],
        "preprocessing": manifest.input.preprocessing.get("kind", ""),
        "output": [manifest.output.kind, manifest.output.labels],
    }
    return hashlib.sha256(msgspec.json.encode(relied_on, order="deterministic")).hexdigest()
