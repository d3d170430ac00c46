"""The self-test before a trial: the real interpreter runs the new model in a limited process of its own.

A crafted model can crash, hang or fill the memory of whatever loads it, so the first process to load it is one that
nothing depends on. Its death is an answer too.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from robot.errors import SelfTestFailed
from robot.updates.selftest_child import Answer, Limits

TIMEOUT_S = 20.0
PACKAGES = Path(__file__).resolve().parents[2]
"""Where the child finds `robot`, whatever folder this process was started in."""
CHILD = (sys.executable, "-m", "robot.updates.selftest_child")


def self_test(
    directory: Path,
    budget_ms: float,
    limits: Limits | None = None,
    timeout_s: float = TIMEOUT_S,
    child: Sequence[str] = CHILD,
) -> Answer:
    """Run the model in `directory` in a process of its own: golden inputs, latency, memory. Gives what it saw.

    `child` is the program that does it, for tests of what happens when it dies.

    Raises:
        SelfTestFailed: the model was refused, too slow, crashed, hung or wanted too much memory.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(PACKAGES),
        "PYTHONDONTWRITEBYTECODE": "1",
        "RAPPORT_SELFTEST_LIMITS": msgspec.json.encode(limits or Limits()).decode(),
        "RAPPORT_SELFTEST_BUDGET_MS": str(budget_ms),
    }
    name = f"{directory.parent.name} {directory.name}"
    try:
        done = subprocess.run(
            [*child, str(directory.resolve())],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SelfTestFailed(f"{name}: hung for {timeout_s:g} s in its self-test; it is not used") from None
    return _answer(name, done)


def _answer(name: str, done: subprocess.CompletedProcess[bytes]) -> Answer:
    if done.returncode < 0:
        died = signal.Signals(-done.returncode).name
        raise SelfTestFailed(f"{name}: crashed its self-test ({died}); it is not used")
    try:
        answer = msgspec.json.decode(done.stdout.splitlines()[-1] if done.stdout else b"", type=Answer)
    except msgspec.DecodeError:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise SelfTestFailed(f"{name}: its self-test gave no answer ({last[0][:200]}); it is not used") from None
    if answer.fault:
        raise SelfTestFailed(f"{name}: {answer.fault}")
    return answer
