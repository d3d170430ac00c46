"""A relay that is closed while a person is called: a bell, a pager, the call system of a ward."""

from hardware.ports import Contact
from robot.hand_off.packet import Packet

CALLING = frozenset({"calling", "unanswered"})
"""The states in which somebody is wanted and has not answered."""


class Relay:
    """Closed from the call to the answer. It cannot hear one: that comes over another channel, or a button."""

    name = "relay"

    def __init__(self, contact: Contact) -> None:
        self._contact = contact

    def tell(self, packet: Packet) -> bool:
        """Switch the contact."""
        self._contact.switch("closed" if packet.state in CALLING else "open")
        return False

    def close(self) -> None:
        """Open, and the pin is free."""
        self._contact.close()
