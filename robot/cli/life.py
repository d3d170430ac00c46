"""A life of the robot from the command line: builds it, shows it, runs it at the wanted pace, and ends it cleanly."""

import argparse
import os
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hardware.clock import Clock, MonotonicClock, SteppedClock, boot_s
from robot.assembly import assemble, describe_run
from robot.care.in_company import InCompany
from robot.care.logbook import FileLines, JournalLines, Logbook
from robot.care.model_note import ModelNote
from robot.care.notify import ServiceManager
from robot.care.places import runtime_folder
from robot.caretaker import Caretaker
from robot.cli.models_store import store_folder, store_in
from robot.cli.options import with_changes
from robot.cli.outfit import Wish, devices_for
from robot.cli.outside import open_outside
from robot.cli.persona_watch import PersonaWatch
from robot.cli.signals import stopped_by_signal
from robot.cli.status_line import StatusLine
from robot.companion import Companion, Listener
from robot.config import Config
from robot.consent import Ladder
from robot.control import Control, control_path
from robot.errors import ConfigError, EngineMissing
from robot.memory.place import open_memory
from robot.memory.remembrance import Remembrance
from robot.messages import Message
from robot.models_in_use import Updates
from robot.pace import run_real, run_stepped
from robot.policy import permission_for
from robot.report import Report, Run
from robot.requests import Requests
from robot.trace import Trace, forget_trace, may_trace, trace_path
from robot.updates.company import Company

if TYPE_CHECKING:  # a web server is imported only where there is a page
    from robot.cli.page import Page


@dataclass(frozen=True)
class Manners:
    """How a life behaves towards whoever started it.

    A `service` forgives a device that is absent from the start, speaks to systemd's journal, and offers its page to the
    screen. `ready` is called once the robot is awake and returns what is to be warned of, or nothing;
    `chore` every few seconds with the seconds since the computer's start.
    """

    service: bool = False
    warnings: tuple[str, ...] = ()
    ready: Callable[[], str] | None = None
    chore: Callable[[float], None] | None = None


def live(options: argparse.Namespace, config: Config, page: bool, manners: Manners = Manners()) -> int:
    """Run the robot as the options say, until it is told to stop or its inputs end; returns the exit code.

    Raises:
        RapportError: something the person can mend: a source, a file, the configuration, the port.
    """
    config = _with_options(config, options)
    wish = Wish(options.camera or config.sources.camera, options.microphone or config.sources.microphone)
    _check(options, config, wish, page)
    stepped = options.pace == "max"
    clock: SteppedClock | MonotonicClock = SteppedClock() if stepped else MonotonicClock()
    _say_language(config)
    with ExitStack() as stack:
        shown = _open_page(config, clock, stack, manners) if page or wish.of_browser() else None
        listeners: list[Listener] = []
        requests = Requests(config.robot.language)
        if shown is not None:  # before the robot is built: a page may ask at once, and a mute must never be lost
            shown.hub.requested = requests.ask
            shown.hub.typed = requests.typed.put
        memory = None if stepped else _open_memory(config, stack)
        companion = assemble(
            config,
            devices_for(wish, config, clock, shown),
            clock,
            lambda message: _tell(listeners, message),
            at_once=stepped,
            awake=stepped or options.report is not None,  # a report begins with the models in use
            forgiving=manners.service,
            watch=shown.watch if shown else None,
            updates=Updates(store_in(store_folder(config)), candidates=not stepped),
            memory=memory,
            requests=requests,
            overhear=shown.hub.words if shown else None,
        )
        stack.callback(companion.close)
        listeners += _listeners(options, shown, lambda: companion.faults, stack)
        if shown is not None:
            say = partial(print, "persona:", file=sys.stderr, flush=True)
            listeners.append(PersonaWatch(config.robot.persona, companion.adopt, say).note)
        run = describe_run(config, companion, wish.camera, wish.microphone)
        if options.report is not None:
            # Only now: a robot that cannot start leaves no report behind.
            report = stack.enter_context(Report(options.report))
            report.write(run)
            listeners.append(report.write)
        tick_s = 1.0 / config.motion.tick_hz
        with stopped_by_signal() as stop:
            if isinstance(clock, SteppedClock):
                _say_faults(companion)
                run_stepped(companion, clock, tick_s, options.duration, stop)
            else:
                manners = replace(manners, ready=partial(_awake, companion, manners.ready))
                _keep_trace(partial(describe_run, config, companion, wish.camera, wish.microphone), listeners, stack)
                listeners.append(stack.enter_context(Control(control_path(), companion.requests)).note)
                listeners += open_outside(config, run.version, companion, memory, stack)
                listeners += _for_updates(config, companion, stack)
                caretaker = _caretaker(companion, run, clock, options.log, wish, manners, shown, stack)
                listeners.append(caretaker.hear)
                run_real(companion, clock, tick_s, options.duration, stop, caretaker.supervise)
    return 0


