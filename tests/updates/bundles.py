"""Bundles to put into a store: the files of a small real model, in as many versions as a test needs."""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec

from robot.inference.store import read_model_files
from robot.updates.bundle import Bundle, BundledFile, Requires
from robot.updates.contract import contract_of
from robot.updates.disk import Disk
from robot.updates.store import Store

SMALL_MODELS = Path(__file__).resolve().parents[1] / "inference" / "data"
MODEL = "stripes"


def model_files(version: str, source: Path = SMALL_MODELS / MODEL / "1.0.0", **changed: Any) -> dict[str, bytes]:
    """The files of a model directory that says it is `version`; `changed` replaces keys of its manifest."""
    manifest = {**json.loads((source / "manifest.json").read_text()), "version": version, **changed}
    files = {name: (source / name).read_bytes() for name in manifest["sha256"]}
    if "card.md" in files:
        files["card.md"] += f"\n\nVersion {version}.\n".encode()
        manifest["sha256"] = {**manifest["sha256"], "card.md": hashlib.sha256(files["card.md"]).hexdigest()}
    return {"manifest.json": json.dumps(manifest).encode(), **files}


def write_model(folder: Path, version: str, files: dict[str, bytes] | None = None) -> Path:
    """A model directory `folder/version` on the disk."""
    target = folder / version
    target.mkdir(parents=True)
    for name, content in (files or model_files(version)).items():
        (target / name).write_bytes(content)
    return target


def bundle_of(files: dict[str, bytes], **changed: Any) -> bytes:
    """The bytes of a bundle for these files; `changed` replaces fields of it."""
    manifest = json.loads(files["manifest.json"])
    fields: dict[str, Any] = {
        "id": manifest["id"],
        "version": manifest["version"],
        "created_s": 1_790_000_000,
        "contract": contract_of(read_model_files(SMALL_MODELS / MODEL / "1.0.0").manifest),
        "requires": Requires(),
        "min_version": "0.0.0",
        "latency_budget_ms": 500.0,
        "files": {n: BundledFile(hashlib.sha256(c).hexdigest(), len(c)) for n, c in files.items()},
    }
    return msgspec.json.encode(Bundle(**{**fields, **changed}))


def put(store: Store, version: str, **changed: Any) -> str:
    """Place a version of the small model in the store; gives the name of its set."""
    files = model_files(version)
    store.read()
    with store.updating():
        for content in files.values():
            store.shelf.add_blob(content)
        return store.shelf.place(bundle_of(files, **changed))


def store_on(disk: Disk, root: Path, factory: Path = SMALL_MODELS) -> Store:
    """A store whose clock stands at one moment of 2026."""
    return Store(root, factory, disk, lambda: 1_795_000_000.0)


def with_model(files: dict[str, bytes], model: bytes) -> dict[str, bytes]:
    """The same files with another TFLite file, as a publisher would sign them: every hash right."""
    manifest = json.loads(files["manifest.json"])
    manifest["size_bytes"] = len(model)
    manifest["sha256"]["model.tflite"] = hashlib.sha256(model).hexdigest()
    return {**files, "manifest.json": json.dumps(manifest).encode(), "model.tflite": model}
