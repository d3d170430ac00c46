"""A lamp for whoever looks after the robot: blinking while a person is called, steady once one comes, else dark."""

from hardware.ports import Contact, ContactState
from robot.hand_off.packet import Packet

LIGHTS: dict[str, ContactState] = {"calling": "blinking", "unanswered": "blinking", "coming": "closed"}


class Lamp:
    """It cannot hear an answer: that comes over another channel, or a button."""

    name = "lamp"

    def __init__(self, contact: Contact) -> None:
        self._contact = contact
        self._shown: ContactState = "open"

    def tell(self, packet: Packet) -> bool:
        """Show how far it has come."""
        light = LIGHTS.get(packet.state, "open")
        if light != self._shown:  # told again, it must not blink out of step
            self._shown = light
            self._contact.switch(light)
        return False

    def close(self) -> None:
        """Dark, and the pin is free."""
        self._contact.close()
