"""Commands from the fleet, and whether they have the authority. Pure.

`signed` commands carry an HMAC over robot, session, count and name. The robot makes up a session at each start and
publishes it; within it counts only go up. So a command that was overheard is worth nothing a second time, to another
robot, or after a restart, and no clock has to be right.
"""

import hashlib
import hmac
import re
from typing import Literal

import msgspec

from robot.errors import RapportError

Name = Literal["person", "coming", "handed_over"]
NAMES: tuple[Name, ...] = ("person", "coming", "handed_over")
"""What the fleet may ask of a robot (`robot.messages.Request`). Consent is not among it: only people there give it."""

LONGEST_COMMAND = 1024
SHORTEST_KEY = 16


class CommandRefused(RapportError):
    """A command came that has no authority, or is none. It is counted, not followed."""


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signed command as it travels. `count` goes up within a session; `tag` is 64 hexadecimal digits."""

    name: Name
    session: str
    count: int
    tag: str


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the robot says to a command: whether it follows it, and why not. `count` is a signed command's."""

    followed: bool
    name: str = ""
    count: int | None = None
    why: str = ""


def sign(key: bytes, robot: str, session: str, count: int, name: Name) -> Command:
    """A command that `Authority` with the same key lets through."""
    return Command(name, session, count, _tag(key, robot, session, count, name))


class Authority:
    """Decides which commands are followed. `key` None lets through whatever the broker does: its rules decide."""

    def __init__(self, robot: str, session: str, key: bytes | None) -> None:
        self.session = session
        self._robot = robot
        self._key = key
        self._count = 0

    def answer(self, payload: bytes) -> Answer:
        """Whether the command in `payload` is followed."""
        try:
            return Answer(True, self.check(payload), _count_of(payload))
        except CommandRefused as refusal:
            return Answer(False, "", _count_of(payload), str(refusal))

    def check(self, payload: bytes) -> Name:
        """The name of the command in `payload`.

        Raises:
            CommandRefused: it is no command, not signed by the key, of another session, or old.
        """
        if len(payload) > LONGEST_COMMAND:
            raise CommandRefused("a command that is too long")
        if self._key is None:
            return _plain(payload)
        try:
            command = msgspec.json.decode(payload, type=Command)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise CommandRefused("not a signed command") from None
        tag = _tag(self._key, self._robot, command.session, command.count, command.name)
        if not hmac.compare_digest(tag, command.tag) or not hmac.compare_digest(command.session, self.session):
            raise CommandRefused("a command with a wrong signature")
        if command.count <= self._count:
            raise CommandRefused("a command that has been here before")
        self._count = command.count
        return command.name


class _Counted(msgspec.Struct, frozen=True):
    count: int


def _count_of(payload: bytes) -> int | None:
    """The count of a command that has one, whatever else is wrong with it."""
    if len(payload) > LONGEST_COMMAND:
        return None
    try:
        return msgspec.json.decode(payload, type=_Counted).count
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _plain(payload: bytes) -> Name:
    text = payload.decode("ascii", "replace").strip()
    for name in NAMES:
        if text == name or re.fullmatch(rf'\{{\s*"name"\s*:\s*"{name}"\s*\}}', text):
            return name
    raise CommandRefused("not a command that is known")


def _tag(key: bytes, robot: str, session: str, count: int, name: str) -> str:
    return hmac.new(key, f"{robot}\n{session}\n{count}\n{name}".encode(), hashlib.sha256).hexdigest()
