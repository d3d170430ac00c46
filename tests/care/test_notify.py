import socket

import pytest

from robot.care.notify import ServiceManager


@pytest.fixture(params=["file", "abstract"])
def listener(request, tmp_path):
    """A notify socket as systemd makes it, and the address that it would put into the environment."""
    address = str(tmp_path / "notify") if request.param == "file" else f"@rapport-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        server.settimeout(5.0)
        yield server, address


def told(server):
    return server.recv(4096).decode().split("\n")


def test_before_it_is_ready_nobody_is_set_to_wait_for_its_signs_of_life(listener):
    server, address = listener
    manager = ServiceManager(address)
    manager.ping()
    manager.ready("everything works")
    assert told(server)[0] == "READY=1"


def test_it_says_ready_once_then_status_pings_and_the_end(listener):
    server, address = listener
    manager = ServiceManager.of_environment({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "10000000"}, pid=7)
    manager.ready("everything works")
    manager.ready("again")
    manager.status("everything works")
    manager.status("camera lost")
    manager.ping()
    manager.stopping()
    assert told(server) == ["READY=1", "STATUS=everything works"]
    assert told(server) == ["STATUS=camera lost"]
    assert told(server) == ["WATCHDOG=1"]
    assert told(server) == ["STOPPING=1"]
    assert manager.ping_every_s == 2.5


def test_a_line_break_in_a_status_is_no_second_variable(listener):
    server, address = listener
    ServiceManager(address).give_up("the body hangs\nMAINPID=1")
    assert told(server) == ["STATUS=the body hangs MAINPID=1", "WATCHDOG=trigger"]


@pytest.mark.parametrize(
    ("environment", "ping_every_s"),
    [
        ({}, 0.0),
        ({"WATCHDOG_USEC": "8000000"}, 2.0),
        ({"WATCHDOG_USEC": "8000000", "WATCHDOG_PID": "7"}, 2.0),
        ({"WATCHDOG_USEC": "8000000", "WATCHDOG_PID": "8"}, 0.0),
        ({"WATCHDOG_USEC": "soon"}, 0.0),
        ({"WATCHDOG_USEC": "-1"}, 0.0),
    ],
)
def test_pings_are_due_only_where_this_process_is_waited_for(environment, ping_every_s):
    assert ServiceManager.of_environment(environment, pid=7).ping_every_s == ping_every_s


def test_outside_systemd_and_with_a_dead_socket_nothing_happens(tmp_path):
    for manager in (ServiceManager(), ServiceManager(str(tmp_path / "nobody"))):
        manager.ready("lives")
        manager.ping()
        manager.stopping()
    assert not ServiceManager().present
