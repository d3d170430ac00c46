"""What the robot tells systemd: that it lives, how it is, that it gets on (sd_notify(3), sd_watchdog_enabled(3)).

The protocol is one datagram of `NAME=value` lines to the socket that $NOTIFY_SOCKET names, so no library is needed.
Outside systemd there is no such socket, and everything here does nothing.
"""

import socket
from collections.abc import Mapping
from typing import Self

PINGS_A_LIMIT = 4
"""So many signs of life in the time that systemd waits for one: a single late one harms nobody."""


class ServiceManager:
    """The line to systemd. `ping_every_s` is 0 where no watchdog waits for pings."""

    def __init__(self, address: str = "", watchdog_s: float = 0.0) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.ping_every_s = watchdog_s / PINGS_A_LIMIT
        self._ready = False
        self._status = ""

    @classmethod
    def of_environment(cls, environment: Mapping[str, str], pid: int) -> Self:
        """As systemd set it up: $NOTIFY_SOCKET, and $WATCHDOG_USEC if $WATCHDOG_PID means this process or is absent.

        A number that is none counts as no watchdog.
        """
        limit = environment.get("WATCHDOG_USEC", "")
        meant = environment.get("WATCHDOG_PID", str(pid)) == str(pid)
        watchdog_s = int(limit) / 1e6 if meant and limit.isdecimal() else 0.0
        return cls(environment.get("NOTIFY_SOCKET", ""), watchdog_s)

    @property
    def present(self) -> bool:
        """True under systemd: somebody restarts the robot when it ends with an error."""
        return self._address != ""

    def ready(self, status: str) -> None:
        """The robot lives. Told once."""
        if not self._ready:
            self._ready = True
            self._status = status
            self._tell("READY=1", f"STATUS={status}")

    def status(self, status: str) -> None:
        """How it is, in one line for `systemctl status`; told when it has changed."""
        if status != self._status:
            self._status = status
            self._tell(f"STATUS={status}")

    def ping(self) -> None:
        """It has made progress. Not told before it is ready: the first of these sets systemd's watchdog going."""
        if self._ready:
            self._tell("WATCHDOG=1")

    def give_up(self, status: str) -> None:
        """It hangs: systemd is to end it at once and start it again."""
        self._tell(f"STATUS={status}", "WATCHDOG=trigger")

    def stopping(self) -> None:
        """It is ending, because it was told to or because its inputs have ended."""
        self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        # A line break in a value would begin another variable.
        text = "\n".join(" ".join(line.splitlines()) for line in lines)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            try:
                line.setblocking(False)
                line.connect(self._address)
                line.send(text.encode())
            except OSError:
                # systemd reloads, or its queue is full: a lost ping is followed by others, and no robot stops for it.
                return
