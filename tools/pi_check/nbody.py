"""A piece of pure Python whose time on a Pi 4 has been published: steps of the n-body problem, five bodies, ten pairs.

    python -m tools.pi_check.nbody        # microseconds of processor time for a step, the best of some runs

Runs by its path under older Pythons, too: `python3.7 tools/pi_check/nbody.py`.
"""

from __future__ import annotations  # Python 3.7 runs this, too

import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Vector = list[float]
    Body = tuple[Vector, Vector, float]

STEPS = 20_000
RUNS = 5


def step_s(steps: int = STEPS) -> float:
    """Processor time (s) of one step."""
    bodies = [
        ([math.cos(k), math.sin(k), 0.1 * k], [-0.1 * math.sin(k), 0.1 * math.cos(k), 0.0], 1.0 / (k + 1.0))
        for k in range(5)
    ]
    pairs = [(a, b) for index, a in enumerate(bodies) for b in bodies[index + 1 :]]
    started_s = time.process_time()
    for _ in range(steps):
        _advance(bodies, pairs, 0.001)
    return (time.process_time() - started_s) / steps


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
    print(round(min(step_s() for _ in range(RUNS)) * 1e6, 3))
