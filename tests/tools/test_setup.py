"""Setting up: complete, repeatable, offline from the second time on, and whole again after whatever interrupted it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(900)  # a real environment is made several times; a busy small computer takes its time

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def fake_python(path: Path, body: str) -> str:
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_a_fresh_folder_gets_everything_and_later_runs_touch_nothing_and_need_nothing(house, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    first = house.run("setup", PIP_TARGET=str(outside), PIP_USER="1", PYTHONPATH=str(outside), HOME=str(outside))
    assert first.returncode == 0, first.stdout + first.stderr
    assert f"making .venv with Python {HERE}" in first.stdout
    assert house.whole()
    assert list(outside.iterdir()) == [], "settings of the person led pip out of the environment"

    before = house.files()
    shutil.rmtree(house.wheels)
    second = house.run("setup")
    assert (second.returncode, second.stdout) == (0, "rapport: .venv is up to date\n")
    started = subprocess.run(
        ["bash", str(house.root / "tools" / "simulate"), "--port", "8800", "--persona", "two words"],
        cwd=outside,
        env=house.environment(CDPATH=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.stdout.splitlines()[-1] == "started with ['simulate', '--port', '8800', '--persona', 'two words']"
    assert house.files() == before
    assert list(outside.iterdir()) == []


def test_an_interrupted_set_up_is_started_over_by_the_next_run(house, tmp_path):
    meeting = tmp_path / "meeting"
    os.mkfifo(meeting)
    os.mkfifo(f"{meeting}.never")
    setting_up = subprocess.Popen(
        ["bash", "tools/setup"],
        cwd=house.root,
        env=house.environment(MEETING=str(meeting)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert meeting.read_text() == "building"
    os.killpg(setting_up.pid, signal.SIGKILL)
    setting_up.wait()
    assert not (house.venv / "stamp").exists()
    again = house.run("setup")
    assert again.returncode == 0, again.stderr
    assert "an earlier set-up was interrupted: making anew .venv" in again.stdout
    assert house.whole()


def test_what_pip_cannot_get_is_shown_with_what_to_do_and_goes_on_later(house):
    carrier = next(house.wheels.glob("tiny_carrier*"))
    bytes_of_carrier = carrier.read_bytes()
    carrier.unlink()
    failed = house.run("setup")
    assert failed.returncode == 1
    assert "No matching distribution found for tiny-carrier" in failed.stderr
    assert failed.stderr.splitlines()[-1].startswith("rapport: pip could not install (above: the last lines of .venv/")

    carrier.write_bytes(bytes_of_carrier + b"altered")
    altered = house.run("setup")
    assert altered.returncode == 1
    assert "DO NOT MATCH THE HASHES" in altered.stderr

    carrier.write_bytes(bytes_of_carrier)
    later = house.run("setup")
    assert later.returncode == 0, later.stderr
    assert "making" not in later.stdout, "what was there already had to be made again"
    assert house.whole()


def test_changed_pins_are_installed_and_a_broken_or_moved_environment_is_made_anew(house):
    # The first Python on the path is a shim that does not run, so another one has to be found.
    (house.path / f"python{HERE}").symlink_to(sys.executable)
    for other in {"python3", "python3.11", "python3.12", "python3.13"} - {f"python{HERE}"}:
        fake_python(house.path / other, "echo 'shim: command not found' >&2; exit 127")
    house.venv.mkdir()
    first = house.run("setup")
    assert "the environment is broken: making anew" in first.stdout
    assert f"Python {HERE} ({house.path}/python{HERE})" in first.stdout, first.stderr

    (house.root / "constraints.txt").write_text("setuptools==999.1\n# a change\n")
    changed = house.run("setup")
    assert "installing" in changed.stdout
    assert "making" not in changed.stdout

    house.root = house.root.rename(house.root.with_name("moved"))
    assert "the folder was moved: making anew" in house.run("setup").stdout
    assert house.whole()


@pytest.mark.parametrize("script", ["setup", "simulate", "test"])
@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_a_wrong_python_gets_one_line_that_names_the_right_ones(house, script, version):
    python = fake_python(house.path / "python3", f"echo {version}")
    done = house.run(script, PYTHON=python)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"rapport: PYTHON={python} is Python {version}, and Rapport needs Python 3.11, 3.12 or 3.13; "
        "name another, or leave PYTHON out\n"
    )
    assert not house.venv.exists()


def test_without_any_python_that_fits_one_line_says_what_was_found_and_what_to_install(house):
    fake_python(house.path / "python3", "echo 3.10")
    for version in ("3.11", "3.12", "3.13"):
        fake_python(house.path / f"python{version}", "exit 127")
    done = house.run("setup")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("rapport: found Python 3.10 (python3), and Rapport needs Python 3.11, 3.12 or 3.13")
    assert "apt-get install python3.12 python3.12-venv" in done.stderr


@pytest.mark.parametrize("arguments", [("--for", "nothing"), ("--for",), ("--nonsense",)])
def test_a_wrong_option_is_one_line(house, arguments):
    done = house.run("setup", *arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not house.venv.exists()


@pytest.mark.parametrize("script", ["setup", "simulate", "test"])
def test_help_explains_and_does_nothing(house, script):
    done = house.run(script, "--help", PYTHON="/nonexistent")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: bash tools/{script}")
    assert not house.venv.exists()


class TestDebianPackages:
    """Only as root, and never a reason to stop."""

    def ask(self, house, path, *packages):
        script = 'say() { echo "rapport: $1"; }; python=/bin/false; . tools/debian.sh; debian_packages "$@"'
        return subprocess.run(
            ["/bin/bash", "-c", script, "bash", *packages],
            cwd=house.root,
            env=house.environment(PATH=str(path)),
            capture_output=True,
            text=True,
            check=False,
        )

    def test_what_is_there_is_not_asked_for(self, house, tmp_path):
        fake_python(tmp_path / "bin" / "espeak-ng", "exit 0")
        fake_python(tmp_path / "bin" / "apt-get", "echo called")
        done = self.ask(house, tmp_path / "bin", "espeak-ng")
        assert (done.returncode, done.stdout) == (0, "")

    def test_someone_else_than_root_is_told_the_command(self, house, tmp_path):
        fake_python(tmp_path / "bin" / "id", "echo 1000")
        fake_python(tmp_path / "bin" / "apt-get", "echo called")
        done = self.ask(house, tmp_path / "bin", "espeak-ng", "pulseaudio")
        assert done.returncode == 0
        assert done.stdout == (
            "rapport: skipped, not root: espeak-ng pulseaudio; tests that need them are skipped too. "
            "To have them: sudo apt-get install espeak-ng pulseaudio\n"
        )

    def test_another_system_goes_on_without(self, house, tmp_path):
        (tmp_path / "bin").mkdir()
        done = self.ask(house, tmp_path / "bin", "espeak-ng")
        assert done.returncode == 0
        assert "skipped, not a Debian system: espeak-ng" in done.stdout
