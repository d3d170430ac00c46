"""When sorrow, fear or anger comes back or stays, a machine is not enough: when to offer to fetch a person."""

from robot.config import BehaviourSettings
from robot.mind.reasons import Cause

DISTRESSED: frozenset[str] = frozenset({"comforting", "calming"})
"""The states that answer distress."""

OFFER_AGAIN_S = 300.0
"""An offer to fetch somebody is not made again sooner; asked every minute it would be pressure."""


class Distress:
    """Counts the spells of distress of one visit. Pure state, stepped by the behaviour."""

    def __init__(self, settings: BehaviourSettings) -> None:
        self.settings = settings
        self._offered_s = float("-inf")
        self._state = "alone"
        self.forget()

    def forget(self) -> None:
        """The visit is over: what was distressing is kept no longer."""
        self._spells: list[str] = []
        self._since_s = 0.0

    def step(self, t_s: float, state: str, state_id: str) -> tuple[str, Cause, tuple[str, ...]] | None:
        """Why to offer a person now, in words and as a cause, with the ids of the reasons behind it; None: not due."""
        before, self._state = self._state, state
        if state in ("alone", "asleep"):
            self.forget()
            return None
        if state not in DISTRESSED:
            return None
        if before not in DISTRESSED:
            self._spells.append(state_id)
            self._since_s = t_s
        often, lasting_s = len(self._spells), t_s - self._since_s
        settings = self.settings
        if often < settings.fetch_after_times and lasting_s < settings.fetch_after_s:
            return None
        if t_s - self._offered_s < OFFER_AGAIN_S:
            return None
        because = tuple(self._spells)
        self._offered_s, self._since_s = t_s, t_s
        self._spells = []
        if often >= settings.fetch_after_times and often > 1:
            return f"you have seemed troubled {often} times in this visit", Cause("troubled_times", often), because
        return f"you have seemed troubled for {lasting_s:.0f} s", Cause("troubled_for", lasting_s), because
