"""Calls on all channels at once, each at its own pace, and takes the first answer.

Threads: `note` is called by the robot's loop and returns at once; each channel has a thread of its own, so that a slow
webhook delays neither the lamp nor the robot.
"""

import secrets
import threading
from collections.abc import Callable, Sequence

from robot.called import HandOff
from robot.hand_off.channel import Channel, ChannelFailed
from robot.hand_off.packet import Packet, packet_of
from robot.hand_off.relay import CALLING
from robot.messages import Intent, Message

AGAIN_S = 15.0
"""How often a call that nobody has answered is repeated on each channel, and a channel that failed is tried again."""


class Desk:
    """Listens to the robot and calls. `coming` is told, from any thread, that somebody has answered."""

    def __init__(
        self, robot: str, channels: Sequence[Channel], coming: Callable[[], None], again_s: float = AGAIN_S
    ) -> None:
        self._robot = robot
        self._run = secrets.token_hex(3)
        self._call = 0
        self._last = "unneeded"
        self._callers = [_Caller(channel, coming, again_s) for channel in channels]

    def note(self, message: Message) -> None:
        """Take in a message of the robot; only a hand-off that came further matters."""
        if isinstance(message, Intent) and message.hand_off is not None:
            self.tell(message.hand_off)

    def tell(self, hand_off: HandOff) -> None:
        """Hand a step of a hand-off to every channel. An offer concerns nobody outside."""
        if hand_off.state == "offered":
            return
        if hand_off.state == "calling":
            self._call += 1
        if hand_off.state != "unneeded" or self._last != "unneeded":
            packet = packet_of(f"{self._run}-{self._call}", self._robot, hand_off)
            for caller in self._callers:
                caller.put(packet)
        self._last = hand_off.state

    @property
    def faults(self) -> dict[str, str]:
        """Channel to what is wrong with it now; empty when all work."""
        return {caller.name: caller.fault for caller in self._callers if caller.fault}

    @property
    def state(self) -> str:
        """As a part in `robot.messages.Health`: `lost` when no channel works, `off` when there is none."""
        if not self._callers:
            return "off"
        return "lost" if all(caller.fault for caller in self._callers) else "ok"

    def close(self) -> None:
        """Stop calling and let every channel go."""
        for caller in self._callers:
            caller.stop()


class _Caller:
    """One channel and its thread."""

    def __init__(self, channel: Channel, coming: Callable[[], None], again_s: float) -> None:
        self.name = channel.name
        self.fault = ""
        self._channel = channel
        self._coming = coming
        self._again_s = again_s
        self._news = threading.Condition()
        self._packets: list[Packet] = []
        self._now: Packet | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=f"hand-off {channel.name}", daemon=True)
        self._thread.start()

    def put(self, packet: Packet) -> None:
        with self._news:
            self._packets = [*self._packets[-7:], packet]  # a channel that is stuck for long misses old steps
            self._news.notify()

    def stop(self) -> None:
        with self._news:
            self._stopped = True
            self._news.notify()
        self._thread.join(timeout=2.0)
        self._channel.close()

    def _run(self) -> None:
        while self._wait():
            packet = self._now
            if packet is None:
                continue
            try:
                answered = self._channel.tell(packet)
            except ChannelFailed as error:
                self.fault = str(error)
                continue
            except Exception as error:  # noqa: BLE001 - a call for help must outlive whatever a channel does
                self.fault = f"{self.name}: {type(error).__name__}: {error}"
                continue
            self.fault = ""
            if answered and packet.state in CALLING and not self._packets:
                self._coming()

    def _wait(self) -> bool:
        """Until there is a step to tell, or it is time to tell the last one again; False once stopped."""
        with self._news:
            open_end = self._now is None or (self._now.state not in CALLING and not self.fault)
            if not self._packets and not self._stopped:
                self._news.wait(None if open_end else self._again_s)
            if self._packets:
                self._now = self._packets.pop(0)
            return not self._stopped
