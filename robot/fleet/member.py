"""The robot as a member of a fleet: its messages go out as far as they may, commands with authority come in."""

import secrets
from collections.abc import Callable
from typing import cast

import msgspec

from robot.config import Config
from robot.errors import ConfigError
from robot.fleet.bulletin import Bulletin, Post, hand_off_post
from robot.fleet.commands import SHORTEST_KEY, Authority, Name
from robot.fleet.discovery import discovery, discovery_topic
from robot.fleet.link import Link, read_file
from robot.fleet.topics import ANSWER, SESSION, robot_id, topic
from robot.messages import Message

SESSION_BYTES = 16


class Member:
    """Listens to the robot and to the broker. `ask` is called with each command that is followed, in another thread."""

    def __init__(self, config: Config, version: str, ask: Callable[[Name], None]) -> None:
        """Prepare everything; nothing is sent before `open`.

        Raises:
            ConfigError, EngineMissing: as for `Link`; or commands are to be signed and there is no good key.
        """
        fleet = config.fleet
        self.robot = robot_id(fleet, config.robot)
        self.refused = 0
        self._ask = ask
        self._bulletin = Bulletin(config)
        self._authority: Authority | None = None
        hello: list[tuple[str, bytes]] = []
        if fleet.commands != "off":
            session = secrets.token_hex(SESSION_BYTES)
            self._authority = Authority(self.robot, session, key_of(config) if fleet.commands == "signed" else None)
            hello.append((topic(fleet, self.robot, SESSION), session.encode()))
        if fleet.home_assistant:
            hello.append((discovery_topic(config, self.robot), discovery(config, self.robot, version)))
        self._link = Link(fleet, self.robot, self._hear if self._authority else None, tuple(hello))

    def open(self) -> None:
        """Begin to connect."""
        self._link.open()

    def note(self, message: Message) -> None:
        """Take in a message of the robot; returns at once."""
        for post in self._bulletin.note(message):
            self._link.post(post)

    def publish_hand_off(self, packet: bytes) -> bool:
        """Publish a hand-off's packet; False while the broker is gone (it goes out later)."""
        return self._link.post(hand_off_post(packet))

    @property
    def state(self) -> str:
        """As a part in `robot.messages.Health`."""
        return "ok" if self._link.connected else "lost"

    @property
    def fault(self) -> str:
        """Why the broker is not connected; empty while it is."""
        return self._link.fault

    def close(self) -> None:
        """Say goodbye to the broker."""
        self._link.close()

    def _hear(self, payload: bytes) -> None:
        if self._authority is None:
            return
        answer = self._authority.answer(payload)
        if answer.followed:
            self._ask(cast(Name, answer.name))
        else:
            self.refused += 1
        self._link.post(Post(ANSWER, msgspec.json.encode(answer), retained=False))


def key_of(config: Config) -> bytes:
    """The key that signs commands.

    Raises:
        ConfigError: there is none, or it is too short.
    """
    if not config.fleet.key_file:
        raise ConfigError('fleet.commands = "signed" needs fleet.key_file; make one with: rapport fleet key FILE')
    key = read_file(config.fleet.key_file, "key_file").strip().encode()
    if len(key) < SHORTEST_KEY:
        raise ConfigError(f"fleet.key_file = {config.fleet.key_file!r}: shorter than {SHORTEST_KEY} characters")
    return key
