"""One process that looks for new models again and again and finds none: started by `tools.benchmark.updates`.

Its arguments are those of `rapport models check`. It prints the times of its looks and its peak memory as JSON.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from robot.cli.models_store import add_repository_options, add_store_options, open_client


def main() -> None:
    """Look once to fill the cache, as a robot has it, then as often as asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, required=True)
    add_repository_options(parser)
    add_store_options(parser)
    options = parser.parse_args()
    open_client(options).check()
    wall_s, cpu_s = [], []
    for _ in range(options.times):
        cpu, wall = time.process_time(), time.perf_counter()
        open_client(options).check()
        wall_s.append(time.perf_counter() - wall)
        cpu_s.append(time.process_time() - cpu)
    json.dump({"wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": _peak_mb()}, sys.stdout)


def _peak_mb() -> float:
    """The most memory that this process had resident. `getrusage` would count the one that started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
