"""A real server on a free port, and a person's browser as far as HTTP and WebSocket go."""

import http.client
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import ClientConnection, connect

from robot.config import ServerSettings
from robot.simulator.hub import Hub
from robot.simulator.server import SimulatorServer


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Page:
    """One open page, as far as its WebSocket goes."""

    wire: ClientConnection

    def send(self, frame: str | bytes) -> None:
        self.wire.send(frame)

    def choose(self, source: str) -> None:
        self.send(json.dumps({"type": "Choose", "source": source}))

    def receive(self) -> str | bytes:
        return self.wire.recv(timeout=20)

    def until(self, kind: str, **fields: object) -> dict:
        """The first object of this kind with these fields; fails if it does not come within 20 s."""
        while True:
            frame = self.receive()
            for message in json.loads(frame) if isinstance(frame, str) else []:
                if message["type"] == kind and fields.items() <= message.items():
                    return message

    def close(self) -> None:
        self.wire.close()


@dataclass
class Visitor:
    """Asks as a browser would, with the cookies it was given and the headers it is told to send."""

    origin: str
    cookie: str = ""
    opened: ExitStack = field(default_factory=ExitStack)

    @property
    def host(self) -> str:
        return urlsplit(self.origin).netloc

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        sent = {"Cookie": self.cookie} if self.cookie else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in sent)
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return answer

    def enter(self, address: str) -> Answer:
        """Open the printed address and keep the cookie."""
        answer = self.get(address.removeprefix(self.origin))
        self.cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        return answer

    def connect(self, **options: object) -> Page:
        given = {
            "origin": self.origin,
            "additional_headers": {"Cookie": self.cookie},
            "open_timeout": 20,
            "close_timeout": 1,
        }
        opening = connect(f"ws://{self.host}/wire", max_size=None, **{**given, **options})
        return Page(self.opened.enter_context(opening))


@pytest.fixture(autouse=True)
def no_error_inside(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a page does, the server itself must not trip."""
    yield
    trips = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert trips == []


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def server(hub: Hub) -> Iterator[SimulatorServer]:
    server = SimulatorServer(ServerSettings(port=0), hub)
    yield server
    server.stop()


@pytest.fixture
def address(server: SimulatorServer) -> str:
    return server.start()


@pytest.fixture
def stranger(address: str) -> Iterator[Visitor]:
    """Someone without the session."""
    visitor = Visitor(address.partition("/?")[0])
    with visitor.opened:
        yield visitor


@pytest.fixture
def visitor(stranger: Visitor, address: str) -> Visitor:
    """The person who opened the printed address first."""
    assert stranger.enter(address).status == 200
    return stranger
