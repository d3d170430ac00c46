"""What the installer says and refuses before it changes anything. What it does: test_real_systemd.py and pi_check."""

import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
SCRIPTS = [TOOLS / "install_kiosk", *sorted((TOOLS / "kiosk").glob("*.sh"))]

debian = pytest.mark.skipif(
    not shutil.which("apt-get") or not shutil.which("systemctl"), reason="no Debian with systemd here"
)


def install(*options):
    return subprocess.run(
        ["bash", str(TOOLS / "install_kiosk"), *options],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_sound_bash(script):
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_help_names_every_option():
    said = install("--help")
    assert said.returncode == 0
    for option in ("--dry-run", "--yes", "--screen", "--board", "--uninstall", "--purge", "--no-start", "--without"):
        assert option in said.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--polish"], "unknown option --polish"),
        (["--board"], "--board needs a value"),
        (["--purge"], "--purge goes with --uninstall"),
        (["--dry-run", "--place", "the moon"], "home, public, workplace or school"),
        (["--dry-run", "--board", "steam_engine"], "neither a file nor one of"),
        (["--dry-run", "--without", "legs"], "--without takes words, memory or fleet"),
        (["--dry-run", "--camera", 'x"\nhost = "0.0.0.0'], "no setting may"),
    ],
)
@debian
def test_a_wrong_option_is_one_clear_line_and_exit_code_2(options, says):
    said = install(*options)
    assert said.returncode == 2
    [line] = said.stderr.splitlines()
    assert says in line


@debian
def test_a_dry_run_says_everything_and_changes_nothing():
    if Path("/opt/rapport").exists():
        pytest.skip("Rapport is installed on this computer")
    said = install("--dry-run", "--screen")
    assert said.returncode == 0, said.stderr
    for change in (
        "add the system user rapport",
        "/opt/rapport/releases/",
        "with words memory fleet of the extras",
        "write the settings /etc/rapport/rapport.toml",
        "/etc/udev/rules.d/70-rapport.rules",
        "write the unit /etc/systemd/system/rapport.service",
        "write the unit /etc/systemd/system/rapport-screen.service",
        "start rapport.service whenever the computer starts",
    ):
        assert change in said.stdout
    assert said.stdout.rstrip().endswith("a dry run: nothing was changed")
    assert not Path("/opt/rapport").exists()
    assert not Path("/etc/rapport").exists()


def bash(script):
    """Run lines of bash beside the installer's own, in the repository; gives what they print."""
    sourced = "".join(f". tools/{name}.sh; " for name in ("debian", "kiosk/computer", "kiosk/release", "kiosk/steps"))
    before = f"cd {TOOLS.parent}; python=/usr/bin/python3 without= screen=; {sourced}"
    done = subprocess.run(["bash", "-c", before + script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("memory_mb", "without", "wanted"),
    [
        (3800, "", ["words", "memory", "fleet"]),
        (3800, "words fleet", ["memory"]),
        (416, "", ["memory", "fleet"]),
    ],
    ids=["a Pi 4", "left out", "a Zero 2 W has no memory for words"],
)
def test_what_a_computer_can_take_is_installed_unless_it_is_left_out(memory_mb, without, wanted):
    said = bash(f"memory_mb() {{ echo {memory_mb}; }}; without='{without}'; wanted_extras; echo --; write_settings")
    extras, _, settings = said.partition("--\n")
    assert extras.split() == wanted
    assert ('words = "off"' in settings) == ("words" not in wanted)


def test_another_choice_of_extras_is_another_release():
    keys = bash("memory_mb() { echo 3800; }; release_key; release_key; without=words; release_key").split()
    assert keys[0] == keys[1] != keys[2]


def fake_pip(folder, says):
    """A folder of a release whose Python says `says` and fails when words are to be installed."""
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\ncase \"$*\" in *words*) echo '{says}'; exit 1 ;; esac\n")
    python.chmod(0o755)
    (folder / "setup.log").touch()
    return f'say() {{ echo "$1"; }}; memory_mb() {{ echo 3800; }}; folder={folder}; '


def test_an_extra_without_wheels_is_left_out_and_said(tmp_path):
    said = bash(fake_pip(tmp_path, "ERROR: No matching distribution found for ctranslate2") + "install_extras")
    assert "no wheels for this computer: words is left out" in said
    assert (tmp_path / "extras").read_text().split() == ["memory", "fleet"]


def test_an_extra_that_the_network_withheld_ends_the_installation(tmp_path):
    said = bash(
        fake_pip(tmp_path, "ERROR: Could not connect")
        + 'fail() { echo "failed: $1"; exit 0; }; install_extras; echo went on'
    )
    assert "failed: pip could not install" in said
    assert "went on" not in said


@debian
def test_settings_that_it_writes_are_settings_that_the_robot_takes(tmp_path):
    from robot.config import load_config  # noqa: PLC0415  only this test reads settings

    script = (
        f"cd {TOOLS.parent}; without=; . tools/kiosk/computer.sh; . tools/kiosk/release.sh; . tools/kiosk/steps.sh; "
        "board=eight_joint_face camera=picamera2 microphone=pyaudio:USB place=workplace screen=yes; write_settings"
    )
    path = tmp_path / "rapport.toml"
    path.write_text(subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout)
    config = load_config(path)
    assert (config.body.kind, config.body.board) == ("pi", "eight_joint_face")
    assert (config.sources.camera, config.sources.microphone) == ("picamera2", "pyaudio:USB")
    assert config.robot.place == "workplace"
    assert config.server.show
    assert config.updates.store == "/var/lib/rapport/models"
