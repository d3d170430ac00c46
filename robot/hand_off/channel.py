"""A way to call a person: one file each (webhook, mqtt, relay, lamp)."""

from typing import Protocol

from robot.errors import RapportError
from robot.hand_off.packet import Packet


class ChannelFailed(RapportError):
    """A person could not be reached on one channel just now. It is tried again."""


class Channel(Protocol):
    """One way out. Every method is called by one thread of its own, so it may take its time."""

    name: str

    def tell(self, packet: Packet) -> bool:
        """Say how far it has come; called again and again while nobody has answered. True if somebody comes.

        Raises:
            ChannelFailed: nobody can be told now; names the place and the fault.
        """
        ...

    def close(self) -> None:
        """Let go of everything. May be called twice."""
        ...
