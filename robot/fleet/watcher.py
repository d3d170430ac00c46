"""A person's side of the fleet: sees every robot on the broker, and sends one of them a command."""

import threading
from collections.abc import Callable
from typing import Any

import msgspec

from robot.config import FleetSettings
from robot.errors import NetworkFailed
from robot.fleet.commands import Name, sign
from robot.fleet.link import KEEPALIVE_S, check, new_client
from robot.fleet.topics import COMMAND, SESSION, topic

CONNECT_S = 5.0


class Watcher:
    """A connection that reads every robot's topics. `note` gets topic and payload, in paho's thread."""

    def __init__(self, settings: FleetSettings, name: str, note: Callable[[str, bytes], None]) -> None:
        """Connect.

        Raises:
            NetworkFailed: no broker answers, or it refuses.
            ConfigError, EngineMissing: as for `robot.fleet.link.Link`.
        """
        check(settings)
        self._settings = settings
        self._answered = threading.Event()
        self._refused = ""
        self._note = note
        self._client = new_client(settings, name)
        self._client.on_connect = self._on_connect
        self._client.on_message = lambda _client, _data, message: self._note(message.topic, bytes(message.payload))
        where = f"{settings.host}:{settings.port}"
        try:
            self._client.connect(settings.host, settings.port, KEEPALIVE_S)
        except OSError as error:
            raise NetworkFailed(f"no broker at {where} ({error}); start one, or set [fleet] host and port") from None
        self._client.loop_start()
        if not self._answered.wait(CONNECT_S) or self._refused:
            self.close()
            raise NetworkFailed(f"the broker at {where} {self._refused or 'does not answer'}; see [fleet]")

    def send(self, robot: str, payload: bytes) -> None:
        """Publish a command and wait until the broker has it."""
        sent = self._client.publish(topic(self._settings, robot, COMMAND), payload, qos=1)
        sent.wait_for_publish(CONNECT_S)

    def close(self) -> None:
        """Let the connection go."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._refused = f"refuses: {reason}"
        else:
            client.subscribe(f"{self._settings.prefix}/+/+", qos=1)
        self._answered.set()


def send_command(settings: FleetSettings, robot: str, name: Name, key: bytes | None, count: int) -> None:
    """Send one command, signed for the robot's present session where there is a `key`.

    `count` must be higher than that of every command sent in this session: seconds since 1970 will do.

    Raises:
        NetworkFailed: no broker, or the robot has no session there: it is not known, or takes no commands.
    """
    sessions: dict[str, str] = {}
    known = threading.Event()
    wanted = topic(settings, robot, SESSION)

    def note(topic_name: str, payload: bytes) -> None:
        if topic_name == wanted:
            sessions[robot] = payload.decode("ascii", "replace")
            known.set()

    watcher = Watcher(settings, f"rapport-send-{robot}", note)
    try:
        if not known.wait(CONNECT_S):
            raise NetworkFailed(f"{robot}: no such robot on the broker, or it takes no commands (fleet.commands)")
        if key is None:
            watcher.send(robot, name.encode())
        else:
            watcher.send(robot, msgspec.json.encode(sign(key, robot, sessions[robot], count, name)))
    finally:
        watcher.close()
