"""What became of each fault."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from robot.messages import Health, Message
from tools.soak.faults import Fault


class Outcome(msgspec.Struct, frozen=True):
    """A fault, after how many seconds it showed in the robot's health (None: never), and when it was over for good."""

    fault: Fault
    shown_after_s: float | None
    well_after_s: float | None

    @property
    def recovered(self) -> bool:
        """True if the part worked again in time."""
        return self.well_after_s is not None and self.fault.to_s + self.well_after_s <= self.fault.recovered_by_s


class Ledger:
    """Listens to the robot's health."""

    def __init__(self) -> None:
        self._changes: dict[str, list[tuple[float, bool]]] = defaultdict(list)

    def hear(self, message: Message) -> None:
        """Take one message into account."""
        if isinstance(message, Health):
            for part, state in message.parts.items():
                changes = self._changes[part]
                if not changes or changes[-1][1] != (state == "ok"):
                    changes.append((message.t_s, state == "ok"))

    def outcomes(self, faults: Sequence[Fault]) -> list[Outcome]:
        """What became of each fault."""
        return [self._outcome(fault) for fault in faults]

    def _outcome(self, fault: Fault) -> Outcome:
        changes = self._changes[fault.part]
        shown_s = next((at_s for at_s, well in changes if at_s >= fault.from_s and not well), None)
        shown = None if shown_s is None or shown_s > fault.recovered_by_s else shown_s - fault.from_s
        if _well_at(changes, fault.to_s):
            return Outcome(fault, shown, 0.0)
        well_s = next((at_s for at_s, well in changes if at_s >= fault.to_s and well), None)
        return Outcome(fault, shown, None if well_s is None else well_s - fault.to_s)


def _well_at(changes: Sequence[tuple[float, bool]], t_s: float) -> bool:
    before = [well for at_s, well in changes if at_s <= t_s]
    return before[-1] if before else True
