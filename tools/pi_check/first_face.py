"""The robot as it is when its face lives for the first time: started for real, asked one thing, ended."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from robot.simulator.sample_scene import SAMPLE_FOLDER

ROOT = Path(__file__).resolve().parents[2]

PROBE = """
import sys
class Probe:
    isatty = lambda self: False
    flush = lambda self: None
    def write(self, text):
        if "mood" in text:
            import os, time
            os.write(1, str({asked}).encode())
            os._exit(0)
sys.stdout = Probe()
from robot.cli.main import main
main()
"""
"""The robot itself answers, at the very moment: whoever reads its output may be late, while it goes on loading."""


def at_first_face(asked: str) -> str:
    """What the Python expression `asked` is worth in `rapport run` at its first state, said once the body has moved.

    It may use `os`, `sys` and `time`.

    Raises:
        RuntimeError: the robot ended before.
    """
    source = f"file:{SAMPLE_FOLDER / 'portrait.jpg'}"
    command = [sys.executable, "-c", PROBE.format(asked=asked), "run", "--camera", source, "--duration", "60"]
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env = {**kept, "XDG_RUNTIME_DIR": folder, "XDG_STATE_HOME": folder}
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, check=False)
    if not done.stdout:
        raise RuntimeError(f"`rapport run` ended before its face lived: {done.stderr.strip()[-300:]}")
    return done.stdout
