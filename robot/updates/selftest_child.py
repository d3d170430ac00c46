"""The inside of a self-test: a process of its own that limits itself, loads one model, and says what it saw.

Run as `python -m robot.updates.selftest_child DIRECTORY`, with the limits in the environment. The answer is one line of
JSON on standard output. Whatever the model does to this process, it does to nothing else.
"""

import ctypes
import json
import math
import os
import resource
import sys
from pathlib import Path

import msgspec

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_NO_NEW_PRIVS = 38
LATENCY_RUNS = 40


class Limits(msgspec.Struct, frozen=True):
    """What the process may use: address space, processor time, open files, and the length of a file it writes.

    The interpreter's own messages go through a temporary file, so writing cannot be forbidden altogether.
    """

    memory_bytes: int = 1536 * 1024 * 1024
    cpu_s: int = 20
    open_files: int = 64
    written_bytes: int = 64 * 1024


class Answer(msgspec.Struct, frozen=True):
    """What the process saw. `fault` is empty if all is well; `alone` says that it had no network."""

    fault: str
    p95_ms: float = 0.0
    peak_memory_mb: float = 0.0
    alone: bool = False


def confine(limits: Limits) -> bool:
    """Take from this process what a model does not need, for good. True if the network could be taken too."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.written_bytes),
    ):
        resource.setrlimit(kind, (most, most))
    system = ctypes.CDLL(None, use_errno=True)
    # A machine may forbid new namespaces to ordinary users: the other limits hold all the same.
    alone = system.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0
    system.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(alone)


def examine(directory: Path, budget_ms: float) -> Answer:
    """Load the model in `directory`, run every golden input, and time it against 1.5 times its budget."""
    # Imported once the limits hold: the interpreter's own start is tested with them too.
    from hardware.clock import MonotonicClock  # noqa: PLC0415
    from robot.config import InferenceSettings  # noqa: PLC0415
    from robot.errors import InferenceError, ModelRefused  # noqa: PLC0415
    from robot.inference.golden import read_golden  # noqa: PLC0415
    from robot.inference.model import Model  # noqa: PLC0415

    try:
        model = Model.load(directory, InferenceSettings(accelerator="cpu", threads=1), self_test=False)
        model.self_test()
        golden = read_golden(model.files.golden, model.manifest, str(directory))
        clock, taken_ms = MonotonicClock(), []
        for run in range(LATENCY_RUNS):
            stored = golden.inputs[run % len(golden.inputs)]
            start_s = clock.now_s()
            model.run(stored if stored.dtype.kind != "f" else stored.astype("float32"))
            taken_ms.append((clock.now_s() - start_s) * 1000)
    except (ModelRefused, InferenceError) as error:
        return Answer(str(error))
    except MemoryError:
        return Answer("wants more memory than a model may have")
    p95_ms = sorted(taken_ms)[math.ceil(0.95 * LATENCY_RUNS) - 1]
    slow = f"takes {p95_ms:.1f} ms (p95), its budget is {budget_ms:g} ms" if p95_ms > 1.5 * budget_ms else ""
    return Answer(slow, p95_ms)


def main() -> None:
    """Confine this process, examine the model named on the command line, and print the answer."""
    limits = msgspec.json.decode(os.environ["RAPPORT_SELFTEST_LIMITS"], type=Limits)
    budget_ms = float(os.environ["RAPPORT_SELFTEST_BUDGET_MS"])
    alone = confine(limits)
    answer = examine(Path(sys.argv[1]), budget_ms)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seen = msgspec.structs.replace(answer, alone=alone, peak_memory_mb=round(peak_mb, 1))
    sys.stdout.write(json.dumps(msgspec.to_builtins(seen)) + "\n")
    sys.stdout.flush()
    # Left at once: an interpreter that spoilt its memory may crash or hang while Python takes it apart.
    os._exit(0)


if __name__ == "__main__":
    main()
