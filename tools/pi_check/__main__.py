"""Installs and runs the robot in emulated Pis: `sudo .venv/bin/python -m tools.pi_check`. Unattended; an hour or so."""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from robot.errors import RapportError
from tools.pi_check import boot
from tools.pi_check.agreement import main as agreement
from tools.pi_check.clip import write_clip
from tools.pi_check.page import Results, page
from tools.pi_check.root import Root, prepare_emulation
from tools.pi_check.steps import Check, check_root

SUITES = ("bookworm", "trixie")
RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results"


def main(arguments: list[str] | None = None) -> int:
    """Check every root; the exit code is 1 if any step failed, 2 if nothing could be checked."""
    parser = argparse.ArgumentParser(prog="python -m tools.pi_check", description=__doc__)
    parser.add_argument(
        "--roots", type=Path, default=Path("/var/tmp/rapport-roots"), help="where the roots are made and kept"
    )
    parser.add_argument("--suite", action="append", choices=SUITES, help="only this Debian release (default both)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of pi_check.md and its logs")
    options = parser.parse_args(arguments)
    suites = tuple(options.suite or SUITES)
    try:
        prepare_emulation()
        with ThreadPoolExecutor() as beside:
            found = dict(zip(suites, beside.map(partial(_check, options.roots, options.results), suites), strict=True))
    except RapportError as error:
        print(f"pi_check: {error}", file=sys.stderr)
        return 2
    kept = options.results / "pi_check.json"
    results = Results(_earlier(kept) | found, boot.measure())
    kept.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    (options.results / "pi_check.md").write_text(page(results), encoding="utf-8")
    print(f"written: {options.results / 'pi_check.md'}")
    return 0 if all(check.ok for checks in found.values() for check in checks) else 1


def _check(roots: Path, results: Path, suite: str) -> list[Check]:
    """Check one root; its log is `pi_check_<suite>.log`."""
    log_path = results / f"pi_check_{suite}.log"
    with tempfile.TemporaryDirectory() as folder, log_path.open("w", encoding="utf-8") as log:
        clip, answers = Path(folder, "clip.mkv"), Path(folder, "answers.npz")
        write_clip(clip)
        agreement(["write", str(answers)])

        def tell(line: str) -> None:
            stamped = f"{datetime.now(UTC):%H:%M:%S} {line}"
            print(stamped, flush=True)
            log.write(stamped + "\n")
            log.flush()

        tell(f"{suite}: making the root, or taking the one of an earlier run")
        root = Root(roots / suite, suite)
        root.make()
        with root.mounted():
            return check_root(root, clip, answers, tell)


def _earlier(path: Path) -> dict[str, list[Check]]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Results).checks
    except (OSError, msgspec.DecodeError):
        return {}


if __name__ == "__main__":
    sys.exit(main())
