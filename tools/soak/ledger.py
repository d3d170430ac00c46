"""What became of each fault."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from robot.messages import Health, Message
from tools.soak.faults import Fault, of


class Outcome(msgspec.Struct, frozen=True):
    """A fault, after how many seconds it showed in the robot's health (None: never), and when it was over for good.

    The part must work again `by_s` on the robot's clock: in time for this fault, and where it was still down for an
    earlier one, as while it rests, in time for that.
    """

    fault: Fault
    shown_after_s: float | None
    well_after_s: float | None
    by_s: float

    @property
    def recovered(self) -> bool:
        """True if the part worked again in time."""
        return self.well_after_s is not None and self.fault.to_s + self.well_after_s <= self.by_s


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

    @property
    def all_well(self) -> bool:
        """True while every part that was heard of works."""
        return all(changes[-1][1] for changes in self._changes.values())

    def outcomes(self, faults: Sequence[Fault]) -> list[Outcome]:
        """What became of each fault; those of one part in the order of time."""
        return [self._outcome(fault, of(faults, fault.part)) for fault in faults]

    def _outcome(self, fault: Fault, of_the_part: Sequence[Fault]) -> Outcome:
        changes = self._changes[fault.part]
        by_s = max(fault.recovered_by_s, self._still_down_by_s(fault, of_the_part))
        shown_s = next((at_s for at_s, well in changes if at_s >= fault.from_s and not well), None)
        shown = None if shown_s is None or shown_s > by_s else shown_s - fault.from_s
        if _well_at(changes, fault.to_s):
            return Outcome(fault, shown, 0.0, by_s)
        well_s = next((at_s for at_s, well in changes if at_s >= fault.to_s and well), None)
        return Outcome(fault, shown, None if well_s is None else well_s - fault.to_s, by_s)

    def _still_down_by_s(self, fault: Fault, of_the_part: Sequence[Fault]) -> float:
        """When the part must work again for the fault that it is down for as this one begins; 0 if it works then."""
        changes = [change for change in self._changes[fault.part] if change[0] <= fault.from_s]
        if not changes or changes[-1][1]:
            return 0.0
        down_s = changes[-1][0]
        return max((earlier.recovered_by_s for earlier in of_the_part if earlier.from_s <= down_s), default=0.0)


def _well_at(changes: Sequence[tuple[float, bool]], t_s: float) -> bool:
    before = [well for at_s, well in changes if at_s <= t_s]
    return before[-1] if before else True
