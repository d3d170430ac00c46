"""`rapport service`: start, stop and read the robot that systemd looks after; and what systemd itself calls."""

import argparse
import shutil
import subprocess
from pathlib import Path

from robot.errors import EngineMissing, RapportError

DESCRIPTION = """The robot as a service of this computer, as `sudo bash tools/install_kiosk` sets it up.

`run`, `safe-face` and `screen` are what systemd calls; by hand, use `rapport run`.
"""

UNIT, SAFE_UNIT = "rapport.service", "rapport-safe.service"
NOT_INSTALLED = "the service is not installed here: run  sudo bash tools/install_kiosk"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser with its actions."""
    parser = commands.add_parser(
        "service",
        help="start, stop and read the robot as a service of this computer",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for action, help_text in (
        ("start", "start it, and let it start with the computer"),
        ("stop", "stop it until it is started or the computer starts again"),
        ("restart", "stop and start it, after a change of its settings"),
    ):
        changer = actions.add_parser(action, help=help_text, description=f"{help_text.capitalize()}. Needs root.")
        changer.set_defaults(command=_change, action=action)
    logs = actions.add_parser(
        "logs", help="what it has noted", description="Print its log: the service's own, bounded."
    )
    logs.add_argument("-f", "--follow", action="store_true", help="go on printing what comes")
    logs.add_argument("-n", "--lines", type=int, default=50, metavar="N", help="the last N lines (default 50)")
    logs.add_argument("--since", metavar="WHEN", help='only from then on, such as "today" or "2 hours ago"')
    logs.set_defaults(command=_logs)
    for name, help_text, command in (
        ("run", "be the service (systemd calls this)", _run),
        ("safe-face", "rest with a safe face for ten minutes (systemd calls this)", _safe_face),
        ("screen", "show the face full-screen (systemd calls this)", _screen),
    ):
        called = actions.add_parser(name, help=help_text, description=f"{help_text.capitalize()}.")
        if name != "screen":
            called.add_argument(
                "--config", type=Path, required=True, metavar="FILE", help="TOML file with its settings"
            )
        called.set_defaults(command=command)
    counted = actions.add_parser(
        "boots",
        help="count sudden ends of the computer (systemd calls this)",
        description="Count the starts of the computer that no shutdown came before (systemd calls this).",
    )
    counted.add_argument("moment", choices=["begin", "end"], help="the computer started, or is shut down")
    counted.add_argument("--noted", type=Path, default=Path("/var/lib/rapport"), metavar="DIR", help=argparse.SUPPRESS)
    counted.set_defaults(command=_boots)


def _run(options: argparse.Namespace) -> int:
    from robot.cli.service_run import run_as_service  # noqa: PLC0415  `start` and `stop` need no robot

    return run_as_service(options)


def _safe_face(options: argparse.Namespace) -> int:
    from robot.cli.safe_face import show_safe_face  # noqa: PLC0415  nor this one

    return show_safe_face(options)


def _boots(options: argparse.Namespace) -> int:
    from robot.cli.service_boots import count_boots  # noqa: PLC0415  nor this one

    return count_boots(options)


def _screen(options: argparse.Namespace) -> int:
    from robot.cli.screen import show_on_screen  # noqa: PLC0415  nor this one

    return show_on_screen(options)


def _change(options: argparse.Namespace) -> int:
    action: str = options.action
    if action == "stop":
        # The safe face first: its end starts the robot.
        _systemctl("stop", SAFE_UNIT)
        _systemctl("stop", UNIT)
        print("stopped")
        return 0
    if action == "start":
        _systemctl("enable", "--quiet", UNIT)
    _systemctl("reset-failed", UNIT)
    _systemctl(action, UNIT)
    print("it runs; `rapport status` says how it is")
    return 0


def _logs(options: argparse.Namespace) -> int:
    journalctl = _program("journalctl")
    command = [journalctl, "--namespace=rapport", "--no-hostname", "--output=short", f"--lines={options.lines}"]
    command += ["--follow"] if options.follow else ["--no-pager"]
    command += [f"--since={options.since}"] if options.since else []
    return subprocess.run(command, check=False).returncode


def _systemctl(*words: str) -> None:
    done = subprocess.run([_program("systemctl"), *words], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
    if "not loaded" in said or "does not exist" in said or "not found" in said:
        raise RapportError(NOT_INSTALLED)
    if "uthenti" in said or "denied" in said:
        raise RapportError(f"systemctl {' '.join(words)}: not allowed; run it with sudo")
    raise RapportError(f"systemctl {' '.join(words)}: {said}; see  rapport service logs")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise EngineMissing(f"{name} is not here: a service needs systemd; without it use `rapport run`")
    return found
