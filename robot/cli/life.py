"""A life of the robot from the command line: builds it, shows it, runs it at the wanted pace, and ends it cleanly."""

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from hardware.clock import Clock, MonotonicClock, SteppedClock
from robot.assembly import assemble, describe_run
from robot.cli.models_store import store_folder, store_in
from robot.cli.options import with_changes
from robot.cli.outfit import Wish, devices_for
from robot.cli.outside import open_outside
from robot.cli.page import Page
from robot.cli.status_line import StatusLine
from robot.companion import Listener
from robot.config import Config
from robot.errors import ConfigError
from robot.messages import Message
from robot.models_in_use import Updates
from robot.pace import run_real, run_stepped
from robot.policy import permission_for
from robot.report import Report, Run
from robot.trace import Trace, forget_trace, may_trace, trace_path


def live(options: argparse.Namespace, config: Config, page: bool) -> int:
    """Run the robot as the options say, until it is told to stop or its inputs end; returns the exit code.

    Raises:
        RapportError: something the person can mend: a source, a file, the configuration, the port.
    """
    config = _with_options(config, options)
    wish = Wish(options.camera, options.microphone)
    _check(options, config, wish, page)
    stepped = options.pace == "max"
    clock: SteppedClock | MonotonicClock = SteppedClock() if stepped else MonotonicClock()
    with ExitStack() as stack:
        shown = _open_page(config, clock, stack) if page or wish.of_browser() else None
        listeners: list[Listener] = []
        companion = assemble(
            config,
            devices_for(wish, config, clock, shown),
            clock,
            lambda message: _tell(listeners, message),
            at_once=stepped,
            watch=shown.watch if shown else None,
            updates=Updates(store_in(store_folder(config)), candidates=not stepped),
        )
        stack.callback(companion.close)
        listeners += _listeners(options, shown, stack)
        run = describe_run(config, companion, wish.camera, wish.microphone)
        if options.report is not None:
            # Only now: a robot that cannot start leaves no report behind.
            report = stack.enter_context(Report(options.report))
            report.write(run)
            listeners.append(report.write)
        if not stepped:
            _keep_trace(run, listeners, stack)
            listeners += open_outside(config, run.version, companion, stack)
        tick_s = 1.0 / config.motion.tick_hz
        with _stopped_by_signal() as stop:
            if isinstance(clock, SteppedClock):
                run_stepped(companion, clock, tick_s, options.duration, stop)
            else:
                run_real(companion, clock, tick_s, options.duration, stop)
    return 0


def _with_options(config: Config, options: argparse.Namespace) -> Config:
    body = {"kind": options.body, "board": options.board}
    config = with_changes(config, "body", {key: value for key, value in body.items() if value is not None})
    return with_changes(config, "server", {} if options.port is None else {"port": options.port})


def _check(options: argparse.Namespace, config: Config, wish: Wish, page: bool) -> None:
    if options.duration is not None and not 0 < options.duration < float("inf"):
        raise ConfigError(f"--duration {options.duration}: must be more than 0 seconds")
    if {wish.camera, wish.microphone} == {"none"} and options.duration is None and not page:
        raise ConfigError("nothing to see or hear; name a --camera or a --microphone (see `rapport run --help`)")
    live_sources = [source for source in (wish.camera, wish.microphone) if not source.startswith(("file:", "none"))]
    if options.pace == "max" and live_sources:
        raise ConfigError(f"--pace max needs files, not {live_sources[0]!r}; use --pace real")
    if options.pace == "max" and options.duration is None and wish.never_ends():
        raise ConfigError(f"{wish.camera} is a still picture and never ends; add --duration SECONDS to --pace max")
    if options.pace == "max" and config.body.kind == "pi":
        raise ConfigError("--pace max would drive real servos faster than time; use --body virtual or --pace real")


def _open_page(config: Config, clock: Clock, stack: ExitStack) -> Page:
    allowed = permission_for(config.robot)
    page = Page(config.server, clock, takes_source=allowed.camera or allowed.microphone)
    address = page.start()
    stack.callback(page.stop)
    print(f"Rapport is awake. Open this address in a browser (it works once):\n\n  {address}\n", flush=True)
    print("Ctrl-C ends it. Everything stays on this computer; no picture and no sound is stored.", flush=True)
    if sys.stdin is not None and sys.stdin.isatty():
        print("Enter prints another address, for another browser.", flush=True)
        threading.Thread(target=_offer_addresses, args=(page,), name="addresses", daemon=True).start()
    return page


def _offer_addresses(page: Page) -> None:
    for _line in sys.stdin:
        print(f"\n  {page.fresh_address()}\n", flush=True)


def _listeners(options: argparse.Namespace, page: Page | None, stack: ExitStack) -> list[Listener]:
    listeners: list[Listener] = []
    if page is not None:
        listeners.append(page.hub.publish)
    if not options.quiet:
        line = StatusLine(sys.stdout, live=sys.stdout.isatty())
        stack.callback(line.close)
        listeners.append(line.show)
    return listeners


def _keep_trace(run: Run, listeners: list[Listener], stack: ExitStack) -> None:
    """For `rapport why`; where feelings may not be read, not even an earlier trace stays."""
    if not may_trace(run.config.robot):
        forget_trace(trace_path())
        return
    listeners.append(stack.enter_context(Trace(trace_path(), run)).note)


def _tell(listeners: list[Listener], message: Message) -> None:
    for listener in listeners:
        listener(message)


@contextmanager
def _stopped_by_signal() -> Iterator[threading.Event]:
    """Ctrl-C and SIGTERM ask the robot to stop, so that servos are released and the report is finished."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    kept = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
