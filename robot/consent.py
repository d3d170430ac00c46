"""The ladder of consent while the robot runs: off, presence, feelings, remember; who may move it, and how far up.

Anybody may step down, in any way, at any time, and that holds at once. A step up needs a person who does something on
purpose: presses a button of the body or the page, types a command, or says yes when asked aloud. The place is a ceiling
that no step reaches beyond.
"""

from collections.abc import Iterable

from robot.config import RobotSettings
from robot.messages import Consent, Request, Rung, Signal
from robot.policy import NO_FEELINGS_PLACES, Permission, permission_for

RUNGS: tuple[Rung, ...] = ("off", "presence", "feelings", "remember")
"""Lowest first."""

DELIBERATE = frozenset({"voice", "page", "command", "board"})
"""The ways of asking that are an act of a person in front of the robot or at its machine. A gesture may be chance, and
who asks from afar is not the one who is seen."""


class Ladder:
    """The rung that the robot stands on. Pure: the same requests give the same rungs."""

    def __init__(self, settings: RobotSettings) -> None:
        self._settings = settings
        self.rung: Rung = _under(settings.consent, self.ceiling)

    @property
    def ceiling(self) -> Rung:
        """The highest rung that this place allows."""
        return "presence" if self._settings.place in NO_FEELINGS_PLACES else "remember"

    @property
    def allowed(self) -> Permission:
        """What may exist on this rung, in this place."""
        return permission_for(self._settings, self.rung)

    def follow(self, t_s: float, signals: Iterable[Signal]) -> tuple[Consent, ...]:
        """Move as the requests among `signals` ask; one answer for each of them, also where nothing changes."""
        return tuple(
            self._answer(t_s, signal) for signal in signals if isinstance(signal, Request) and signal.what == "consent"
        )

    def _answer(self, t_s: float, request: Request) -> Consent:
        before = self.rung
        wanted = next((rung for rung in RUNGS if rung == request.value), before)
        refused = ""
        if _higher(wanted, before) and not may_raise(request):
            refused = "person"
        elif _higher(wanted, self.ceiling):
            refused = "place"
        if refused != "person":
            self.rung = _under(wanted, self.ceiling)
        return Consent(
            t_s=round(t_s, 6), rung=self.rung, before=before, ceiling=self.ceiling, because=request.id, refused=refused
        )


def may_raise(request: Request) -> bool:
    """True if this way of asking is an act of a person who is here: only that lets the robot do more."""
    return request.by in DELIBERATE


def lowered(signals: Iterable[Signal]) -> bool:
    """True if one of `signals` says that the robot stands lower than before: what was noted is to be forgotten."""
    return any(isinstance(signal, Consent) and _higher(signal.before, signal.rung) for signal in signals)


def _higher(rung: Rung, other: Rung) -> bool:
    return RUNGS.index(rung) > RUNGS.index(other)


def _under(rung: Rung, ceiling: Rung) -> Rung:
    return ceiling if _higher(rung, ceiling) else rung
