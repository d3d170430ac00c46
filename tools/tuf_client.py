"""Our client behind the command line that the public tuf-conformance suite expects (its CLIENT-CLI.md).

    pytest tuf_conformance --entrypoint "python -m tools.tuf_client"

A job of its own: it takes minutes, and needs the suite and `faketime`.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import quote

from hardware.clock import MonotonicClock
from robot.errors import RapportError
from robot.updates.disk import RealDisk
from robot.updates.link import HttpLink, Reply
from robot.updates.metadata import SignedRepository

MOST_BYTES = 64 * 1024 * 1024


class TwoPlaces:
    """A link to metadata and files at two addresses; ours lie below one."""

    def __init__(self, metadata_url: str, targets_url: str) -> None:
        self._links = {"metadata": HttpLink(metadata_url), "targets": HttpLink(targets_url)}

    def open(self, path: str, start: int = 0) -> Reply:
        """The file, from the address for its kind."""
        kind, _, rest = path.partition("/")
        return self._links[kind].open(rest, start)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="the client under test of tuf-conformance")
    parser.add_argument("--metadata-dir", type=Path, required=True)
    parser.add_argument("--metadata-url", default="http://127.0.0.1/")
    parser.add_argument("--target-name", action="append", default=[])
    parser.add_argument("--target-dir", type=Path)
    parser.add_argument("--target-base-url")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("init").add_argument("trusted_root", type=Path)
    commands.add_parser("refresh")
    commands.add_parser("download")
    return parser


def main() -> int:
    """Do what the suite asks; 1 if our client refuses."""
    options = _parser().parse_args()
    # What the robot was made with: the cache beside it may be lost at any time, this may not.
    root = options.metadata_dir.parent / "trusted_root"
    if options.command == "init":
        shutil.copyfile(options.trusted_root, root)
        shutil.copyfile(options.trusted_root, options.metadata_dir / "root.json")
        return 0
    try:
        link = TwoPlaces(options.metadata_url, options.target_base_url or options.metadata_url)
        repository = SignedRepository(
            options.metadata_dir, RealDisk(), root.read_bytes(), link, MonotonicClock(), time.time()
        )
        repository.refresh()
        for name in options.target_name:
            content = repository.file(name, MOST_BYTES)
            target = options.target_dir / quote(name, "")
            if not target.is_file() or target.read_bytes() != content:
                target.write_bytes(content)
    except RapportError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
