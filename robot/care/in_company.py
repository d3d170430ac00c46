"""Tells the updater when the robot is with somebody: nothing is fetched or tested meanwhile."""

from robot.messages import Intent, Message
from robot.updates.company import Company

ALONE = frozenset({"alone", "asleep"})
"""States of the behaviour in which nobody is there."""


class InCompany:
    """Listens to every message and keeps the lock of `company` for as long as somebody is there."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._with_somebody = False

    def note(self, message: Message) -> None:
        """Take in one message."""
        if isinstance(message, Intent):
            self._with_somebody = message.state not in ALONE
        self._company.set(self._with_somebody)
