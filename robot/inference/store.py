"""Model directories on disk: find one by name, read its files once, and believe nothing that no hash covers."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from robot.config import ModelSettings
from robot.errors import ModelRefused
from robot.inference.manifest import Manifest, parse_manifest

MANIFEST_FILE = "manifest.json"
BESIDE = "auto"
"""In place of the second opinion's id: the one that learned from the same data as the first."""

MAX_FILE_BYTES = 64 * 1024 * 1024
"""No model of this robot comes near it; a larger file is a mistake, and a Pi has little memory."""

_VERSION = re.compile(r"^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """One model directory, read once: every byte that is used later is one whose hash was checked here."""

    directory: Path
    manifest: Manifest
    content: dict[str, bytes]

    @property
    def model(self) -> bytes:
        """The TFLite model for the processor."""
        return self.content[self.manifest.file]

    @property
    def golden(self) -> bytes:
        """The recorded inputs and outputs, a NumPy archive."""
        return self.content[self.manifest.golden.file]

    @property
    def edgetpu_model(self) -> bytes | None:
        """The model compiled for the Edge TPU, if there is one."""
        return self.content[self.manifest.edgetpu.file] if self.manifest.edgetpu else None


def factory_models() -> Path:
    """The folder of the models that ship with the robot: `models`, beside the package `robot`."""
    return Path(__file__).resolve().parents[2] / "models"


def ids_in(root: Path) -> list[str]:
    """The name of every model in a folder of models."""
    return sorted({path.parent.parent.name for path in root.glob(f"*/*/{MANIFEST_FILE}")})


def find_model(reference: str, root: Path) -> Path:
    """The directory that `reference` means: `id` (its highest version), `id/version`, or the path of a model directory.

    Raises:
        ModelRefused: there is none.
    """
    under_root = root / reference
    if (under_root / MANIFEST_FILE).is_file():
        return under_root
    versions = _versions(under_root)
    if versions:
        return max(versions)[1]
    # A path comes last: a folder that happens to lie where the robot is started must not replace a model of its own.
    if (Path(reference) / MANIFEST_FILE).is_file():
        return Path(reference)
    known = ids_in(root)
    there = f"there is: {', '.join(known)}" if known else "there is no model at all: run `bash tools/setup`"
    raise ModelRefused(f"model {reference!r}: not found in {root} nor as a path; {there}")


def second_opinion(models: ModelSettings) -> str:
    """Which model gives the second opinion on whole sentences; empty for none."""
    if models.voice_tone_deep != BESIDE:
        return models.voice_tone_deep
    model_id = f"{models.voice_tone.partition('/')[0]}_deep"
    return model_id if _versions(factory_models() / model_id) else ""


def _versions(folder: Path) -> list[tuple[tuple[int, ...], Path]]:
    """The versions in a model's folder as numbers to compare (0.10.0 is above 0.9.0), with their directories."""
    if not folder.is_dir():
        return []
    found = ((_VERSION.match(path.name), path) for path in folder.iterdir() if (path / MANIFEST_FILE).is_file())
    return [(tuple(int(part) for part in match.groups()), path) for match, path in found if match]


def read_model_files(directory: Path) -> ModelFiles:
    """Read a model directory and check the size and hash of every file that its manifest names.

    Raises:
        ModelRefused: a file is missing, unreadable, cut short or altered, or the manifest is wrong.
    """
    where = directory / MANIFEST_FILE
    manifest = parse_manifest(_read(where), str(where))
    content = {name: _read(directory / name) for name in sorted(manifest.sha256)}
    size = len(content[manifest.file])
    if size != manifest.size_bytes:
        says = f"{size} bytes, its manifest says {manifest.size_bytes}"
        raise ModelRefused(f"{directory / manifest.file}: {says}; install the model again")
    for name, data in content.items():
        if hashlib.sha256(data).hexdigest() != manifest.sha256[name]:
            raise ModelRefused(
                f"{directory / name}: altered: its SHA-256 is not the one in {MANIFEST_FILE}; install the model again"
            )
    return ModelFiles(directory, manifest, content)


def _read(path: Path) -> bytes:
    """The whole file, which must be a plain file of bearable size."""
    try:
        if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
            raise ModelRefused(f"{path}: larger than {MAX_FILE_BYTES} bytes; this is no model for this robot")
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelRefused(f"{path}: missing; install the model again") from None
    except OSError as error:
        raise ModelRefused(f"{path}: cannot be read ({error.strerror}); mend its permissions or the disk") from None
