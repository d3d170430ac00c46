"""What every `rapport repository` command shares: the publisher's folder, its keys and their passphrases."""

import argparse
import getpass
import json
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from robot.cli.complete import completing
from robot.errors import UpdateError

if TYPE_CHECKING:
    from robot.updates.repository.publisher import Publisher

LEAST_PASSPHRASE = 12


def add_place(parser: argparse.ArgumentParser, keys: bool = True) -> None:
    """Add the options that say where the repository and its keys are."""
    parser.add_argument(
        "--folder", type=Path, default=Path(), metavar="DIR", help="the publisher's folder (default: the current one)"
    )
    if keys:
        parser.add_argument(
            "--keys",
            type=Path,
            action="append",
            metavar="DIR",
            help="folder with private keys, such as that of a stick; may be given again (default: DIR/keys)",
        )
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="file with the passphrase of the keys")
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_channel(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a channel."""
    channel = parser.add_argument("--channel", default="stable", metavar="NAME", help="which channel (default stable)")
    completing(channel, lambda: open_publisher(_plain_options()).channels())


def open_publisher(options: argparse.Namespace, making: Callable[[str], str] | None = None) -> "Publisher":
    """The publisher of the folder that is named. `making` gives passphrases for new keys (default: as for old ones).

    Raises:
        UpdateError: the keys lie where everybody could fetch them.
    """
    # Signatures and their libraries are imported only by the commands that need them.
    from robot.updates.disk import RealDisk  # noqa: PLC0415
    from robot.updates.repository.keys import KeyFolder  # noqa: PLC0415
    from robot.updates.repository.publisher import Publisher  # noqa: PLC0415

    folders = [Path(folder) for folder in getattr(options, "keys", None) or [options.folder / "keys"]]
    public = (options.folder / "public").resolve()
    for folder in folders:
        if folder.resolve().is_relative_to(public):
            raise UpdateError(f"{folder}: lies in the folder that everybody can fetch; move the keys out of it")
    passphrases = Passphrases(getattr(options, "passphrase_file", None))
    keys = KeyFolder(*folders, opening=passphrases.opening, making=making or passphrases.making)
    return Publisher(options.folder, keys, RealDisk(), time.time)


@contextmanager
def working(options: argparse.Namespace, making: Callable[[str], str] | None = None) -> Iterator["Publisher"]:
    """The publisher, with nobody else at work in its folder."""
    publisher = open_publisher(options, making)
    with publisher.working():
        yield publisher


class Passphrases:
    """Passphrases from a file, from the environment, or from whoever sits at the terminal; asked once for each key."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def opening(self, name: str) -> str:
        """The passphrase of a key that is there; empty if there is no way to know it."""
        found = self.given()
        if not found and sys.stdin.isatty():
            found = getpass.getpass(f"Passphrase of the key {name}: ")
        return found

    def making(self, name: str) -> str:
        """The passphrase of a new key."""
        found = self.given()
        if not found:
            if not sys.stdin.isatty():
                raise UpdateError(
                    f"key {name}: needs a passphrase; give --passphrase-file, set RAPPORT_KEY_PASSPHRASE, or --plain"
                )
            found = getpass.getpass(f"New passphrase for the key {name}: ")
            if getpass.getpass("The same again: ") != found:
                raise UpdateError("the two passphrases differ; nothing was made")
        if len(found) < LEAST_PASSPHRASE:
            raise UpdateError(f"the passphrase is shorter than {LEAST_PASSPHRASE} characters; take a longer one")
        return found

    def given(self) -> str:
        """The passphrase of the file or the environment; empty if neither is given."""
        from robot.updates.repository.keys import PASSPHRASE_VARIABLE  # noqa: PLC0415

        if self._file is None:
            return os.environ.get(PASSPHRASE_VARIABLE, "")
        try:
            if stat.S_IMODE(self._file.stat().st_mode) & 0o077:
                raise UpdateError(f"{self._file}: others can read this passphrase; run: chmod 600 {self._file}")
            return self._file.read_text(encoding="utf-8").splitlines()[0].strip()
        except IndexError:
            raise UpdateError(f"{self._file}: empty; write the passphrase in its first line") from None
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", "") or "not text"
            raise UpdateError(f"{self._file}: cannot be read ({why}); name another --passphrase-file") from None


def say(options: argparse.Namespace, lines: list[str], row: dict[str, object]) -> int:
    """Print the lines, or with `--json` the row."""
    print(json.dumps(row, indent=2) if options.json else "\n".join(lines))
    return 0


def note(options: argparse.Namespace, text: str) -> None:
    """Say on standard error what is being done."""
    print(json.dumps({"doing": text}) if options.json else f"{text} ...", file=sys.stderr, flush=True)


def model_ids() -> list[str]:
    """For Tab: the models that are published in the current folder."""
    return sorted({path.split("/")[1] for path in open_publisher(_plain_options()).published()})


def model_versions() -> list[str]:
    """For Tab: the versions that are published in the current folder."""
    return sorted({path.split("/")[2] for path in open_publisher(_plain_options()).published()})


def _plain_options() -> argparse.Namespace:
    return argparse.Namespace(folder=Path())
