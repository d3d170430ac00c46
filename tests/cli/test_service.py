"""The robot as systemd runs it, against a real notify socket: the process, its words to systemd, its settings."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest

from hardware.clock import SteppedClock
from hardware.ports import JointAngles
from hardware.virtual.body import VirtualLights, VirtualServos
from robot.cli import screen
from robot.cli.safe_face import REST_S, TO_NEUTRAL_S, rest
from robot.cli.service import NOT_INSTALLED
from robot.errors import ConfigError, EngineMissing, RapportError
from robot.last_good import NAME, keep_as_good, load_or_last_good
from robot.simulator.sample_scene import SAMPLE_FOLDER

LONG_S = 100.0
SETTINGS = f'[sources]\ncamera = "file:{SAMPLE_FOLDER / "portrait.jpg"}"\n[voice]\nengine = "silent"\n'


class Service:
    """`rapport service ACTION` with a notify socket, a state and a runtime folder as systemd would give it."""

    def __init__(self, tmp_path, action, settings, watchdog_s=4.0):
        self.runtime, self.state = tmp_path / "runtime", tmp_path / "state"
        for folder in (self.runtime, self.state):
            folder.mkdir(exist_ok=True)
        (tmp_path / "rapport.toml").write_text(settings, encoding="utf-8")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(tmp_path / f"notify-{action}"))
        self.socket.settimeout(LONG_S)
        self.environment = os.environ | {
            "NOTIFY_SOCKET": str(tmp_path / f"notify-{action}"),
            "WATCHDOG_USEC": str(int(watchdog_s * 1e6)),
            "RUNTIME_DIRECTORY": str(self.runtime),
            "STATE_DIRECTORY": str(self.state),
        }
        command = [sys.executable, "-m", "robot", "service", action, "--config", str(tmp_path / "rapport.toml")]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def hear(self, word):
        """Wait until the service tells systemd something that begins with `word`."""
        while True:
            lines = self.socket.recv(4096).decode().splitlines()
            if any(line.startswith(word) for line in lines):
                return lines

    def end(self):
        """Ask it to stop; returns its exit code and what it wrote to its log."""
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=LONG_S)
        self.socket.close()
        return self.process.returncode, log


def test_it_is_ready_once_its_face_lives_then_shows_progress_and_says_that_it_stops(tmp_path):
    service = Service(tmp_path, "run", SETTINGS)
    assert service.hear("READY=1")[0] == "READY=1"
    service.hear("WATCHDOG=1")
    status = subprocess.run(
        [sys.executable, "-m", "robot", "status"], env=service.environment, capture_output=True, text=True, check=False
    )
    assert status.returncode == 0, status.stdout
    assert "camera           ok" in status.stdout
    assert (service.state / NAME).read_text(encoding="utf-8") == SETTINGS
    code, log = service.end()
    assert code == 0
    assert [line[:3] for line in log.splitlines()] == ["<6>", "<6>"], (
        "a quiet robot says that it lives, and that it ends"
    )
    assert not list(service.runtime.iterdir())


def test_f53_a_frozen_process_sends_no_sign_of_life(tmp_path):
    service = Service(tmp_path, "run", SETTINGS, watchdog_s=1.0)
    service.hear("WATCHDOG=1")
    service.process.send_signal(signal.SIGSTOP)
    service.socket.settimeout(3.0)
    with pytest.raises(TimeoutError):
        for _ in range(10):
            service.socket.recv(4096)
    service.process.send_signal(signal.SIGCONT)
    service.socket.settimeout(LONG_S)
    service.hear("WATCHDOG=1")
    assert service.end()[0] == 0


def test_the_safe_face_says_that_it_rests_and_ends_well(tmp_path):
    service = Service(tmp_path, "safe-face", "not = toml =")
    assert service.hear("READY=1")[1] == "STATUS=the safe face: the robot failed too often and rests"
    status = subprocess.run(
        [sys.executable, "-m", "robot", "status"], env=service.environment, capture_output=True, text=True, check=False
    )
    assert status.returncode == 1
    assert "the robot failed too often" in status.stdout
    assert "not TOML" in status.stdout
    assert service.end()[0] == 0


class Body(VirtualServos):
    def __init__(self):
        super().__init__()
        self.moved, self.released = [], 0

    def move(self, t_s, angles):
        self.moved.append((t_s, angles))
        return super().move(t_s, angles)

    def release(self):
        self.released += 1


def test_the_safe_face_goes_to_neutral_lets_go_and_ends_after_ten_minutes():
    clock, servos, lights = SteppedClock(), Body(), VirtualLights(5)
    rest(servos, lights, clock, lambda wait_s: clock.wait_s(wait_s) or False)
    assert clock.now_s() == pytest.approx(REST_S, abs=0.1)
    assert {angles for _, angles in servos.moved} == {JointAngles()}
    assert servos.moved[-1][0] < TO_NEUTRAL_S
    assert servos.released == 1
    assert any(any(colour) for colour in lights.pixels.colours)


def test_f54_settings_that_somebody_broke_are_replaced_by_those_that_last_worked(tmp_path):
    path, state = tmp_path / "rapport.toml", tmp_path / "state"
    state.mkdir()
    path.write_text('[robot]\nplace = "school"\n', encoding="utf-8")
    config, warnings = load_or_last_good(path, state)
    assert (config.robot.place, warnings) == ("school", ())
    assert keep_as_good(path, state) == ""
    for broken in (b"", b"\xff\xfe\x00", b"place = ", b"[robot]\nplace = 3", b"[robots]\n", b"x = 1\n" * 100_000):
        path.write_bytes(broken)
        config, warnings = load_or_last_good(path, state)
        assert config.robot.place in {"school", "home"}
        assert (config.robot.place == "school") == bool(warnings), broken[:20]
    path.unlink()
    config, [warning] = load_or_last_good(path, state)
    assert config.robot.place == "school"
    assert "no such file" in warning


def test_f54_without_earlier_settings_broken_ones_are_an_error_and_never_the_defaults(tmp_path):
    path = tmp_path / "rapport.toml"
    path.write_text("place =", encoding="utf-8")
    for state in (None, tmp_path):
        with pytest.raises(ConfigError, match="not TOML"):
            load_or_last_good(path, state)


def test_a_disk_that_takes_no_copy_costs_the_copy_only(tmp_path):
    assert "cannot be kept" in keep_as_good(tmp_path / "absent.toml", tmp_path)


def test_the_screen_takes_the_address_that_the_robot_laid_down_and_becomes_the_browser(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    monkeypatch.setattr(screen.shutil, "which", lambda name: f"/usr/bin/{name}")
    became = []
    monkeypatch.setattr(screen.os, "execv", lambda path, words: became.append((path, words)))
    threading.Timer(0.2, screen.offer_address, (tmp_path, "http://127.0.0.1:8765/?token=x")).start()
    screen.show_on_screen(argparse.Namespace())
    [(path, words)] = became
    assert path == "/usr/bin/chromium"
    assert words[-1] == "http://127.0.0.1:8765/?token=x#face"
    assert {"--kiosk", "--incognito"} <= set(words)


def test_a_screen_without_browser_names_the_package(monkeypatch):
    monkeypatch.setattr(screen.shutil, "which", lambda name: None)
    with pytest.raises(EngineMissing, match="apt-get install chromium"):
        screen.show_on_screen(argparse.Namespace())


def test_a_service_that_is_not_installed_names_the_installer(monkeypatch):
    from robot.cli import service  # noqa: PLC0415  its module is the thing that is changed

    done = subprocess.CompletedProcess(
        [], 5, "", "Failed to stop rapport-safe.service: Unit rapport-safe.service not loaded."
    )
    monkeypatch.setattr(service.subprocess, "run", lambda *_args, **_kwargs: done)
    monkeypatch.setattr(service.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(RapportError, match=NOT_INSTALLED.partition(":")[0]):
        service._systemctl("stop", "rapport-safe.service")
