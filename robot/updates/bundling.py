"""A model directory made into a bundle to publish; refused without card or terms, or with figures that are too low."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from robot.errors import ModelRefused
from robot.inference.store import MANIFEST_FILE, read_model_files
from robot.updates.bundle import Bundle, BundledFile, Requires
from robot.updates.contract import contract_of


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the publisher promises and demands. `least` maps names of metrics to the value the first one must reach."""

    requires: Requires = field(default_factory=Requires)
    min_version: str = "0.0.0"
    latency_budget_ms: float = 100.0
    least: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelToPublish:
    """A bundle, its bytes, and the blobs it names."""

    bundle: Bundle
    content: bytes
    blobs: dict[str, bytes]


def bundle_model(directory: Path, created_s: int, conditions: Conditions) -> ModelToPublish:
    """Read, check and bundle the model in `directory`; `created_s` is now, seconds since 1970.

    Raises:
        ModelRefused: it breaks its contract, lacks card, licence or terms, or a figure is below its minimum.
    """
    files = read_model_files(directory)
    manifest = files.manifest
    if not any(name.startswith("card") and len(data) > 0 for name, data in files.content.items()):
        raise ModelRefused(f"{directory}: has no card; write card.md and name it in {MANIFEST_FILE}")
    if not manifest.licence.strip() or not manifest.terms.strip():
        raise ModelRefused(f"{directory / MANIFEST_FILE}: licence or terms are empty; say what holds")
    for name, least in conditions.least.items():
        measured = next((metric.value for metric in manifest.metrics if metric.name == name), None)
        if measured is None or measured < least:
            raise ModelRefused(f"{directory}: {name} is {measured}, at least {least} is asked; train it again")
    raw = (directory / MANIFEST_FILE).read_bytes()
    contents = {MANIFEST_FILE: raw, **files.content}
    bundle = Bundle(
        id=manifest.id,
        version=manifest.version,
        created_s=created_s,
        contract=contract_of(manifest),
        requires=conditions.requires,
        min_version=conditions.min_version,
        latency_budget_ms=conditions.latency_budget_ms,
        files={name: BundledFile(hashlib.sha256(data).hexdigest(), len(data)) for name, data in contents.items()},
    )
    blobs = {hashlib.sha256(data).hexdigest(): data for data in contents.values()}
    return ModelToPublish(bundle, msgspec.json.encode(bundle), blobs)
