"""What the person called gets: which robot, how far it has come, and one line of reason. Nobody's words or name."""

import msgspec

from robot.called import HandOff


class Packet(msgspec.Struct, frozen=True, tag=True, tag_field="type"):
    """One hand-off as it goes out.

    `id` stays the same for one call and is no other call's, so that a packet that comes twice is not taken for two, nor
    a call after a restart for one from before; `state` and `reason` are
    those of `robot.called.HandOff`.
    """

    id: str
    robot: str
    state: str
    reason: str

    def encode(self) -> bytes:
        """One JSON object."""
        return msgspec.json.encode(self)


def packet_of(call: str, robot: str, hand_off: HandOff) -> Packet:
    """The packet of `call`, which no other call of this robot is named."""
    return Packet(f"{robot}-{call}", robot, hand_off.state, hand_off.reason)
