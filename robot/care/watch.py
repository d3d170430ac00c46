"""Watches the robot's loops by their progress, mends what hangs stage by stage, and tells systemd only of progress."""

from collections.abc import Callable, Sequence
from typing import Protocol

from robot.care.gauge import Gauge
from robot.care.ladder import REST_S, Ladder
from robot.care.notify import ServiceManager

STUCK_S = 5.0
"""A loop without progress for so long hangs. Every camera, block of sound, model and tick is a hundred times faster."""

LOOK_EVERY_S = 0.5
"""How often to look: what hangs is noticed within STUCK_S and this, well inside ten seconds."""

Note = Callable[[str, str], None]
"""Takes a severity (`info`, `warning`, `error`) and a line for the log."""


class Part(Protocol):
    """What can hang and be made anew."""

    name: str

    def trouble(self) -> str:
        """Why it hangs, in a few words; empty while it works or has nothing to do."""
        ...

    def renew(self, why: str) -> None:
        """Leave what hangs behind and begin anew."""
        ...

    def rest(self, why: str) -> None:
        """Do without it until it is renewed."""
        ...


class Recovery:
    """How one part is doing: what it was last in trouble for, how often it was renewed, until when it rests."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.ladder = Ladder()
        self.fault = ""
        self.renewals = 0
        self.rests_until_s: float | None = None


class Restarts(Protocol):
    """Remembers, beyond the end of the process, what it was ended for."""

    def may(self, part: str) -> bool:
        """True if a restart for this part is still to be had."""
        ...

    def add(self, part: str) -> None:
        """One has been used up."""
        ...


class Watch:
    """Looks after every part; `step` is called every `LOOK_EVERY_S` by a thread that does nothing else.

    `restart_for` becomes the reason when a part can only be mended by a new process. The body's loop owns the servos
    and cannot be made anew beside itself: when it hangs, systemd is asked to end the process at once.
    """

    def __init__(
        self, parts: Sequence[Part], body: Gauge, manager: ServiceManager, restarts: Restarts, note: Note
    ) -> None:
        self.recoveries = [Recovery(part) for part in parts]
        self.restart_for = ""
        self.body = body
        self._manager = manager
        self._restarts = restarts
        self._note = note
        self._pinged_s: float | None = None
        self._body_steps = -1
        self._body_hangs = False

    def step(self, now_s: float) -> None:
        """Look at everything once."""
        for recovery in self.recoveries:
            self._look_after(recovery, now_s)
        self._watch_body()
        self._ping(now_s)

    def _look_after(self, recovery: Recovery, now_s: float) -> None:
        if recovery.rests_until_s is not None:
            if now_s < recovery.rests_until_s:
                return
            recovery.rests_until_s = None
            recovery.ladder.tried(now_s)
            self._renew(recovery, "tried again after a rest")
            return
        why = recovery.part.trouble()
        if not why:
            return
        recovery.fault = why
        stage = recovery.ladder.next(now_s, self._restarts.may(recovery.part.name))
        if stage == "renew":
            self._renew(recovery, why)
        elif stage == "restart" and not self.restart_for:
            self._restarts.add(recovery.part.name)
            self.restart_for = f"{recovery.part.name}: {why}"
            self._note("error", f"{self.restart_for}; nothing else helped, so the whole robot starts again")
        elif stage == "rest":
            recovery.rests_until_s = now_s + REST_S
            recovery.part.rest(why)
            self._note("error", f"{recovery.part.name}: {why}; given up, tried again in {REST_S / 60:.0f} minutes")

    def _renew(self, recovery: Recovery, why: str) -> None:
        recovery.renewals += 1
        recovery.part.renew(why)
        self._note("warning", f"{recovery.part.name}: {why}; made anew (number {recovery.renewals})")

    def _watch_body(self) -> None:
        hangs = self.body.idle_s() > STUCK_S
        if hangs and not self._body_hangs:
            why = f"the body's loop has not moved for {self.body.idle_s():.0f} s"
            self._note("error", why)
            self._manager.give_up(why)
        self._body_hangs = hangs

    def _ping(self, now_s: float) -> None:
        """A sign of life for systemd, if the body has moved since the last one."""
        if not self._manager.ping_every_s or self.body.steps == self._body_steps:
            return
        if self._pinged_s is None or now_s - self._pinged_s >= self._manager.ping_every_s:
            self._pinged_s = now_s
            self._body_steps = self.body.steps
            self._manager.ping()
