"""Faults 3 to 10, 12, 13 and 24: the link is cut, slow, lying or gone while a blob comes down."""

import hashlib
import os
import random
import signal
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.clock import MonotonicClock, SteppedClock
from robot.errors import NetworkFailed, NoSpace, UpdateRefused
from robot.updates.disk import RealDisk
from robot.updates.download import Downloader, Patience
from robot.updates.link import FolderLink, HttpLink
from tests.faults.certificates import certificates
from tests.updates.fault_server import FaultServer, serving
from tests.updates.nginx import nginx_over

PATIENT = Patience(first_wait_s=0.0, reserve_bytes=0, reserve_most_bytes=0)
CONTENT = random.Random(3).randbytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server(in_memory: Path) -> Iterator[FaultServer]:
    (in_memory / "www").mkdir()
    (in_memory / "www" / "blob").write_bytes(CONTENT)
    with serving(in_memory / "www") as running:
        yield running


@pytest.fixture
def part(in_memory: Path) -> Path:
    return in_memory / "blob.part"


def downloader(url: str, patience: Patience = PATIENT, disk: RealDisk | None = None) -> Downloader:
    link = HttpLink(url, stall_s=2.0)
    return Downloader(link, disk or RealDisk(), MonotonicClock(), patience, random.Random(0))


def fetch(server: FaultServer, part: Path, patience: Patience = PATIENT, content: bytes = CONTENT) -> list[int]:
    """Fetch the blob; gives what the progress was told."""
    told: list[int] = []
    sha256 = hashlib.sha256(content).hexdigest()
    downloader(server.url, patience).fetch("blob", part, sha256, len(content), lambda done, _: told.append(done))
    return told


def test_a_blob_arrives_and_its_progress_only_grows(server: FaultServer, part: Path):
    told = fetch(server, part)
    assert part.read_bytes() == CONTENT
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)


def test_f04_sixty_megabytes_over_a_link_cut_twice_arrive_in_three_attempts(server: FaultServer, part: Path):
    content = random.Random(60).randbytes(60_000_000)
    (server.folder / "blob").write_bytes(content)
    server.manners.cuts = [25_000_000, 25_000_000]
    fetch(server, part, content=content)
    assert [wanted for _, wanted in server.manners.asked] == ["", "bytes=25000000-", "bytes=50000000-"]
    assert hashlib.sha256(part.read_bytes()).digest() == hashlib.sha256(content).digest()


def test_f04_cuts_that_bring_nothing_new_end_it_and_the_part_stays(server: FaultServer, part: Path):
    server.manners.cuts = [1000] + [0] * 20
    with pytest.raises(NetworkFailed):
        fetch(server, part)
    assert part.read_bytes() == CONTENT[:1000]
    server.manners.cuts = []
    fetch(server, part)
    assert part.read_bytes() == CONTENT


def test_f03_killed_in_the_middle_the_next_run_goes_on_where_it_stopped(server: FaultServer, part: Path):
    server.manners.drip_s, server.manners.drip_bytes = 0.001, 20_000
    child = os.fork()
    if child == 0:
        seen = iter(range(5, -1, -1))

        def die(operation: str, _: Path) -> None:
            if operation == "append" and next(seen) == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            downloader(server.url, disk=RealDisk(die)).fetch("blob", part, SHA256, len(CONTENT))
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    have = part.stat().st_size
    assert 0 < have < len(CONTENT)
    fetch(server, part)
    assert server.manners.asked[-1] == ("/blob", f"bytes={have}-")
    assert part.read_bytes() == CONTENT


def test_f05_one_flipped_bit_is_fetched_once_more(server: FaultServer, part: Path):
    server.manners.wrong_once = [CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])]
    fetch(server, part)
    assert part.read_bytes() == CONTENT


def test_f05_wrong_twice_is_refused_and_nothing_stays_to_be_resumed(server: FaultServer, part: Path):
    (server.folder / "blob").write_bytes(CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))
    with pytest.raises(UpdateRefused, match="not those that were signed") as refused:
        fetch(server, part)
    assert refused.value.exit_code == 22
    assert not part.exists()
    assert len(server.manners.asked) == 2


@pytest.mark.parametrize("length", [1, 100_000, 300_000, 400_000])
def test_f06_a_poisoned_part_is_found_out_and_fetched_from_the_beginning(server: FaultServer, part: Path, length: int):
    part.write_bytes(bytes(length))
    fetch(server, part)
    assert part.read_bytes() == CONTENT


def test_f07_a_server_that_ignores_ranges_costs_a_new_beginning(server: FaultServer, part: Path):
    server.manners.ignore_range = True
    part.write_bytes(CONTENT[:1000])
    fetch(server, part)
    assert part.read_bytes() == CONTENT


def test_f07_a_server_that_sends_another_range_is_asked_again_from_the_beginning(server: FaultServer, part: Path):
    server.manners.wrong_range = True
    part.write_bytes(CONTENT[:1000])
    fetch(server, part)
    assert part.read_bytes() == CONTENT


def test_f08_a_body_without_end_is_dropped_one_chunk_after_its_length(server: FaultServer, part: Path):
    server.manners.extra_bytes = 10_000_000
    with pytest.raises(UpdateRefused, match="longer than the 300000 bytes"):
        fetch(server, part)
    assert not part.exists()


def test_f09_a_slow_drip_is_dropped_and_what_came_is_kept(server: FaultServer, part: Path):
    server.manners.drip_s = 0.02
    slow = replace(PATIENT, window_s=0.2, min_bytes_per_s=50_000)
    with pytest.raises(NetworkFailed, match="too slow"):
        fetch(server, part, slow)
    assert 0 < part.stat().st_size < 50_000
    assert len(server.manners.asked) == 1


