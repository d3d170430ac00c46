"""How much work lies between the start of the process and the first living face, and what that means for a Pi 4.

    python -m tools.pi_check.boot

Processor time, not wall time, is counted, and set against a piece of work whose time on a Pi 4 has been published: the
n-body problem in pure Python (`nbody.py`), 5 million steps in 158.4 s on a Pi 4 at 1.5 GHz (C. Mehta, "Performance
Analysis of Languages on Raspberry Pi", on-demand governor). It names no version of Python; of those it may have been,
3.7 is the fastest, and 3.11 takes the same step in 1/1.43 of the time: measured with `nbody.py` on one x86-64, 4.28 us
with 3.7.16 and 2.99 us with 3.11.7, the best of 25 runs each. Both estimates are given, with that factor and without.
Reading from a cold card is in neither. What loads beside the face (models, voice, words) is not waited for.
"""

import os

import msgspec

from tools.pi_check.first_face import at_first_face
from tools.pi_check.nbody import step_s

PI_4_STEP_S = 158.4 / 5_000_000
NEWER_PYTHON = 4.28 / 2.99
STARTS = 5
SHORT_STEPS = 2000
STEPS_A_START = 20


class Boot(msgspec.Struct, frozen=True):
    """Least processor time of a start and of one n-body step on this computer, and the estimates for a Pi 4.

    `pi_4_s` with the Python that the robot runs on, `pi_4_old_s` as if that were no faster than Python 3.7.
    """

    start_cpu_s: float
    slowest_cpu_s: float
    step_us: float
    pi_4_s: float
    pi_4_old_s: float
    load: float = 0.0
    """Processes that wanted a processor meanwhile: on a busy one the estimate comes out too low."""


def measure() -> Boot:
    """Start the robot a few times until its face lives.

    Another program on the same core makes both slower, the step more than the start. So the best of each counts: the
    step is short and measured often, so that it is met undisturbed, and what disturbs a start makes the estimate worse.
    """
    starts_s, steps_s = [], []
    _start_cpu_s()  # the first one compiles
    for _ in range(STARTS):
        steps_s += [step_s(SHORT_STEPS) for _ in range(STEPS_A_START)]
        starts_s.append(_start_cpu_s())
    ratio = min(starts_s) / min(steps_s)
    return Boot(
        start_cpu_s=round(min(starts_s), 3),
        slowest_cpu_s=round(max(starts_s), 3),
        step_us=round(min(steps_s) * 1e6, 2),
        pi_4_s=round(ratio * PI_4_STEP_S / NEWER_PYTHON, 2),
        pi_4_old_s=round(ratio * PI_4_STEP_S, 2),
        load=round(os.getloadavg()[0], 1),
    )


def _start_cpu_s() -> float:
    """Processor time (s) of `rapport run` until its first state, which it says once the body has moved."""
    return float(at_first_face("time.process_time()"))


if __name__ == "__main__":
    print(msgspec.json.encode(measure()).decode())
