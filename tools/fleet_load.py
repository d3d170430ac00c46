"""Many robots on one broker: how long from a change of a robot until a dashboard knows it.

    python -m tools.fleet_load                      500 robots for a minute; writes docs/results/fleet.md
    python -m tools.fleet_load --robots 50 --for 10 --no-page

Starts a mosquitto of its own on a free port of this machine, the robots as members of a fleet (the product's own code:
bulletin, link, paho) in a few processes, and a dashboard (the one of `rapport fleet watch`). Each robot changes at
random, and every ten seconds all change at once. A delay runs on the machine's one monotonic clock, from the robot's
message to the entry in the dashboard's table.
"""

import argparse
import json
import multiprocessing
import os
import platform
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from robot.config import Config, FleetSettings
from robot.fleet.bulletin import Bulletin
from robot.fleet.link import Link
from robot.fleet.table import Table
from robot.fleet.topics import STATE
from robot.fleet.watcher import Watcher
from robot.messages import Intent

PAGE = Path(__file__).resolve().parent.parent / "docs" / "results" / "fleet.md"
EVERY_S = 5.0
"""How often one robot changes by itself, on average: busier than any lobby."""

ALL_AT_ONCE_S = 10.0
PROCESSES = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and report; exit code 1 if a change took a second or more, or was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--robots", type=int, default=500, metavar="N")
    parser.add_argument("--for", type=float, default=60.0, metavar="S", dest="for_s")
    parser.add_argument("--no-page", action="store_true", help="do not write docs/results/fleet.md")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        port, broker = start_broker(Path(folder))
        try:
            found = measure(port, options.robots, options.for_s)
            found["broker CPU s"] = cpu_s(broker.pid)
        finally:
            broker.kill()
            broker.wait()
    print(json.dumps(found, indent=2))
    if not options.no_page:
        PAGE.write_text(page(found), encoding="utf-8")
    return 0 if found["max s"] < 1.0 and found["sent"] == found["seen"] else 1


def start_broker(folder: Path) -> "tuple[int, subprocess.Popen[str]]":
    """A mosquitto on a free port, running."""
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise SystemExit("mosquitto is not installed; on Debian: sudo apt-get install mosquitto")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    broker = subprocess.Popen(
        [program, "-v", "-c", str(settings)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    output = broker.stdout
    if output is None or not any(line.rstrip().endswith("running") for line in iter(output.readline, "")):
        raise SystemExit("mosquitto ended before it ran")
    threading.Thread(target=_drain, args=(output,), daemon=True).start()
    return port, broker


def _drain(output: object) -> None:
    for _line in output:  # type: ignore[attr-defined]
        pass


def measure(port: int, robots: int, for_s: float) -> "dict[str, float]":
    """The delays of all changes of all robots."""
    table, delays_s, lock = Table(), list[float](), threading.Lock()
    measuring = threading.Event()

    def note(topic: str, payload: bytes) -> None:
        with lock:
            robot = table.note(time.monotonic(), topic, payload)
            if robot is not None and topic.endswith(STATE) and measuring.is_set():
                delays_s.append(robot.changed_s - robot.t_s)

    watcher = Watcher(FleetSettings(port=port), "dashboard", note)
    context = multiprocessing.get_context("spawn")
    begin, sent = context.Barrier(PROCESSES + 1), context.Queue()
    shares = [range(first, robots, PROCESSES) for first in range(PROCESSES)]
    workers = [context.Process(target=live, args=(port, list(share), for_s, begin, sent)) for share in shares]
    for worker in workers:
        worker.start()
    begin.wait()  # every robot is connected
    measuring.set()
    counts = [sent.get() for _ in workers]
    for worker in workers:
        worker.join()
    total = sum(count for count, _ in counts)
    waited_s = 0.0
    while waited_s < 5.0:
        with lock:
            if len(delays_s) >= total:
                break
        time.sleep(0.1)
        waited_s += 0.1
    watcher.close()
    ordered = sorted(delays_s)
    return {
        "robots": robots,
        "for s": for_s,
        "sent": total,
        "seen": len(ordered),
        "p50 s": round(ordered[len(ordered) // 2], 4),
        "p95 s": round(ordered[int(len(ordered) * 0.95)], 4),
        "p99 s": round(ordered[int(len(ordered) * 0.99)], 4),
        "max s": round(ordered[-1], 4),
        "robots' CPU s": round(sum(used for _, used in counts), 1),
    }


def live(port: int, numbers: list[int], for_s: float, begin: Any, sent: Any) -> None:
    """One process' share of the robots."""
    rng = random.Random(numbers[0])
    config = Config(fleet=FleetSettings(enabled=True, port=port))
    members = [(Bulletin(config), Link(config.fleet, f"robot-{number}")) for number in numbers]
    for _, link in members:
        link.open()
    while not all(link.connected for _, link in members):
        time.sleep(0.05)
    begin.wait()
    count, ends_s = 0, time.monotonic() + for_s
    due = [(time.monotonic() + rng.uniform(0, EVERY_S), index) for index in range(len(members))]
    together_s = time.monotonic() + ALL_AT_ONCE_S
    states = [rng.random() < 0.5 for _ in members]

    def change(index: int) -> None:
        nonlocal count
        states[index] = not states[index]
        bulletin, link = members[index]
        state = "attending" if states[index] else "alone"
        for post in bulletin.note(Intent("i", time.monotonic(), state, 0, 0, 0, 0, "breathe", 0.5, ())):
            link.post(post)
            count += post.name == STATE

    while (now_s := time.monotonic()) < ends_s:
        if now_s >= together_s:
            together_s += ALL_AT_ONCE_S
            for index in range(len(members)):
                change(index)
        at_s, index = min(due)
        if at_s <= now_s:
            due[due.index((at_s, index))] = (now_s + rng.expovariate(1 / EVERY_S), index)
            change(index)
        else:
            time.sleep(max(0.0, min(at_s, together_s, ends_s) - now_s))
    time.sleep(1.0)
    sent.put((count, sum(os.times()[:2])))
    for _, link in members:
        link.close()


def cpu_s(pid: int) -> float:
    """CPU seconds of a process so far (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return round((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), 1)


def page(found: "dict[str, float]") -> str:
    """The results as a page."""
    rows = "\n".join(f"| {key} | {value} |" for key, value in found.items())
    return f"""# Many robots on one broker

`python -m tools.fleet_load`: {found["robots"]:.0f} robots, a mosquitto and a dashboard on one machine with
{os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}). Each robot changes every
{EVERY_S:g} s on average, and every {ALL_AT_ONCE_S:g} s all of them change at once, which is where the largest delays
come from. A delay runs from the robot's message to the dashboard's table; the limit is 1 s.

| figure | value |
|---|---|
{rows}
"""


if __name__ == "__main__":
    sys.exit(main())
