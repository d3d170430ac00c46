"""How much work lies between the start of the process and the first living face, and what that means for a Pi 4.

    python -m tools.pi_check.boot

Processor time, not wall time, is counted, and set against a piece of work whose time on a Pi 4 has been published: the
n-body problem in pure Python, 5 million steps in 158.4 s on a Pi 4 at 1.5 GHz (C. Mehta, "Performance Analysis of
Languages on Raspberry Pi", on-demand governor; an older Python than ours, so the estimate is on the slow side). Reading
from a cold card is not in it.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import msgspec

from robot.simulator.sample_scene import SAMPLE_FOLDER

PI_4_STEP_S = 158.4 / 5_000_000
STARTS = 5
STEPS = 20_000

Vector = list[float]


class Boot(msgspec.Struct, frozen=True):
    """Median processor time of a start and of one n-body step on this computer, and the estimate for a Pi 4."""

    start_cpu_s: float
    slowest_cpu_s: float
    step_us: float
    pi_4_s: float


def measure() -> Boot:
    """Start the robot a few times until its face lives.

    Another program on the same core makes both slower, so the unit of work is measured beside each start, and the
    median of the ratios counts.
    """
    starts_s, steps_s = [], []
    for _ in range(STARTS):
        before_s = _step_s()
        starts_s.append(_start_cpu_s())
        steps_s.append((before_s + _step_s()) / 2)
    ratio = median(start_s / step_s for start_s, step_s in zip(starts_s, steps_s, strict=True))
    return Boot(
        start_cpu_s=round(median(starts_s), 3),
        slowest_cpu_s=round(max(starts_s), 3),
        step_us=round(median(steps_s) * 1e6, 2),
        pi_4_s=round(ratio * PI_4_STEP_S, 2),
    )


def _start_cpu_s() -> float:
    """Processor time (s) of `rapport run` until its first state, which it says once the body has moved."""
    source = f"file:{SAMPLE_FOLDER / 'portrait.jpg'}"
    command = [sys.executable, "-m", "robot", "run", "--camera", source, "--duration", "60"]
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "XDG_RUNTIME_DIR": folder}
        robot = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
        try:
            said = next((line for line in robot.stdout or () if "mood" in line), "")
            after_name = Path(f"/proc/{robot.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        finally:
            robot.terminate()
            robot.communicate()
    if not said:
        raise RuntimeError("`rapport run` ended before its face lived; run it by hand to see why")
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _step_s() -> float:
    """Processor time (s) of one n-body step: five bodies, ten pairs."""
    bodies = [
        ([math.cos(k), math.sin(k), 0.1 * k], [-0.1 * math.sin(k), 0.1 * math.cos(k), 0.0], 1.0 / (k + 1.0))
        for k in range(5)
    ]
    pairs = [(a, b) for index, a in enumerate(bodies) for b in bodies[index + 1 :]]
    started_s = time.process_time()
    for _ in range(STEPS):
        _advance(bodies, pairs, 0.001)
    return (time.process_time() - started_s) / STEPS


Body = tuple[Vector, Vector, float]


def _advance(bodies: list[Body], pairs: list[tuple[Body, Body]], dt: float) -> None:
    for ([x1, y1, z1], v1, m1), ([x2, y2, z2], v2, m2) in pairs:
        dx = x1 - x2
        dy = y1 - y2
        dz = z1 - z2
        pull = dt * ((dx * dx + dy * dy + dz * dz) ** -1.5)
        pull1, pull2 = m1 * pull, m2 * pull
        v1[0] -= dx * pull2
        v1[1] -= dy * pull2
        v1[2] -= dz * pull2
        v2[0] += dx * pull1
        v2[1] += dy * pull1
        v2[2] += dz * pull1
    for place, [vx, vy, vz], _mass in bodies:
        place[0] += dt * vx
        place[1] += dt * vy
        place[2] += dt * vz


if __name__ == "__main__":
    print(msgspec.json.encode(measure()).decode())
