"""A look at the repository is a short-lived process on a small machine: it loads what it needs and no more."""

import subprocess
import sys
from pathlib import Path

HEAVY = {"numpy", "PIL", "av", "starlette", "uvicorn", "ai_edge_litert", "requests", "robot.companion"}


def test_the_client_loads_no_interpreter_no_arrays_and_no_stage():
    script = "import sys, robot.updates.client; print(*sys.modules)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    assert "robot.updates.client" in done.stdout.split()
    assert HEAVY & set(done.stdout.split()) == set()
