"""`rapport update-service`: one look, or one after the other, in peace, with a clean end; real processes throughout."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from robot.care.in_company import InCompany
from robot.cli import update_service
from robot.cli.main import main
from robot.messages import Intent
from robot.updates.company import Company
from tests.cli.updating import FACE, Command, store_of
from tests.updates.fault_server import serving
from tests.updates.world import World


@pytest.fixture
def config(world: World) -> Path:
    """A robot's configuration file, as the service is given it."""
    (world.folder / "root.json").write_bytes(world.root)
    path = world.folder / "config.toml"
    path.write_text(
        f'[updates]\nrepository = "{world.repository}"\nroot = "{world.folder / "root.json"}"\n'
        f'store = "{world.folder / "robot"}"\n'
    )
    return path


def service(config: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "robot", "update-service", "--config", str(config), *arguments]


def intent(state: str) -> Intent:
    return Intent("i1", 0.0, state, 0.0, 0.0, 0.0, 0.0, "idle", 0.5, ())


def test_one_look_takes_what_there_is_and_leaves_it_to_the_robot_to_try(config: Path, world: World):
    done = subprocess.run(service(config, "--once", "--json"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    assert json.loads(done.stdout)["taken"][0]["version"] == "9.1.0"
    assert store_of(world).state.slots(FACE).trial.startswith("9.1.0")
    again = subprocess.run(service(config, "--once"), capture_output=True, text=True, check=False)
    assert (again.returncode, "is on trial" in again.stdout) == (0, True)


def test_without_a_repository_there_is_nothing_to_do_and_no_unit_fails(tmp_path: Path, capsys: pytest.CaptureFixture):
    assert main(["update-service", "--once", "--store", str(tmp_path)]) == 0
    assert "no repository is configured" in capsys.readouterr().out


def test_while_somebody_is_there_nothing_is_asked_and_patience_ends(config: Path, world: World):
    (world.folder / "robot").mkdir()
    robot = InCompany(Company(world.folder / "robot"))
    robot.note(intent("comforting"))
    done = subprocess.run(service(config, "--once", "--patience", "0.01"), capture_output=True, text=True, check=False)
    assert (done.returncode, "somebody is with the robot" in done.stdout) == (0, True)
    assert store_of(world).state.models == {}
    robot.note(intent("alone"))
    done = subprocess.run(service(config, "--once"), capture_output=True, text=True, check=False)
    assert "on trial" in done.stdout


def test_somebody_who_comes_in_the_middle_of_a_download_stops_it_and_it_goes_on_where_it_was(
    config: Path, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    robot = InCompany(Company(world.folder / "robot"))
    refused: list[int] = []
    look = update_service._refuse_in

    def somebody_comes(company: Company) -> None:
        parts = list((world.folder / "robot" / "staging").glob("*.part"))
        if not refused and any(part.stat().st_size > 100_000 for part in parts):
            robot.note(intent("noticing"))
            refused.append(max(part.stat().st_size for part in parts))
        look(company)

    def goes_away(_clock: object, _duration_s: float) -> None:
        robot.note(intent("asleep"))

    monkeypatch.setattr(update_service, "_refuse_in", somebody_comes)
    monkeypatch.setattr("hardware.clock.MonotonicClock.wait_s", goes_away)
    monkeypatch.setattr("os.nice", lambda _: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with serving(world.repository) as server:
        given = ["update-service", "--once", "--config", str(config), "--repository", server.url]
        assert main(given) == 0
        ranges = [wanted for path, wanted in server.manners.asked if "blobs" in path and wanted]
    assert refused
    assert ranges == [f"bytes={refused[0]}-"]
    assert "passed its self-test and is on trial" in capsys.readouterr().out


def test_a_service_that_is_told_to_stop_ends_at_once_and_in_good_order(config: Path):
    running = subprocess.Popen(service(config), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _until_it_waits(running)
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (0, "", "")


def test_a_look_that_is_told_to_stop_in_a_download_keeps_what_came(config: Path, world: World):
    with serving(world.repository) as server:
        server.manners.drip_s, server.manners.drip_bytes = 0.05, 4096
        command = service(config, "--once", "--repository", server.url)
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started = threading.Event()
        threading.Thread(target=_watch, args=(world, running, started), daemon=True).start()
        assert started.wait(60)
        running.terminate()
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (0, "", "")
    assert store_of(world).history_fault() == ""
    assert any((world.folder / "robot" / "staging").iterdir())
    done = subprocess.run(service(config, "--once"), capture_output=True, text=True, check=False)
    assert "on trial" in done.stdout


def _watch(world: World, running: "subprocess.Popen[str]", started: threading.Event) -> None:
    """Say when a part of a download lies on the disk."""
    staging = world.folder / "robot" / "staging"
    while running.poll() is None and not started.wait(0.02):
        if staging.is_dir() and any(part.stat().st_size > 0 for part in staging.glob("*.part")):
            started.set()


def _until_it_waits(running: "subprocess.Popen[str]") -> None:
    """Until the service has set its signals and waits for its first look: its process sleeps in a timed wait."""
    handled = 1 << (signal.SIGTERM - 1)
    while running.poll() is None:
        status = Path(f"/proc/{running.pid}/status").read_text()
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) & handled:
            return
        os.sched_yield()


def test_a_failed_look_is_kept_from_people_for_a_day_and_then_shown_in_the_status(
    config: Path, world: World, rapport: Command, monkeypatch: pytest.MonkeyPatch
):
    command = service(config, "--once", "--repository", "http://127.0.0.1:9")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (20, 1)
    assert "fails" not in rapport("status")[1]
    path = world.folder / "robot" / "last_look.json"
    noted = json.loads(path.read_text())
    path.write_text(json.dumps({**noted, "failing_since_s": noted["failing_since_s"] - 90_000}))
    assert "looking for new versions fails: 127.0.0.1:9" in rapport("status")[1]


def test_the_loop_starts_each_look_apart_and_waits_longer_after_one_that_failed(
    config: Path, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    waits: list[float] = []
    codes = iter([0, 20, 20])

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            return len(waits) > 3

    def look(arguments: list[str], stop: threading.Event) -> int:
        assert f"--config={config}" in arguments
        return next(codes)

    monkeypatch.setattr("threading.Event", Stop)
    monkeypatch.setattr(update_service, "_look_apart", look)
    assert main(["update-service", "--config", str(config)]) == 0
    assert waits[0] <= 600
    assert waits[1] >= 4.8 * 3600
    assert 3600 <= waits[2] <= 5400
    assert 7200 <= waits[3] <= 10_800
