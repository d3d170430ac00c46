"""What the doctor found: one finding a fault, with how bad it is, what to do, and what was measured."""

from typing import Literal

import msgspec

Severity = Literal["ok", "note", "warning", "fault"]
"""`ok`: well; `note`: good to know; `warning`: works, but badly or not for long; `fault`: does not work."""

RANK: dict[Severity, int] = {"ok": 0, "note": 1, "warning": 2, "fault": 3}


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding. `fix` says what to do and is empty where there is nothing to do.

    `measured` holds the figures behind it, with their units in their names.
    """

    check: str
    severity: Severity
    what: str
    fix: str = ""
    measured: dict[str, float | int | str | bool] = {}


def exit_code(findings: list[Finding]) -> int:
    """0 when all is well or only noted, 1 when the worst is a warning, 2 when something does not work."""
    worst = max((RANK[finding.severity] for finding in findings), default=0)
    return {2: 1, 3: 2}.get(worst, 0)
