"""The fleet's broker gets the packet; whoever watches there answers with a command (docs/reference/fleet.md)."""

from collections.abc import Callable

from robot.hand_off.channel import ChannelFailed
from robot.hand_off.packet import Packet


class Mqtt:
    """Publishes through the link that the fleet has anyway; the answer comes in as a command."""

    name = "mqtt"

    def __init__(self, publish: Callable[[bytes], bool]) -> None:
        self._publish = publish

    def tell(self, packet: Packet) -> bool:
        """Publish; the broker keeps the last packet for whoever comes later.

        Raises:
            ChannelFailed: the broker is not connected. The packet goes out when it is.
        """
        if not self._publish(packet.encode()):
            raise ChannelFailed("mqtt: the broker is not connected; the packet goes out when it is")
        return False

    def close(self) -> None:
        """The link is closed by the fleet."""