def test_f09_a_server_that_says_nothing_at_all_is_dropped(server: FaultServer, part: Path):
    server.manners.drip_s = 3600
    link = HttpLink(server.url, stall_s=0.2)
    impatient = replace(PATIENT, attempts=2)
    with pytest.raises(NetworkFailed, match="too slow"):
        Downloader(link, RealDisk(), MonotonicClock(), impatient, random.Random(0)).fetch(
            "blob", part, SHA256, len(CONTENT)
        )


def test_f10_slow_but_steady_arrives_and_shows_progress(server: FaultServer, part: Path):
    server.manners.drip_s, server.manners.drip_bytes = 0.01, 15_000
    told = fetch(server, part, replace(PATIENT, window_s=0.05, min_bytes_per_s=20_000))
    assert part.read_bytes() == CONTENT
    assert len(told) >= 20


def test_f10_a_bandwidth_limit_is_kept(in_memory: Path, part: Path):
    (in_memory / "blob").write_bytes(CONTENT)
    clock = SteppedClock()
    limited = replace(PATIENT, most_bytes_per_s=20_000)
    Downloader(FolderLink(in_memory), RealDisk(), clock, limited, random.Random(0)).fetch(
        "blob", part, SHA256, len(CONTENT)
    )
    assert clock.now_s() == pytest.approx(len(CONTENT) / 20_000)


def test_f12_each_way_of_having_no_network_has_its_own_words(server: FaultServer, part: Path):
    once = replace(PATIENT, attempts=1)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(NetworkFailed, match="refused or there is no way") as error:
            downloader(refused, once).fetch("blob", part, SHA256, len(CONTENT))
    assert error.value.exit_code == 20
    with pytest.raises(NetworkFailed, match="no such host"):
        downloader("http://nowhere.invalid", once).fetch("blob", part, SHA256, len(CONTENT))
    with pytest.raises(NetworkFailed, match="certificate is not accepted"):
        downloader(server.url.replace("http:", "https:"), once).fetch("blob", part, SHA256, len(CONTENT))
    with pytest.raises(NetworkFailed, match="not an address"):
        HttpLink("ftp://example.org")


def test_f12_an_expired_certificate_is_said_to_have_expired(
    server: FaultServer, part: Path, monkeypatch: pytest.MonkeyPatch
):
    authority, chain = certificates(part.parent, expired=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=True)
    with pytest.raises(NetworkFailed, match=r"certificate has expired.*check the clock"):
        downloader(server.url.replace("http:", "https:"), replace(PATIENT, attempts=1)).fetch(
            "blob", part, SHA256, len(CONTENT)
        )


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_f13_a_server_in_trouble_is_asked_a_few_times_with_growing_waits(server: FaultServer, part: Path, status: int):
    server.manners.status = status
    clock = SteppedClock()
    waiting = replace(PATIENT, first_wait_s=1.0)
    with pytest.raises(NetworkFailed, match=f"answers {status}"):
        Downloader(HttpLink(server.url), RealDisk(), clock, waiting, random.Random(1)).fetch(
            "blob", part, SHA256, len(CONTENT)
        )
    assert len(server.manners.asked) == PATIENT.attempts
    assert 7.5 <= clock.now_s() <= 22.5


@pytest.mark.parametrize("status", [403, 404])
def test_f13_what_is_not_there_is_said_to_be_missing(server: FaultServer, part: Path, status: int):
    server.manners.status = status
    with pytest.raises(NetworkFailed, match="does not have it"):
        fetch(server, part)


def test_f11_a_captive_portal_is_called_one_and_nothing_is_stored(server: FaultServer, part: Path):
    server.manners.html = True
    with pytest.raises(NetworkFailed, match="captive portal"):
        fetch(server, part)
    server.manners.html, server.manners.redirect = False, "http://portal.example/login"
    with pytest.raises(NetworkFailed, match="captive portal"):
        fetch(server, part)
    assert not part.exists()


class NearlyFull(RealDisk):
    def free_bytes(self, folder: Path) -> tuple[int, int]:
        return 40_000_000, 8_000_000_000


def test_f24_a_download_that_would_fill_the_disk_is_not_begun(server: FaultServer, part: Path):
    with pytest.raises(NoSpace, match="make room") as full:
        downloader(server.url, Patience(), NearlyFull()).fetch("blob", part, SHA256, len(CONTENT))
    assert full.value.exit_code == 23
    assert server.manners.asked == []


def test_f31_a_stick_that_leads_elsewhere_is_refused(in_memory: Path):
    stick = in_memory / "stick"
    stick.mkdir()
    (in_memory / "secret").write_bytes(b"secret")
    (stick / "link").symlink_to(in_memory / "secret")
    os.mkfifo(stick / "pipe")
    for path in ("../secret", "link", "%2e%2e/secret", "pipe", "/etc/passwd"):
        with pytest.raises(UpdateRefused, match="security"):
            FolderLink(stick).open(path)
    assert FolderLink(stick).open("absent").status == 404


@pytest.fixture
def nginx(in_memory: Path) -> Iterator[str]:
    (in_memory / "www").mkdir()
    (in_memory / "www" / "blob").write_bytes(CONTENT)
    with nginx_over(in_memory / "www", in_memory) as address:
        yield address


def test_f03_a_part_is_resumed_from_a_real_nginx(nginx: str, part: Path):
    part.write_bytes(CONTENT[:123_456])
    downloader(nginx).fetch("blob", part, SHA256, len(CONTENT))
    assert part.read_bytes() == CONTENT
