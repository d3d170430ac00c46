"""The running robot as other programs on this machine reach it: a socket that takes requests and says what came of it.

A Unix socket beside the trace, in memory, that only its owner can open: no port, no network. One line of JSON goes in
(`{"what": "consent", "value": "presence"}`), one comes back: a `Standing`. Whoever may open it sits at the robot's
machine, so a request counts as an act of a person (`command`).
"""

import contextlib
import os
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from robot.errors import ConfigError
from robot.messages import Consent, Health, Message, What
from robot.requests import Requests

ANSWER_S = 2.0
"""How long the robot gets to take a request up: some ticks."""

LONGEST_LINE = 4096


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a program asks. Without `what` it only wants to know how things stand."""

    what: What | None = None
    value: str = ""


class Standing(msgspec.Struct, frozen=True):
    """How things stand after it: the rung, the highest that this place allows, and whether the robot is muted.

    `refused` is as in `robot.messages.Consent`; `error` says why the order was not understood.
    """

    rung: str = ""
    ceiling: str = ""
    muted: bool = False
    refused: str = ""
    error: str = ""


def control_path() -> Path:
    """Where the socket lies: `rapport/control` under $XDG_RUNTIME_DIR, else in a folder in /dev/shm."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime) / "rapport" if runtime else Path(f"/dev/shm/rapport-{os.getuid()}")
    return folder / "control"


class Control:
    """Listens while the robot runs, as a context. `note` is a listener for the robot's messages."""

    def __init__(self, path: Path, requests: Requests) -> None:
        self._path = path
        self._requests = requests
        self._news = threading.Condition()
        self._standing = Standing()
        self._count = 0
        self._socket: socket.socket | None = None
        self.fault = ""
        """Why nobody can reach the robot this way; empty when somebody can."""

    def note(self, message: Message) -> None:
        """Take in one message of the robot."""
        with self._news:
            if isinstance(message, Consent):
                self._standing = msgspec.structs.replace(
                    self._standing, rung=message.rung, ceiling=message.ceiling, refused=message.refused
                )
                self._count += 1
            elif isinstance(message, Health):
                muted = "muted" in message.parts.values()
                self._standing = msgspec.structs.replace(self._standing, muted=muted)
            else:
                return
            self._news.notify_all()

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind(str(self._path))
            self._path.chmod(0o600)
            listener.listen(4)
        except OSError as error:
            self.fault = f"{self._path}: {error.strerror}"
            return self
        self._socket = listener
        threading.Thread(target=self._serve, args=(listener,), name="control", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            # Wakes the thread that waits in accept.
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._path.unlink(missing_ok=True)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with caller, contextlib.suppress(OSError):
                caller.settimeout(ANSWER_S)
                caller.sendall(msgspec.json.encode(self._answer(_line_of(caller))) + b"\n")

    def _answer(self, line: bytes) -> Standing:
        try:
            order = msgspec.json.decode(line, type=Order)
        except msgspec.MsgspecError as error:
            return Standing(error=str(error))
        with self._news:
            before = self._count
            if order.what is not None:
                self._requests.ask(order.what, order.value, by="command")
            if order.what == "consent":
                self._news.wait_for(lambda: self._count != before, ANSWER_S)
            elif order.what == "mute":
                self._news.wait_for(lambda: self._standing.muted == (order.value == "on"), ANSWER_S)
            refused = self._standing.refused if self._count != before else ""
            return msgspec.structs.replace(self._standing, refused=refused)


def order(path: Path, what: What | None = None, value: str = "") -> Standing:
    """Ask the robot that runs on this computer, and wait for what came of it.

    Raises:
        ConfigError: no robot runs here, or it does not answer.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.settimeout(2 * ANSWER_S)
            caller.connect(str(path))
            caller.sendall(msgspec.json.encode(Order(what, value)) + b"\n")
            standing = msgspec.json.decode(_line_of(caller), type=Standing)
    except (FileNotFoundError, ConnectionRefusedError):
        raise ConfigError("no robot runs on this computer now; start one with `rapport run` or `simulate`") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigError(f"{path}: the robot does not answer ({error}); see whether it still runs") from None
    if standing.error:
        raise ConfigError(f"the robot does not understand this ({standing.error}); is it of another version?")
    return standing


def _line_of(caller: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n") and len(line) <= LONGEST_LINE:
        part = caller.recv(1024)
        if not part:
            break
        line += part
    return line
