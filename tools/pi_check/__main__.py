"""Installs and runs the robot in emulated Pis: `sudo .venv/bin/python -m tools.pi_check`. Unattended; an hour or so."""

import argparse
import re
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from robot.errors import RapportError
from tools.pi_check import boot
from tools.pi_check.agreement import main as agreement
from tools.pi_check.clip import write_clip
from tools.pi_check.page import SUITES, Results, page
from tools.pi_check.root import Root, prepare_emulation
from tools.pi_check.steps import Check, check_root

ADDRESS = re.compile(r"https?://\S+")
"""From where packages came is each computer's own matter: it stays out of the logs."""
RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results"


def main(arguments: list[str] | None = None) -> int:
    """Check every root; the exit code is 1 if any step failed, 2 if nothing could be checked."""
    parser = argparse.ArgumentParser(prog="python -m tools.pi_check", description=__doc__)
    parser.add_argument(
        "--roots", type=Path, default=Path("/var/tmp/rapport-roots"), help="where the roots are made and kept"
    )
    parser.add_argument("--suite", action="append", choices=SUITES, help="only this Debian release (default both)")
    parser.add_argument("--page", action="store_true", help="only write pi_check.md anew, from pi_check.json")
    parser.add_argument("--boot", action="store_true", help="only that, and what a start costs on this computer")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of pi_check.md and its logs")
    options = parser.parse_args(arguments)
    suites = tuple(options.suite or SUITES)
    try:
        if options.page or options.boot:
            kept = _earlier(options.results)
            _write(options.results, Results(kept.checks, boot.measure() if options.boot else kept.here))
            return 0
        prepare_emulation()
        here = boot.measure()
        found = Found(options.results, here)
        with ThreadPoolExecutor() as beside:
            list(beside.map(partial(_check, options.roots, options.results, found), suites))
    except RapportError as error:
        print(f"pi_check: {error}", file=sys.stderr)
        return 2
    return 0 if found.well else 1


class Found:
    """What was found so far, written after each step: a check that is stopped leaves what it has shown."""

    def __init__(self, results: Path, here: boot.Boot) -> None:
        self._results = results
        self._here = here
        self._lock = threading.Lock()
        self._checks: dict[str, list[Check]] = {}

    @property
    def well(self) -> bool:
        """True if every step held."""
        return all(check.ok for checks in self._checks.values() for check in checks)

    def add(self, check: Check) -> None:
        """Keep the outcome of one step; may be called from any thread."""
        with self._lock:
            self._checks.setdefault(check.suite, []).append(check)
            _write(self._results, Results(_earlier(self._results).checks | self._checks, self._here))


def _check(roots: Path, results: Path, found: Found, suite: str) -> None:
    """Check one root; its log is `pi_check_<suite>.log`."""
    log_path = results / f"pi_check_{suite}.log"
    with tempfile.TemporaryDirectory() as folder, log_path.open("w", encoding="utf-8") as log:
        clip, answers = Path(folder, "clip.mkv"), Path(folder, "answers.npz")
        write_clip(clip)
        agreement(["write", str(answers)])

        def tell(line: str) -> None:
            stamped = f"{datetime.now(UTC):%H:%M:%S} {ADDRESS.sub('(an address)', line)}"
            print(stamped, flush=True)
            log.write(stamped + "\n")
            log.flush()

        tell(f"{suite}: making the root, or taking the one of an earlier run")
        root = Root(roots / suite, suite)
        root.make()
        with root.mounted():
            for check in check_root(root, clip, answers, tell):
                found.add(check)


def _write(folder: Path, results: Results) -> None:
    (folder / "pi_check.json").write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    (folder / "pi_check.md").write_text(page(results), encoding="utf-8")


def _earlier(folder: Path) -> Results:
    try:
        return msgspec.json.decode((folder / "pi_check.json").read_bytes(), type=Results)
    except (OSError, msgspec.DecodeError):
        return Results({}, None)


if __name__ == "__main__":
    sys.exit(main())
