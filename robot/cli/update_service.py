"""`rapport update-service`: looks for new models by itself, seldom, never while somebody is talked to."""

import argparse
import contextlib
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from hardware.clock import MonotonicClock
from robot.cli.models_store import (
    add_repository_options,
    add_store_options,
    open_client,
    progress,
    settings_of,
    store_place,
)
from robot.cli.models_update import show_update
from robot.cli.outcome import carry_out
from robot.cli.signals import stopped_by_signal
from robot.config import Config
from robot.errors import UpdateError
from robot.updates.company import Company
from robot.updates.disk import RealDisk
from robot.updates.last_look import note_last_look, read_last_look
from robot.updates.rhythm import HOUR_S, Rhythm, Schedule

if TYPE_CHECKING:
    from robot.updates.selftest_child import Answer

DESCRIPTION = """Look for new models by itself: fetch them, test them, and leave them to the running robot to try.

It waits between looks, never the same time on two robots: `check_every_h` of [updates], six hours unless said
otherwise, never less than one. After failures it waits longer. It does nothing while the robot is with somebody: a
download stops where it is and goes on later. `most_bytes_per_s` of [updates] holds downloads back. The robot is never
stopped.

Ctrl-C or SIGTERM ends it within a second or two, whatever it does; what has come of a download is kept.
"""

EXAMPLES = """examples:
  rapport update-service --config /etc/rapport/config.toml           runs until it is stopped
  rapport update-service --once --config /etc/rapport/config.toml    one look, for a timer of systemd

Exit codes of --once are those of `rapport models update`; 0 also where no repository is configured, or where somebody
is talked to for longer than --patience.
"""

LOOK_AGAIN_S = 5.0
GENTLE = 10
"""What is added to the process's nice value: the robot comes first."""
STOP_WITHIN_S = 20.0


class Disturbed(UpdateError):
    """Somebody has come to the robot: what is under way waits."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "update-service",
        help="look for new models by itself, now and then",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="one look, and end: for a timer")
    parser.add_argument(
        "--patience",
        type=float,
        default=30.0,
        metavar="MIN",
        help="how long --once waits for quiet (default 30)",
    )
    add_repository_options(parser)
    add_store_options(parser)
    parser.set_defaults(command=_serve, dry_run=False)


def _serve(options: argparse.Namespace) -> int:
    config = settings_of(options)
    if not (options.repository or config.updates.repository):
        print("no repository is configured (repository in [updates]): there is nothing to look for")
        return 0
    if options.once:
        return _once(options)
    return _for_ever(options, config)


def _for_ever(options: argparse.Namespace, config: Config) -> int:
    """Look again and again, each time in a process of its own, until told to stop."""
    root = store_place(options, config)
    rhythm = Rhythm(every_s=config.updates.check_every_h * HOUR_S)
    schedule = Schedule(rhythm, random.Random(secrets.randbits(64)))
    last = read_last_look(RealDisk(), root)
    with stopped_by_signal() as stop:
        wait_s = schedule.first_s(last.ago_s(time.time) if last else None)
        while not stop.wait(wait_s):
            code = _look_apart(_arguments(options), stop)
            if stop.is_set():
                break
            wait_s = schedule.next_s(worked=code == 0)
            print(f"next look in {wait_s / 3600:.1f} h", flush=True)
    return 0


def _look_apart(arguments: Sequence[str], stop: threading.Event) -> int:
    """One look in a process of its own, so that its memory goes with it and no fault of it ends the service."""
    child = subprocess.Popen([sys.executable, "-m", "robot.cli.update_service", "--once", *arguments])
    while child.poll() is None:
        if stop.wait(0.2):
            child.terminate()
            try:
                child.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
    return child.returncode


def _arguments(options: argparse.Namespace) -> list[str]:
    """The same options for the process that looks."""
    given = [f"--patience={options.patience}", *(["--json"] if options.json else [])]
    for name in ("repository", "root", "channel", "config", "store"):
        value = getattr(options, name)
        given += [f"--{name}={value}"] if value else []
    return given


def _once(options: argparse.Namespace) -> int:
    """One look, noted for `rapport models status`."""
    with contextlib.suppress(OSError):
        # A service may be forbidden to change its priority; its unit has set it then.
        os.nice(GENTLE)
    signal.signal(signal.SIGTERM, _leave)
    root, disk = store_place(options, settings_of(options)), RealDisk()
    try:
        code = _look_in_peace(options, Company(root))
    except UpdateError as error:
        note_last_look(disk, root, time.time, error)
        raise
    note_last_look(disk, root, time.time, None)
    return code


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """The store survives an end at any moment, so there is nothing to wait for."""
    raise SystemExit(0)


def _look_in_peace(options: argparse.Namespace, company: Company) -> int:
    """Look once nobody is there; begin again where somebody came, as long as patience lasts."""
    clock = MonotonicClock()
    while clock.now_s() <= 60 * options.patience:
        if company.there():
            clock.wait_s(LOOK_AGAIN_S)
            continue
        try:
            return _look(options, company)
        except Disturbed:
            continue
    text = "somebody is with the robot; the next look will do"
    print(json.dumps({"taken": [], "postponed": text}) if options.json else text)
    return 0


def _look(options: argparse.Namespace, company: Company) -> int:
    show = progress(options.json)

    def tell(done: int, total: int) -> None:
        show(done, total)
        _refuse_in(company)

    client = open_client(options, test=_tested_in_peace(company))
    return show_update(options, client.update(progress=tell), client.passed_over)


def _refuse_in(company: Company) -> None:
    if company.there():
        raise Disturbed("somebody is with the robot; what came is kept, it goes on later")


def _tested_in_peace(company: Company) -> "Callable[[Path, float], Answer]":
    """The self-test, which loads a processor for a second, unless somebody is there."""
    from robot.updates.selftest import self_test  # noqa: PLC0415

    def test(directory: Path, budget_ms: float) -> "Answer":
        _refuse_in(company)
        return self_test(directory, budget_ms)

    return test


def main() -> int:
    """The command by itself, which loads no other one: a third of the memory of `rapport update-service`."""
    parser = argparse.ArgumentParser(
        prog="python -m robot.cli.update_service",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)
    return carry_out(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
