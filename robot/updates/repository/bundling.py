"""A model directory made into a bundle to publish; refused if it lacks what people must know or its figures are low.

Every refusal names the file and what to do, because whoever publishes is the one who can mend it.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from robot.errors import ModelRefused
from robot.inference.golden import read_golden
from robot.inference.manifest import Manifest
from robot.inference.store import MANIFEST_FILE, ModelFiles, read_model_files
from robot.updates.bundle import Bundle, BundledFile, Requires, version_key
from robot.updates.contract import contract_of
from robot.updates.repository.policy import Policy

MIN_METRICS = "min_metrics"
"""A key of the manifest: the model's own minimum, metric to least value."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the publisher promises and demands. `least` maps metrics to what the first of that name must reach."""

    requires: Requires = field(default_factory=Requires)
    min_version: str = "0.0.0"
    latency_budget_ms: float = 100.0
    least: dict[str, float] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class ModelToPublish:
    """A bundle, its bytes, the blobs it names, and the terms people must know."""

    bundle: Bundle
    content: bytes
    blobs: dict[str, bytes]
    terms: str = ""


def bundle_model(directory: Path, created_s: int, conditions: Conditions) -> ModelToPublish:
    """Read, check and bundle the model in `directory`; `created_s` is now, seconds since 1970.

    Raises:
        ModelRefused: it breaks its contract, lacks card, licence, terms or golden vectors, or a figure is too low.
    """
    raw = _raw_manifest(directory)
    _refuse_without_golden(directory, raw)
    files = read_model_files(directory)
    _refuse_unfit(files, directory, conditions.policy.terms.refuse)
    policy, model_id = conditions.policy, files.manifest.id
    least = _own_minimum(directory, raw), policy.least.get(model_id, {}), conditions.least
    for bounds in least:
        _refuse_figures(files.manifest, directory, bounds, {})
    _refuse_figures(files.manifest, directory, {}, policy.most.get(model_id, {}))
    if version_key(conditions.min_version) > version_key(files.manifest.version):
        says = f"min_version {conditions.min_version} would forbid {files.manifest.version} itself"
        raise ModelRefused(f"{directory}: {says}; give a lower --min-version")
    contents = {MANIFEST_FILE: (directory / MANIFEST_FILE).read_bytes(), **files.content}
    bundle = Bundle(
        id=files.manifest.id,
        version=files.manifest.version,
        created_s=created_s,
        contract=contract_of(files.manifest),
        requires=_with_runtimes(conditions.requires, files.manifest),
        min_version=conditions.min_version,
        latency_budget_ms=conditions.latency_budget_ms,
        files={name: BundledFile(hashlib.sha256(data).hexdigest(), len(data)) for name, data in contents.items()},
    )
    blobs = {hashlib.sha256(data).hexdigest(): data for data in contents.values()}
    return ModelToPublish(bundle, msgspec.json.encode(bundle), blobs, files.manifest.terms)


def _with_runtimes(requires: Requires, manifest: Manifest) -> Requires:
    """What the robot must be, with the Edge TPU runtimes that the manifest names where the publisher names none."""
    if requires.edgetpu_runtimes or manifest.edgetpu is None:
        return requires
    return msgspec.structs.replace(requires, edgetpu_runtimes=manifest.edgetpu.runtimes)


def _raw_manifest(directory: Path) -> dict[str, Any]:
    """The manifest as it stands, for what is asked of publishers only."""
    path = directory / MANIFEST_FILE
    if not directory.is_dir():
        raise ModelRefused(f"{directory}: no such folder; name a model directory, such as models/face_expression/0.1.0")
    try:
        raw = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ModelRefused(f"{path}: missing; name a model directory: the folder that holds it") from None
    except OSError as error:
        raise ModelRefused(f"{path}: cannot be read ({error.strerror}); mend its permissions") from None
    except (ValueError, RecursionError):
        raise ModelRefused(f"{path}: not JSON; write it again with tools/train") from None
    return raw if isinstance(raw, dict) else {}


def _refuse_without_golden(directory: Path, raw: dict[str, Any]) -> None:
    if not raw.get("golden"):
        says = "has no golden vectors; record inputs and outputs in golden.npz and name it as `golden`"
        raise ModelRefused(f"{directory / MANIFEST_FILE}: {says}")


def _refuse_unfit(files: ModelFiles, directory: Path, refused: tuple[str, ...]) -> None:
    manifest, where = files.manifest, directory / MANIFEST_FILE
    if not files.content.get("card.md", b"").strip():
        raise ModelRefused(f"{directory / 'card.md'}: missing or not in {MANIFEST_FILE}; write it and add its sha256")
    for name in ("licence", "terms"):
        if not getattr(manifest, name).strip():
            raise ModelRefused(f"{where}: `{name}` is empty; say what holds for the model and its data")
    for word in refused:
        if word.casefold() in f"{manifest.licence} {manifest.terms}".casefold():
            raise ModelRefused(f"{where}: its terms say {word!r}, which policy.toml refuses; train on other data")
    # Golden vectors are not only there but hold something to compare.
    read_golden(files.golden, manifest, str(directory))


def _own_minimum(directory: Path, raw: dict[str, Any]) -> dict[str, float]:
    try:
        return msgspec.convert(raw.get(MIN_METRICS, {}), dict[str, float])
    except msgspec.ValidationError as error:
        raise ModelRefused(f"{directory / MANIFEST_FILE}: `{MIN_METRICS}`: {error}; map metrics to numbers") from None


def _refuse_figures(manifest: Manifest, directory: Path, least: dict[str, float], most: dict[str, float]) -> None:
    """Raise ModelRefused if a metric is missing or beyond its bound; the first of a name counts."""
    where = directory / MANIFEST_FILE
    if not manifest.metrics:
        raise ModelRefused(f"{where}: has no metrics; measure it on data it never saw and write them down")
    measured = {metric.name: metric.value for metric in reversed(manifest.metrics)}
    for asked, bounds, sign in (("at least", least, 1), ("at most", most, -1)):
        for name, bound in bounds.items():
            value = measured.get(name)
            if value is None:
                raise ModelRefused(f"{where}: {name} was not measured, {asked} {bound:g} is asked; measure it")
            if sign * value < sign * bound:
                raise ModelRefused(f"{where}: {name} is {value:g}, {asked} {bound:g} is asked; train it again")
