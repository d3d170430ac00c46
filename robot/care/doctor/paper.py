"""Findings as words: lines for a terminal, JSON, and a report to hand on, without anything private in it."""

import getpass
import re
import socket
from collections.abc import Iterable
from pathlib import Path

import msgspec

from robot.care.doctor.finding import RANK, Finding, Severity

MARKS: dict[Severity, str] = {"ok": "ok", "note": "note", "warning": "WARNING", "fault": "FAULT"}
ADDRESS = re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b", re.IGNORECASE)
SERIAL = re.compile(r"\b[0-9a-f]{12,}\b", re.IGNORECASE)


def lines_of(finding: Finding) -> list[str]:
    """One finding for a terminal: what, and below it what to do."""
    lines = [f"{MARKS[finding.severity]:<8} {finding.check:<12} {finding.what}"]
    if finding.fix:
        lines.append(f"{'':<21} -> {finding.fix}")
    return lines


def summary(findings: list[Finding]) -> str:
    """How many of each, worst first."""
    counts = {name: sum(each.severity == name for each in findings) for name in sorted(RANK, key=lambda n: -RANK[n])}
    return ", ".join(f"{count} {name}{'s' * (count > 1 and name != 'ok')}" for name, count in counts.items() if count)


def as_json(findings: list[Finding]) -> str:
    """All findings as one JSON array."""
    return msgspec.json.format(msgspec.json.encode(findings), indent=2).decode()


def report(findings: list[Finding]) -> str:
    """A page to hand on when you ask for help: the findings, scrubbed of names, addresses and serial numbers."""
    lines = [
        "# What the doctor found",
        "",
        summary(findings),
        "",
        "| check | result | what | measured |",
        "|---|---|---|---|",
    ]
    for finding in findings:
        measured = ", ".join(f"{key} {value}" for key, value in finding.measured.items())
        lines.append(f"| {finding.check} | {finding.severity} | {finding.what} | {measured} |")
    fixes = [finding for finding in findings if finding.fix and RANK[finding.severity] >= RANK["warning"]]
    lines += ["", *(f"- {finding.check}: {finding.fix}" for finding in fixes)]
    return scrubbed("\n".join(lines) + "\n", own_names())


def own_names() -> list[tuple[str, str]]:
    """What names this person and this computer here, each with what stands for it in a report."""
    names = [(str(Path.home()), "~"), (socket.gethostname(), "<this computer>")]
    try:
        names.append((getpass.getuser(), "<user>"))
    except (OSError, KeyError):
        # A user without a name, as in a container.
        return names
    return names


def scrubbed(text: str, names: Iterable[tuple[str, str]]) -> str:
    """The text without those names, and without addresses and serial numbers."""
    for name, instead in names:
        if len(name) > 1:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead, text)
    return SERIAL.sub("<number>", ADDRESS.sub("<address>", text))
