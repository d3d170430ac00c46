"""The robot opens no socket but its own loopback server: asked of the kernel, not of the code."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

LOOPBACK = {"127.0.0.1", "::1"}


def sockets_of(pid):
    """(local address, port, remote address, state) of every TCP or UDP socket that a process holds, from /proc."""
    links = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(link.readlink()))
        except FileNotFoundError:
            continue  # closed while we looked
    inodes = {match[1] for link in links if (match := re.fullmatch(r"socket:\[(\d+)\]", link))}
    found = []
    for table, family in (
        ("tcp", socket.AF_INET),
        ("udp", socket.AF_INET),
        ("tcp6", socket.AF_INET6),
        ("udp6", socket.AF_INET6),
    ):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[9] in inodes:
                found.append((address(columns[1], family), address(columns[2], family)))
    return found


def address(text, family):
    """An address of /proc/net: hexadecimal, each 32-bit word in the machine's byte order."""
    host, port = text.split(":")
    raw = b"".join(bytes.fromhex(host[i : i + 8])[::-1] for i in range(0, len(host), 8))
    return socket.inet_ntop(family, raw), int(port, 16)


@pytest.fixture
def start():
    if not Path("/proc/self/net/tcp").exists():
        pytest.skip("no /proc/net here: the sockets of a process cannot be listed")
    running = []

    def run(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "robot", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.wait()


def wait_for(process, words):
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"it ended without saying {words!r}")


def test_the_simulator_listens_on_loopback_and_nothing_else(start):
    process = start("simulate", "--port", "0")
    wait_for(process, "http://127.0.0.1")
    wait_for(process, "faces")
    found = sockets_of(process.pid)
    assert found, "it serves its page"
    assert {local[0] for local, _ in found} <= LOOPBACK
    assert {remote[0] for _, remote in found} <= LOOPBACK | {"0.0.0.0", "::"}


def test_a_run_without_a_page_opens_no_socket_at_all(start, tmp_path):
    process = start("run", "--camera", "file:robot/simulator/sample/portrait.jpg", "--duration", "60")
    wait_for(process, "faces")
    assert sockets_of(process.pid) == []
