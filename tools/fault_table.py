"""Runs the tests that are named after a fault and writes docs/results/faults.md: which of the 64 are shown, and how.

    python -m tools.fault_table
    python -m tools.fault_table --fault 52        # only that line anew

A test names its faults at the beginning, such as `test_f24_f25_a_disk_that_says_no`.
"""

import argparse
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "results" / "faults.md"
WHERE = (
    "tests/faults",
    "tests/updates",
    "tests/cli/test_models_updates.py",
    "tests/cli/test_models_media.py",
    "tests/cli/test_models_trouble.py",
    "tests/test_models_in_use.py",
    "tests/simulator/test_access.py",
    "tests/browser/test_page.py",
    "tests/hardware/test_portaudio_changes.py",
    "tests/care",
    "tests/cli/test_service.py",
    "tests/tools",
    "tests/test_supervision.py",
    "tests/test_caretaker.py",
    "tests/simulator/test_wire.py",
)
NUMBERS = re.compile(r"::test((?:_f\d\d)+)_")

FAULTS = (
    "killed before any store operation",
    "power cut before any store operation",
    "killed in the middle of a download",
    "body cut short, connection cut",
    "one flipped bit in a file",
    "a part of a download is poisoned",
    "the server ignores Range",
    "a body without end",
    "a slow drip",
    "slow but steady",
    "captive portal",
    "no such host, refused, certificate not accepted",
    "5xx, 403, 404 storms",
    "expired timestamp, snapshot, targets, root",
    "older timestamp or snapshot",
    "the same after the cache was wiped or zeroed",
    "targets and snapshot mixed",
    "versions far ahead, then a new key",
    "the release key is stolen",
    "keys rotated; twenty roots behind; one missing",
    "clock at 1970",
    "clock at 2030",
    "wall clock steps by a year",
    "disk full before, during, at the state's write",
    "read-only file system",
    "bit-rot in the active set",
    "state copies corrupt, one or both",
    "a thousand leftovers",
    "no inodes, no file descriptors",
    "two updates at once",
    "stick pulled; links, devices, `..` on it",
    "stick with an older but valid set",
    "incompatible io, app, processor, Edge TPU",
    "the model crashes its interpreter",
    "the model hangs",
    "the model wants 4 GB",
    "NaN, constant or wrong output",
    "the model is slow",
    "good self-test, crashes after five minutes",
    "the robot crashes at each start of a trial",
    "current and previous are gone",
    "pinned, and a mandatory update",
    "camera unplugged, frozen, black",
    "camera comes back under another number",
    "microphone vanishes or changes",
    "speaker missing or busy",
    "Coral unplugged in the middle of a run",
    "Coral found late",
    "servo brown-out",
    "servo bus stuck",
    "throttled for heat",
    "a worker is killed for memory",
    "deadlock, blocked loop",
    "garbage in the configuration",
    "logs fill the disk",
    "websocket flood",
    "a thousand clients",
    "foreign host, origin, missing token",
    "token guessed, code replayed",
    "a thousand sudden ends",
    "fsync fails once",
    "time zone, locale",
    "publisher killed while publishing",
    "the CDN serves old beside new",
)

PARTS = {
    43: "No camera was here. In its place: a picamera2 that is pulled, frozen, black or of a wrong format, held call "
    "by call against the published one (`hardware/test_picamera2_contract.py`). Only a camera shows that frames come.",
    47: "No Coral was here. In its place: a compiled library with the entry points of libedgetpu, in the real second "
    "process under the real interpreter, which is stopped, killed, or hangs as it loads. Only a Coral shows its speed.",
    48: "No Coral was here. In its place: the same library, which says that there is none until its port is plugged.",
    49: "No Pi was here. In its place: the marks of a weak supply as firmware reports them, and a PCA9685 down to its "
    "registers that stops answering. Only servos show how far the voltage dips.",
    50: "No bus was here. In its place: the same chip, and gpiozero's mock pins, with every write counted. A process "
    "that freezes leaves a PCA9685 holding its last pose until systemd ends it (10 s) and the next one wakes the chip.",
}
"""What is missing where the tests of a fault show only part of it."""


class Outcomes:
    """A pytest plugin that keeps how each test of a fault ended."""

    def __init__(self, wanted: set[int]) -> None:
        self._wanted = wanted
        self.of_fault: dict[int, dict[str, str]] = defaultdict(dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the tests that are not named after a wanted fault."""
        items[:] = [item for item in items if self._wanted & self._numbers(item.nodeid)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take one report into account; the worst of a test's phases counts."""
        if report.when != "call" and report.passed:
            return
        for number in self._wanted & self._numbers(report.nodeid):
            self.of_fault[number][report.nodeid] = report.outcome

    def _numbers(self, nodeid: str) -> set[int]:
        named = NUMBERS.search(nodeid)
        return set() if named is None else {int(number) for number in re.findall(r"\d\d", named.group(1))}


def verdict(number: int, outcomes: dict[str, str]) -> str:
    """One word on a fault."""
    if not outcomes:
        return "not covered"
    if "failed" in outcomes.values():
        return "**fails**"
    if "passed" not in outcomes.values():
        return "skipped here"
    return "part" if number in PARTS else "pass"


def row(number: int, outcomes: dict[str, str]) -> str:
    """The line of one fault."""
    files = sorted({name.partition("::")[0].removeprefix("tests/") for name in outcomes})
    note = "; ".join([", ".join(f"`{file}`" for file in files), *(["see below"] if number in PARTS else [])])
    return f"| {number} | {FAULTS[number - 1]} | {verdict(number, outcomes)} | {len(outcomes) or ''} | {note} |"


def written(page: str) -> dict[int, str]:
    """The lines of a page by the number of their fault."""
    return {int(found.group(1)): found.group(0) for found in re.finditer(r"^\| (\d+) \|.*$", page, re.MULTILINE)}


def table(rows: dict[int, str]) -> str:
    """The whole page."""
    counts = Counter(line.split("|")[3].strip() for line in rows.values())
    lines = [
        "# Faults to survive",
        "",
        "Written by `python -m tools.fault_table`, which runs every test that is named after a fault. "
        + ", ".join(f"{counts[word]} {word}" for word in sorted(counts))
        + f", of {len(FAULTS)}.",
        "",
        "| # | fault | result | tests | in which files |",
        "|---|---|---|---|---|",
    ]
    below = ["", "## What stands in for hardware", "", *(f"- **{number}.** {text}" for number, text in PARTS.items())]
    return "\n".join([*lines, *(rows[number] for number in sorted(rows)), *below]) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the tests and write the page; the exit code is pytest's."""
    parser = argparse.ArgumentParser(prog="python -m tools.fault_table", description=__doc__)
    parser.add_argument("--fault", type=int, action="append", help="only this one; the others stay as they are written")
    options = parser.parse_args(arguments)
    wanted = set(options.fault or range(1, len(FAULTS) + 1))
    outcomes = Outcomes(wanted)
    code = pytest.main(["-q", "-p", "no:cacheprovider", *(str(ROOT / path) for path in WHERE)], plugins=[outcomes])
    rows = written(TABLE.read_text(encoding="utf-8")) if options.fault else {}
    rows |= {number: row(number, outcomes.of_fault.get(number, {})) for number in wanted}
    TABLE.write_text(table(rows), encoding="utf-8")
    print(f"written: {TABLE.relative_to(ROOT)}")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
