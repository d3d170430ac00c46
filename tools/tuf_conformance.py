"""Runs the public tuf-conformance suite against our client and writes docs/results/tuf_conformance.md.

    git clone https://github.com/theupdateframework/tuf-conformance FOLDER
    python -m tools.tuf_conformance FOLDER

A job of its own: it takes minutes, and needs `faketime` (Debian's package of that name). The suite brings its own
version of python-tuf for the repositories that it simulates, so it lives in an environment of its own; the client under
test is the one of this checkout, `tools.tuf_client`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

from robot.errors import RapportError

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "results" / "tuf_conformance.md"
ENVIRONMENT = ROOT / ".venv-conformance"
CLIENT = f"{sys.executable} -m tools.tuf_client"


@dataclass(frozen=True, slots=True)
class Case:
    """One test of the suite and how it ended: `passed`, `failed` or `skipped`."""

    name: str
    outcome: str


def main() -> int:
    """Run the suite; 0 if every test of it passed."""
    parser = argparse.ArgumentParser(prog="python -m tools.tuf_conformance", description=__doc__.partition("\n")[0])
    parser.add_argument("suite", type=Path, metavar="FOLDER", help="a clone of tuf-conformance")
    parser.add_argument("--no-page", action="store_true", help="write no page")
    options = parser.parse_args()
    try:
        cases, took_s = run(options.suite.resolve())
    except RapportError as error:
        print(f"tuf_conformance: {error}", file=sys.stderr)
        return 2
    text = page(cases, took_s, _revision(options.suite))
    print(text)
    if not options.no_page:
        PAGE.write_text(text, encoding="utf-8")
    return 0 if all(case.outcome == "passed" for case in cases) else 1


def run(suite: Path) -> tuple[list[Case], float]:
    """Every test of the suite with its outcome, and how long it took.

    Raises:
        RapportError: there is no suite, no `faketime`, or the suite cannot be installed or started.
    """
    if not (suite / "tuf_conformance").is_dir():
        raise RapportError(f"{suite}: no clone of tuf-conformance; see python -m tools.tuf_conformance --help")
    if shutil.which("faketime") is None:
        raise RapportError("faketime is not installed; on Debian: apt-get install faketime")
    python = _environment(suite)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junit-xml={report}"]
        start_s = time.monotonic()
        # Its environment comes first in PATH: it looks for programs of its own there.
        path = f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(
            [*command, str(suite / "tuf_conformance"), f"--rootdir={suite}", "--entrypoint", CLIENT],
            cwd=ROOT,
            env={**os.environ, "PATH": path},
            check=False,
        )
        took_s = time.monotonic() - start_s
        if not report.is_file():
            raise RapportError(f"{suite}: the suite did not run; its own words are above")
        return read_report(report.read_text(encoding="utf-8")), took_s


def read_report(xml: str) -> list[Case]:
    """The tests in a JUnit report that this program had written."""
    found = []
    for case in ElementTree.fromstring(xml).iter("testcase"):
        wrong = [child.tag for child in case if child.tag in {"failure", "error", "skipped"}]
        outcome = "passed" if not wrong else "skipped" if wrong == ["skipped"] else "failed"
        found.append(Case(f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}", outcome))
    return found


def page(cases: list[Case], took_s: float, revision: str) -> str:
    """The whole page."""
    counts = Counter(case.outcome for case in cases)
    summary = ", ".join(
        f"{counts[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped") if counts[outcome]
    )
    files = Counter((case.name.partition("::")[0], case.outcome) for case in cases)
    lines = [
        "# The public conformance suite for clients of The Update Framework",
        "",
        "Written by `python -m tools.tuf_conformance`, which runs the suite against `tools.tuf_client`, our client.",
        "",
        f"**{summary}**, of {len(cases)}; suite at `{revision}`, tuf {metadata.version('tuf')}, {took_s / 60:.0f} min.",
        "",
        "| file of the suite | passed | failed | skipped |",
        "|---|---|---|---|",
    ]
    for name in sorted({file for file, _ in files}):
        counted = (files[name, outcome] for outcome in ("passed", "failed", "skipped"))
        lines.append(f"| `{name}` | " + " | ".join(str(count) for count in counted) + " |")
    lines += [f"- {case.outcome}: `{case.name}`" for case in cases if case.outcome != "passed"]
    return "\n".join(lines) + "\n"


def _environment(suite: Path) -> str:
    """The Python of an environment with the suite in it."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    done = subprocess.run([str(python), "-m", "pip", "install", "-q", str(suite)], check=False)
    if done.returncode:
        raise RapportError(f"{suite}: pip could not install it (its words are above); is there a network?")
    return str(python)


def _revision(suite: Path) -> str:
    """The commit of the clone, short; `unknown` for a folder that is none."""
    done = subprocess.run(
        ["git", "-C", str(suite), "rev-parse", "--short=7", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
