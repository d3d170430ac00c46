"""What a person reads when the clock, the disk or the network is wrong: one line each, its own words and exit code."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from robot.cli.main import main
from tests.cli.updating import FACE, Command
from tests.updates.fault_server import serving
from tests.updates.world import DAY_S, World

Y1970_S, Y2030_S = 86_400.0, 1_900_000_000.0


def at(monkeypatch: pytest.MonkeyPatch, now_s: float) -> None:
    monkeypatch.setattr(time, "time", lambda: now_s)


def test_f22_a_clock_that_is_years_ahead_is_asked_about_with_the_servers_time_beside_it(
    rapport: Command, world: World, monkeypatch: pytest.MonkeyPatch
):
    at(monkeypatch, Y2030_S)
    with serving(world.repository) as server:
        code, _, err = rapport("check", repository=server.url)
    assert (code, err.count("\n")) == (21, 1)
    assert "the clock is wrong: it says 2030-" in err
    assert "the server says " in err


def test_f21_a_clock_at_1970_is_said_to_be_wrong_and_signed_time_counts(
    rapport: Command, world: World, monkeypatch: pytest.MonkeyPatch
):
    assert rapport("check")[0] == 10
    at(monkeypatch, Y1970_S)
    code, out, err = rapport("check")
    assert (code, "9.1.0" in out, err.count("\n")) == (10, True, 1)
    assert "the clock says 1970-01-02" in err
    assert "set the clock" in rapport("status")[1]
    world.now_s -= 40 * DAY_S
    world.publisher.refresh()
    code, _, err = rapport("check")
    assert (code, "expired" in err) == (21, True)


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte."""
    folder = tmp_path / "card"
    folder.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    if subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("not tested: mounting a small file system is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


def on(card: Path, world: World, action: str) -> list[str]:
    trust = ["--repository", str(world.repository), "--root", str(world.folder / "root.json")]
    return ["models", action, "--store", str(card / "store"), *trust]


def test_f24_a_disk_that_would_be_full_is_said_to_be_before_anything_is_fetched(
    rapport: Command, world: World, card: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(on(card, world, "update")) == 23
    err = capsys.readouterr().err
    assert ("make room" in err, "are free" in err, err.count("\n")) == (True, True, 1)
    assert not any((card / "store" / "staging").iterdir())


def test_f25_a_read_only_disk_is_said_to_be_and_the_status_still_works(
    rapport: Command, world: World, card: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(on(card, world, "check")) == 10
    if subprocess.run(["mount", "-o", "remount,ro", str(card)], capture_output=True, check=False).returncode:
        pytest.skip("not tested: mounting read-only is not allowed here")
    capsys.readouterr()
    assert main(["models", "pin", FACE, "factory", "--store", str(card / "store")]) == 27
    err = capsys.readouterr().err
    assert ("read-only" in err, "memory card" in err, err.count("\n")) == (True, True, 1)
    assert main(["models", "status", "--store", str(card / "store")]) == 0


def test_f11_f12_a_portal_and_no_network_at_all_have_different_words(rapport: Command, world: World):
    with serving(world.repository) as server:
        server.manners.redirect = "http://login.example/"
        code, _, portal = rapport("check", repository=server.url)
        assert code == 20
    code, _, refused = rapport("check", repository=server.url)
    assert code == 20
    code, _, unknown = rapport("check", repository="https://nowhere.invalid")
    assert code == 20
    assert "captive portal" in portal
    assert "refused" in refused
    assert "no such host" in unknown
