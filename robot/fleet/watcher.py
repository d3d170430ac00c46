"""A person's side of the fleet: sees every robot on the broker, and sends one of them a command."""

import threading
from collections.abc import Callable
from typing import Any

import msgspec

from robot.config import FleetSettings
from robot.errors import NetworkFailed
from robot.fleet.commands import Answer, Name, sign
from robot.fleet.link import KEEPALIVE_S, check, new_client
from robot.fleet.topics import ANSWER, COMMAND, OFFLINE, SESSION, STATUS, topic

CONNECT_S = 5.0
ANSWER_S = 5.0
SETTLE_S = 0.3
"""What the broker kept is here within this time after the first of it."""


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


class _Desk:
    """Reads what one robot publishes that concerns a command to it."""

    def __init__(self, settings: FleetSettings, robot: str, count: int) -> None:
        self._session, self._status, self._answer = (topic(settings, robot, name) for name in (SESSION, STATUS, ANSWER))
        self._count = count
        self._news = threading.Condition()
        self.session: str | None = None
        self.offline = False
        self.answer: Answer | None = None

    def note(self, topic_name: str, payload: bytes) -> None:
        """Take in a message; in paho's thread."""
        with self._news:
            if topic_name == self._session:
                self.session = payload.decode("ascii", "replace")
            elif topic_name == self._status:
                self.offline = payload == OFFLINE
            elif topic_name == self._answer:
                self._hear(payload)
            self._news.notify_all()

    def wait_for(self, found: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until something is there."""
        with self._news:
            return self._news.wait_for(found, timeout_s)

    def _hear(self, payload: bytes) -> None:
        """An answer to this command, or to one that has no count. What is none, is somebody else's."""
        try:
            answer = msgspec.json.decode(payload, type=Answer)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return
        if answer.count in (self._count, None):
            self.answer = answer


def send_command(settings: FleetSettings, robot: str, name: Name, key: bytes | None, count: int) -> Answer:
    """Send one command, signed for the robot's present session where there is a `key`; what the robot answers.

    `count` must be higher than that of every command sent in this session: seconds since 1970 will do.

    Raises:
        NetworkFailed: no broker; or the robot has no session there (it is not known, or takes no commands), is offline,
            or does not answer.
    """
    desk = _Desk(settings, robot, count)
    watcher = Watcher(settings, f"rapport-send-{robot}", desk.note)
    try:
        desk.wait_for(lambda: desk.session is not None, CONNECT_S)
        if desk.session is None:
            raise NetworkFailed(f"{robot}: no such robot on the broker, or it takes no commands (fleet.commands)")
        # What the broker keeps comes in no order; a robot that is offline said so before, or its last will did.
        if desk.wait_for(lambda: desk.offline, SETTLE_S):
            raise NetworkFailed(f"{robot}: it is offline, and nothing was sent; try again when it is back")
        if key is None:
            watcher.send(robot, name.encode())
        else:
            watcher.send(robot, msgspec.json.encode(sign(key, robot, desk.session, count, name)))
        desk.wait_for(lambda: desk.answer is not None, ANSWER_S)
        if desk.answer is None:
            raise NetworkFailed(f"{robot}: sent {name}, but it did not answer in {ANSWER_S:g} s; see whether it is on")
        return desk.answer
    finally:
        watcher.close()
