"""`rapport fleet`: every robot on the broker in one table, and commands to one of them."""

import argparse
import json
import os
import secrets
import shutil
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from hardware.clock import MonotonicClock
from hardware.wall import unix_s
from robot.cli.new_file import write_new
from robot.cli.options import add_config_options, config_from
from robot.fleet.commands import NAMES, CommandRefused
from robot.fleet.member import key_of
from robot.fleet.table import Table
from robot.fleet.watcher import Watcher, send_command

DESCRIPTION = """Look after many robots over an MQTT broker: [fleet] of the configuration (docs/reference/fleet.md).

  watch   every robot: online, what it does, whether it wants a person, what is broken
  send    tell one robot that somebody comes, has taken over, or is to be fetched; ends well when it follows
  key     make a key that signs commands
"""

REFRESH_S = 0.25


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "fleet",
        help="look after many robots over MQTT",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    watch = actions.add_parser("watch", help="a table of all robots, brought up to date as they change")
    watch.add_argument("--once", type=float, metavar="S", help="listen for S seconds, print the table, and end")
    watch.add_argument("--json", action="store_true", help="one JSON line for each change")
    add_config_options(watch)
    watch.set_defaults(command=_watch)
    send = actions.add_parser("send", help="send a command to one robot")
    send.add_argument("robot", metavar="ROBOT", help="its name on the broker; see `rapport fleet watch`")
    send.add_argument("name", choices=NAMES, help="what it is told")
    add_config_options(send)
    send.set_defaults(command=_send)
    key = actions.add_parser("key", help="make a key that signs commands")
    key.add_argument("file", type=Path, metavar="FILE", help="where to write it; only its owner can read it")
    key.set_defaults(command=_key)


def _watch(options: argparse.Namespace) -> int:
    settings = config_from(options).fleet
    clock, table, news = MonotonicClock(), Table(settings.prefix), threading.Event()
    lock = threading.Lock()

    def note(topic: str, payload: bytes) -> None:
        with lock:
            robot = table.note(clock.now_s(), topic, payload)
            if robot is not None and options.json:
                name = topic.split("/")[1]
                print(json.dumps({"robot": name, **asdict(robot)}), flush=True)
        news.set()

    watcher = Watcher(settings, f"rapport-watch-{os.getpid()}", note)
    try:
        if options.once is not None:
            clock.wait_s(options.once)
        while options.once is None:
            news.wait()
            news.clear()
            if not options.json:
                with lock:
                    _draw(table, clock.now_s())
            clock.wait_s(REFRESH_S)
    finally:
        watcher.close()
    if not options.json:
        print("\n".join(table.lines(clock.now_s())))
    return 0


def _draw(table: Table, now_s: float) -> None:
    """In a terminal the table stays in its place; in a log each is printed whole."""
    columns, rows = shutil.get_terminal_size()
    lines = table.lines(now_s)
    if not sys.stdout.isatty():
        print("\n".join(lines), flush=True)
        return
    more = len(lines) - (rows - 2)
    shown = lines if more <= 0 else [*lines[: rows - 3], f"... and {more} more"]
    print("\x1b[H\x1b[2J" + "\n".join(line[: columns - 1] for line in shown), flush=True)


def _send(options: argparse.Namespace) -> int:
    config = config_from(options)
    key = key_of(config) if config.fleet.commands == "signed" else None
    answer = send_command(config.fleet, options.robot, options.name, key, count=int(unix_s() * 1000))
    if not answer.followed:
        raise CommandRefused(
            f"{options.robot} does not follow {options.name}: {answer.why}; compare fleet.commands and fleet.key_file "
            "here with the robot's"
        )
    print(f"{options.robot} follows: {options.name}")
    return 0


def _key(options: argparse.Namespace) -> int:
    write_new(options.file, f"{secrets.token_hex(32)}\n".encode())
    print(f"{options.file}: the same file goes to the robots (fleet.key_file) and to whoever sends commands")
    return 0
