import secrets
import socket

import pytest
from websockets.exceptions import InvalidStatus

from robot.config import ServerSettings
from robot.errors import ServerError
from robot.simulator.access import Access, is_loopback, is_own_host, is_own_origin
from robot.simulator.hub import Hub
from robot.simulator.server import SimulatorServer


def test_f59_the_token_works_once():
    access = Access(1)
    token = access.token
    session = access.exchange(token)
    assert session
    assert access.exchange(token) is None
    assert access.token is None


def test_f59_no_number_of_guesses_admits_anybody_or_uses_up_the_token():
    access = Access(1)
    assert not any(access.exchange(secrets.token_urlsafe(32)) for _ in range(20_000))
    assert access.exchange(access.token)


def test_f59_a_wrong_token_neither_admits_nor_uses_up_the_right_one():
    access = Access(1)
    assert access.exchange("") is None
    assert access.exchange("ünicode") is None
    assert access.exchange(access.token)


def test_only_the_session_admits():
    access = Access(7)
    session = access.exchange(access.token)
    assert access.admits({"rapport_7": session})
    assert not access.admits({"rapport_7": session + "x"})
    assert not access.admits({"rapport_8": session})
    assert not access.admits({})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_loopback_names(host: str):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "192.168.0.4", "localhost.evil.example", "127.0.0.1.nip.io", "::"])
def test_other_names_are_not_loopback(host: str):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("header", "own"),
    [
        ("127.0.0.1:8765", True),
        ("localhost:9000", True),
        ("localhost", True),
        ("[::1]:8765", True),
        ("[::1]", True),
        ("evil.example:8765", False),
        ("localhost:8765@evil.example", False),
        ("127.0.0.1:80:80", False),
        ("127.0.0.1:", False),
        ("", False),
    ],
)
def test_f58_only_this_computers_own_name_is_answered(header: str, own: bool):
    assert is_own_host(header) is own


def test_f58_an_origin_must_be_there_and_the_same():
    assert is_own_origin("http://127.0.0.1:1", "127.0.0.1:1")
    for origin in (None, "null", "http://127.0.0.1:2", "https://127.0.0.1:1", "http://evil.example"):
        assert not is_own_origin(origin, "127.0.0.1:1")


def test_the_printed_address_opens_the_page_and_gives_a_strict_cookie(stranger, address):
    answer = stranger.enter(address)
    assert answer.status == 200
    assert b"<html" in answer.body
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert stranger.get("/").status == 200


def test_f59_a_second_use_of_the_address_is_refused_elsewhere_but_not_in_the_same_browser(visitor, address):
    path = address.removeprefix(visitor.origin)
    assert visitor.get(path).status == 200
    visitor.cookie = ""
    answer = visitor.get(path)
    assert answer.status == 403
    assert b"address that the robot printed" in answer.body


@pytest.mark.parametrize("path", ["/", "/?token=wrong", "/index.html", "/style.css", "/main.js", "/session"])
def test_f58_nothing_is_served_without_the_session(stranger, path: str):
    answer = stranger.get(path)
    assert answer.status == 403
    assert b"<html" not in answer.body


def test_a_prefetch_or_head_does_not_use_up_the_token(stranger, address):
    path = address.removeprefix(stranger.origin)
    assert stranger.get(path, Sec_Purpose="prefetch;prerender").status == 403
    assert stranger.get(path, method="HEAD").status == 403
    assert stranger.enter(address).status == 200


def test_a_fresh_address_lets_a_second_browser_in(visitor, server):
    fresh = server.fresh_address()
    visitor.cookie = ""
    assert visitor.enter(fresh).status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "192.168.1.2:8765"])
def test_f58_a_foreign_host_is_refused_even_with_the_session(visitor, host: str):
    assert visitor.get("/", Host=host).status == 421
    assert visitor.get("/session", Host=host).status == 421


@pytest.mark.parametrize(
    "path", ["/../server.py", "/%2e%2e/server.py", "/..%2fserver.py", "/__init__.py", "/page/x", "//"]
)
def test_only_the_pages_own_files_can_be_asked_for(visitor, path: str):
    answer = visitor.get(path)
    assert answer.status in (403, 404)
    assert b"import" not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_f58_nothing_can_be_changed_over_http(visitor, method: str):
    assert visitor.get("/", method=method).status == 405


def test_every_answer_forbids_foreign_content_sniffing_and_storing(visitor):
    for path in ("/", "/style.css", "/nowhere", "/session"):
        headers = visitor.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


def test_f58_the_wire_wants_the_session(stranger):
    with pytest.raises(InvalidStatus) as refused:
        stranger.connect()
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_f58_the_wire_wants_our_own_origin(visitor, origin):
    with pytest.raises(InvalidStatus) as refused:
        visitor.connect(origin=origin)
    assert refused.value.response.status_code == 403


def test_f58_the_wire_refuses_a_foreign_host(visitor):
    with socket.create_connection(visitor.host.split(":"), timeout=20) as raw:
        raw.sendall(
            f"GET /wire HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nCookie: {visitor.cookie}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert b" 403 " in raw.recv(4096).split(b"\r\n")[0]


def test_a_port_in_use_is_one_clear_line(address):
    port = int(address.split(":")[2].split("/")[0])
    with pytest.raises(ServerError, match=rf"^port {port} on 127.0.0.1 is in use; --port 0 picks a free one$"):
        SimulatorServer(ServerSettings(port=port), Hub()).start()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com"])
def test_a_host_that_others_could_reach_is_refused(host: str):
    with pytest.raises(ServerError, match="not on this computer"):
        SimulatorServer(ServerSettings(host=host, port=0), Hub()).start()


def test_the_server_listens_on_loopback_only(address):
    assert address.startswith("http://127.0.0.1:")


def test_stopping_gives_the_port_back_and_may_happen_twice():
    server = SimulatorServer(ServerSettings(port=0), Hub())
    address = server.start()
    server.stop()
    server.stop()
    port = int(address.split(":")[2].split("/")[0])
    again = SimulatorServer(ServerSettings(port=port), Hub())
    again.start()
    again.stop()


def test_a_server_never_started_can_be_stopped_but_has_no_address():
    server = SimulatorServer(ServerSettings(port=0), Hub())
    server.stop()
    with pytest.raises(ServerError, match="start it first"):
        server.fresh_address()