def _awake(companion: Companion, ready: Callable[[], str] | None) -> str:
    """What is done once every sense is there, or is known not to be."""
    _say_faults(companion)
    return "" if ready is None else ready()


def _say_faults(companion: Companion) -> None:
    for fault in filter(None, (keeper.fault for keeper in companion.keepers)):
        print(f"rapport: {fault}; going on without it", file=sys.stderr)


def _say_language(config: Config) -> None:
    """Speech is understood in English only, whatever the robot speaks."""
    if config.robot.language != "en" and config.hearing.words != "off":
        print(
            "rapport: speech is understood in English only (commands too); type on the page in its own language",
            file=sys.stderr,
        )


def _caretaker(
    companion: Companion,
    run: Run,
    clock: MonotonicClock,
    log: Path | None,
    wish: Wish,
    manners: Manners,
    page: "Page | None",
    stack: ExitStack,
) -> Caretaker:
    """Who looks after this life: its watch, its status, its log, its line to systemd."""
    folder = runtime_folder()
    caretaker = Caretaker(
        companion,
        run,
        clock,
        ServiceManager.of_environment(os.environ, os.getpid()),
        Logbook(_log_writer(log, manners, stack), clock),
        folder,
        wish.live(),
        ready=manners.ready,
        warnings=manners.warnings,
        chore=partial(_chores, page, folder, manners) if manners.service else None,
    )
    stack.callback(caretaker.close)
    return caretaker


def _chores(page: "Page | None", folder: Path, manners: Manners) -> None:
    if page is not None:
        page.offer(folder)
    if manners.chore is not None:
        manners.chore(boot_s())


def _log_writer(log: Path | None, manners: Manners, stack: ExitStack) -> Callable[[str, str], None]:
    if log is not None:
        file = FileLines(log)
        stack.callback(file.close)
        return file.write
    return JournalLines(sys.stderr).write if manners.service else lambda _severity, _line: None


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


def _open_page(config: Config, clock: Clock, stack: ExitStack, manners: Manners) -> "Page":
    from robot.cli.page import Page  # noqa: PLC0415  see above

    allowed = permission_for(config.robot)
    page = Page(config.server, clock, takes_source=allowed.camera or allowed.microphone)
    address = page.start()
    stack.callback(page.stop)
    if manners.service:
        return page
    print(f"Rapport is awake. Open this address in a browser (it works once):\n\n  {address}\n", flush=True)
    print("Ctrl-C ends it. Everything stays on this computer; no picture and no sound is stored.", flush=True)
    if sys.stdin is not None and sys.stdin.isatty():
        print("Enter prints another address, for another browser.", flush=True)
        threading.Thread(target=_offer_addresses, args=(page,), name="addresses", daemon=True).start()
    return page


def _offer_addresses(page: "Page") -> None:
    for _line in sys.stdin:
        print(f"\n  {page.fresh_address()}\n", flush=True)


def _listeners(
    options: argparse.Namespace, page: "Page | None", faults: Callable[[], dict[str, str]], stack: ExitStack
) -> list[Listener]:
    listeners: list[Listener] = []
    if page is not None:
        listeners.append(page.hub.publish)
    if not options.quiet:
        line = StatusLine(sys.stdout, sys.stdout.isatty(), faults)
        stack.callback(line.close)
        listeners.append(line.show)
    return listeners


def _open_memory(config: Config, stack: ExitStack) -> Remembrance | None:
    """Where the place lets people be remembered; nothing is made on the disk before somebody on that rung is there."""
    ladder = Ladder(config.robot)
    if ladder.ceiling != "remember":
        return None
    try:
        memory = open_memory(config.memory)
    except EngineMissing:
        if ladder.rung == "remember":
            raise
        return None  # should somebody allow it later, they hear that nobody is remembered here
    stack.callback(memory.close)
    return memory


def _keep_trace(describe: Callable[[], Run], listeners: list[Listener], stack: ExitStack) -> None:
    """For `rapport why`; where feelings may not be read, not even an earlier trace stays."""
    if not may_trace(describe().config.robot):
        forget_trace(trace_path())
    listeners.append(stack.enter_context(Trace(trace_path(), describe)).note)


def _for_updates(config: Config, companion: Companion, stack: ExitStack) -> list[Listener]:
    """What tells the updater when somebody is there, and `rapport models status` how a trial goes."""
    folder = store_folder(config)
    note = ModelNote(runtime_folder(), folder, companion.models.in_use)
    stack.callback(note.close)
    return [InCompany(Company(folder)).note, note.note]


def _tell(listeners: list[Listener], message: Message) -> None:
    for listener in listeners:
        listener(message)
