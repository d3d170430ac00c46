"""docs/results/pi_check.md: what held in the emulated Pis."""

from datetime import UTC, datetime

import msgspec

from tools.pi_check.boot import PI_4_STEP_S, Boot
from tools.pi_check.plan import all_steps
from tools.pi_check.steps import Check

SUITES = ("bookworm", "trixie")
BUDGET_S = 3.0
BUSY = 2.0
"""A load beyond the two processors that a small computer has."""

TEXT = """# The emulated Pi

Written by `sudo .venv/bin/python -m tools.pi_check` on {day}; the logs lie beside it. Each Debian release is an arm64
root made by debootstrap and run by qemu, as a Cortex-A72, on x86-64. That shows that the installer runs, that
every wheel for aarch64 installs, that models and robot do there what they do here. It shows nothing of a Pi's speed,
camera, sound or pins, and Raspberry Pi OS's own packages (picamera2, libcamera) are not in it.

| release | what was to hold | | found | took, emulated |
|---|---|---|---|---|
{rows}

## From the start of the process to a living face

Counted in processor time and set against a piece of work whose time on a Pi 4 is published ({step_us:.1f} µs a step of
the n-body problem in pure Python, most likely 3.7; `tools/pi_check/boot.py` has the source, and how much faster the
same step is with the Python of today). An estimate: neither a cold card nor the opening of a Pi's devices is in it, and
that step fits into the smallest cache while a start does not, so a Pi may need more. Emulated, the start is dearer
against the step than on a processor: what qemu has not met before it must translate first. Counted on a busy computer
(a load above the number of its processors) the step is slowed more than the start, and the estimate is too low.

| where it was counted | load | a start | n-body step | so on a Pi 4 | if its Python were no faster than 3.7 |
|---|---|---|---|---|---|
{boots}

The budget is {budget:g} s: {verdict}.
"""


class Results(msgspec.Struct, frozen=True):
    """The last checks of each Debian release, and what a start costs on this computer itself."""

    checks: dict[str, list[Check]]
    here: Boot | None


def page(results: Results) -> str:
    """The whole page."""
    checks = [check for suite in sorted(results.checks) for check in results.checks[suite]]
    rows = [
        f"| {check.suite} | {check.name} | {_ok(check)} | {check.found} | {check.took_s:.0f} s |" for check in checks
    ]
    rows += [f"| {suite} | {name} | **not reached** | | |" for suite in SUITES for name in _left(results, suite)]
    boots = {"x86-64, this computer": results.here} if results.here is not None else {}
    boots |= {f"{check.suite}, emulated": _boot(check) for check in checks if "pi_4_s" in check.data}
    lines = [
        f"| {where} | {boot.load or '?'} | {boot.start_cpu_s:.2f} s (slowest {boot.slowest_cpu_s:.2f}) "
        f"| {boot.step_us:.2f} µs | {boot.pi_4_s:.1f} s | {boot.pi_4_old_s:.1f} s |"
        for where, boot in boots.items()
    ]
    slowest_s = max((boot.pi_4_s for boot in boots.values()), default=0.0)
    verdict = (
        "kept by every estimate" if slowest_s <= BUDGET_S else f"the slowest estimate, {slowest_s:.1f} s, misses it"
    )
    if any(boot.load > BUSY for boot in boots.values()):
        verdict += "; some were counted on a busy computer and are too low"
    return TEXT.format(
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        rows="\n".join(rows),
        boots="\n".join(lines),
        step_us=PI_4_STEP_S * 1e6,
        budget=BUDGET_S,
        verdict=verdict,
    )


def _left(results: Results, suite: str) -> list[str]:
    """The steps that have no outcome yet."""
    reached = {check.name for check in results.checks.get(suite, [])}
    return [step.name for step in all_steps("", "") if step.name not in reached]


def _boot(check: Check) -> Boot:
    values = {name: float(str(check.data[name])) for name in Boot.__struct_fields__ if name in check.data}
    return Boot(**values)


def _ok(check: Check) -> str:
    return "ok" if check.ok else "**failed**"
