"""`rapport models export` and `import`: updates for robots without a network, on a stick or a shared folder."""

import argparse
import json
import sys
from pathlib import Path

from robot.cli.models_store import add_store_options, add_trust_options, open_client, open_exporter, progress
from robot.cli.models_update import show_update
from robot.errors import UpdateError

FOLDER = "rapport-models"
"""Where an export goes on a medium that holds other things too."""
MEDIA = ("/media", "/run/media", "/mnt")
TIMESTAMP = Path("metadata") / "timestamp.json"

EXPORT = f"""Write what this robot has into a folder that other robots can import: all of it as the publisher signed it.

A folder that holds other things gets a folder {FOLDER} in it. No key and nothing about this robot is written. A
stick is good as long as the publisher's timestamp on it is, 14 days as a rule.
"""
IMPORT = """Take new versions from a stick or a folder: a publisher's repository, or what `rapport models export` wrote.

Without DIR it looks on the media that are plugged in. The same signatures, hashes and floors hold as over the air, and
each model is tested before it is tried. --allow-expired takes a stick whose timestamp has run out; it asks for a word
at the terminal, because only somebody who stands before the robot can know where the stick comes from.
"""


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both parsers."""
    export = actions.add_parser(
        "export",
        help="write what this robot has to a stick, for others",
        description=EXPORT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("folder", type=Path, metavar="DIR", help="a mounted stick, or any folder")
    taking = actions.add_parser(
        "import",
        help="take new versions from a stick",
        description=IMPORT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    taking.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="the stick (default: look for one)")
    taking.add_argument("--allow-expired", action="store_true", help="take what has expired, after a question")
    taking.add_argument("--dry-run", action="store_true", help="check everything that is signed; take nothing")
    taking.add_argument("--force", action="store_true", help="try a version again that failed before")
    for parser, command in ((export, _export), (taking, _import)):
        add_trust_options(parser)
        add_store_options(parser)
        parser.set_defaults(command=command)


def _export(options: argparse.Namespace) -> int:
    folder = options.folder
    if not folder.is_dir():
        raise UpdateError(f"{folder}: no such folder; mount the stick, or make the folder first")
    if any(folder.iterdir()) and not (folder / TIMESTAMP).is_file():
        folder /= FOLDER
    written = open_exporter(options).export(folder, progress(options.json))
    if options.json:
        models = [{"id": model_id, "version": version} for model_id, version in written.models]
        print(json.dumps({"folder": str(folder), "models": models, "size_bytes": written.size_bytes}, indent=2))
        return 0
    for model_id, version in written.models:
        print(f"{model_id:<21} {version:<8} written and read back")
    print(f"{written.size_bytes / 1e6:.1f} MB in {folder}; on the other robot: rapport models import {folder}")
    return 0


def _import(options: argparse.Namespace) -> int:
    options.repository = str(_repository_in(options.folder) if options.folder else _plugged_in())
    if options.allow_expired:
        _ask()
    client = open_client(options)
    taken = client.update(
        progress=progress(options.json),
        dry_run=options.dry_run,
        force=options.force,
        allow_expired=options.allow_expired,
    )
    return show_update(options, taken, client.passed_over)


def _ask() -> None:
    """Raise UpdateError unless somebody at the terminal says yes."""
    if not sys.stdin.isatty():
        raise UpdateError("--allow-expired asks a question: run it by hand at the robot's terminal")
    print(
        "Do you know where this stick comes from, and that nothing newer is to be had? Type yes: ", end="", flush=True
    )
    if sys.stdin.readline().strip().lower() != "yes":
        raise UpdateError("nothing was taken; get a stick that has not expired")


def _repository_in(folder: Path) -> Path:
    """The repository in a folder that a person named."""
    for place in (folder, folder / FOLDER, folder / "repository"):
        if (place / TIMESTAMP).is_file():
            return place
    raise UpdateError(f"{folder}: holds no repository ({TIMESTAMP} is missing); name the folder that `export` wrote")


def _plugged_in() -> Path:
    """The one repository on the media that are mounted.

    Raises:
        UpdateError: there is none, or more than one.
    """
    folders = [Path(medium) for medium in MEDIA]
    patterns = (f"{depth}{inner}{TIMESTAMP}" for depth in ("*/", "*/*/") for inner in ("", f"{FOLDER}/", "repository/"))
    found = {path.parent.parent for pattern in patterns for folder in folders for path in folder.glob(pattern)}
    if len(found) == 1:
        return found.pop()
    if not found:
        raise UpdateError(f"no stick with models is mounted under {', '.join(MEDIA)}; plug one in, or name its folder")
    raise UpdateError(f"there is more than one: {', '.join(sorted(map(str, found)))}; name the one you mean")
