"""Looks after one life of the robot: watches its loops, tells systemd, keeps its status and its log."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from hardware.clock import Clock, boot_s
from robot.care.crew import Crew
from robot.care.gauge import Gauge
from robot.care.heap import GIVE_BACK_EVERY_S, give_back_freed, share_arenas
from robot.care.logbook import Logbook
from robot.care.notify import ServiceManager
from robot.care.restarts import RestartBook
from robot.care.status import WRITE_EVERY_S, PartStatus, Status, forget_status, memory_mb, write_status
from robot.care.watch import Recovery, Watch
from robot.companion import Companion
from robot.messages import BodyPose, Health, Message
from robot.report import Run
from robot.supervision import parts_to_watch

HOT_LOOKS = 0.5
"""Share of its looks that a robot with a hot processor takes: sight is the largest part of its work."""


class Caretaker:
    """One for each run in real time. `hear` is called by the body's thread, `step` by the watch's own.

    `live` names the devices whose silence is a fault. `ready` is called once the face lives and the senses are awake,
    and says what went wrong with that, or nothing; `chore` is done every few seconds.
    """

    def __init__(
        self,
        companion: Companion,
        run: Run,
        clock: Clock,
        manager: ServiceManager,
        logbook: Logbook,
        folder: Path,
        live: frozenset[str],
        ready: Callable[[], str] | None = None,
        warnings: tuple[str, ...] = (),
        chore: Callable[[], None] | None = None,
    ) -> None:
        self._companion = companion
        self._run = run
        self._clock = clock
        self._manager = manager
        self._log = logbook
        self._folder = folder
        self._live = live
        self._on_ready = ready
        self._warnings = warnings
        self._chore = chore
        self._watch: Watch | None = None
        self._lives = False
        self._parts: Mapping[str, str] = {}
        self._written_s = float("-inf")
        self._given_back_s = 0.0
        self._trouble_writing = ""

    def hear(self, message: Message) -> None:
        """Take one message into account."""
        if isinstance(message, BodyPose) and not self._lives and self._companion.lookout.awake:
            self._lives = True
            self._come_alive()
        elif isinstance(message, Health):
            self._on_health(message)

    def supervise(self, crew: Crew, body: Gauge) -> Self:
        """Begin to watch the threads of the senses and the loop of the body."""
        share_arenas()
        parts = parts_to_watch(self._companion, crew, self._live)
        restarts = RestartBook(self._folder, boot_s, self._manager.present)
        self._watch = Watch(parts, body, self._manager, restarts, self._log.note)
        return self

    @property
    def restart_for(self) -> str:
        """Why only a new process helps; empty while none is needed."""
        return self._watch.restart_for if self._watch is not None else ""

    @property
    def renewals(self) -> dict[str, int]:
        """How often each part was made anew."""
        recoveries = self._watch.recoveries if self._watch is not None else []
        return {recovery.part.name: recovery.renewals for recovery in recoveries}

    def step(self, now_s: float) -> None:
        """Look after everything once."""
        if self._watch is None:
            return
        self._watch.step(now_s)
        if now_s - self._given_back_s >= GIVE_BACK_EVERY_S:
            self._given_back_s = now_s
            give_back_freed()
        if now_s - self._written_s >= WRITE_EVERY_S:
            self._written_s = now_s
            self._write(self._watch)
            self._manager.status(self._in_a_line())
            if self._chore is not None:
                self._chore()

    def close(self) -> None:
        """The robot ends, as it was told to or because its inputs have ended."""
        self._manager.stopping()
        self._log.note("info", f"the robot ends after {self._clock.now_s():.0f} s")
        forget_status(self._folder)

    def _come_alive(self) -> None:
        if self._watch is not None:  # whoever hears that it is ready may ask at once how it is
            self._write(self._watch)
        self._manager.ready(self._in_a_line())
        self._log.note(
            "info",
            f"Rapport {self._run.version} lives: camera {self._run.camera}, microphone {self._run.microphone}, "
            f"body {self._run.body}, place {self._run.config.robot.place}",
        )
        for warning in (*self._warnings, self._on_ready() if self._on_ready is not None else ""):
            if warning:
                self._log.note("warning", warning)

    def _on_health(self, health: Health) -> None:
        faults = self._companion.faults
        for part, state in health.parts.items():
            before = self._parts.get(part, "ok")
            if state != before and {state, before} != {"ok", "off"}:
                severity = "info" if state in {"ok", "off"} else "warning"
                why = f": {faults[part]}" if faults.get(part) and severity == "warning" else ""
                self._log.note(severity, f"{part} {state}{why}")
        self._parts = health.parts
        self._companion.lookout.share_of_looks = HOT_LOOKS if health.parts.get("processor") == "hot" else 1.0

    def _write(self, watch: Watch) -> None:
        trouble = write_status(self._folder, self._status(watch))
        if trouble and trouble != self._trouble_writing:
            self._log.note("warning", f"the status cannot be written: {trouble}")
        self._trouble_writing = trouble

    def _status(self, watch: Watch) -> Status:
        now_s = self._clock.now_s()
        return Status(
            version=self._run.version,
            pid=os.getpid(),
            kind="robot",
            monotonic_s=boot_s(),
            up_s=round(now_s, 1),
            parts=dict(self._parts),
            faults={part: fault for part, fault in self._companion.faults.items() if fault},
            watched=[_part_status(recovery, now_s) for recovery in watch.recoveries],
            body_idle_s=round(watch.body.idle_s(), 3),
            models=self._companion.models.identities(),
            camera=self._run.camera,
            microphone=self._run.microphone,
            body=self._run.body,
            memory_mb=round(memory_mb(), 1),
            log_lines_left_out=self._log.left_out,
            warnings=list(self._warnings),
        )

    def _in_a_line(self) -> str:
        ailing = [f"{part} {state}" for part, state in self._parts.items() if state not in {"ok", "off"}]
        return ", ".join(ailing) or "everything works"


def _part_status(recovery: Recovery, now_s: float) -> PartStatus:
    rests_s = 0.0 if recovery.rests_until_s is None else max(0.0, recovery.rests_until_s - now_s)
    return PartStatus(recovery.part.name, recovery.renewals, recovery.fault, round(rests_s, 1))
